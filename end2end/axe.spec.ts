// No screen breaks a rule of WCAG 2.2 AA that a machine can see, in light and in dark.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Patient } from './patient.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('from arrival to guidance', async ({ patient, page }) => {
      await patient.open();
      await check(patient, 'arrival');
      await patient.link('arrival.start').click();
      await expect(patient.heading).toHaveText(patient.word('consent.title'));
      await check(patient, 'consent');
      await page.goto('/a/demo');
      await patient.agree();
      await check(patient, 'who');
      await patient.skipAgeAndSex();
      await page.getByText(patient.word('talk.by_body'), { exact: true }).click();
      await page.getByText(patient.word('talk.all_list'), { exact: true }).click();
      await check(patient, 'complaint');
      await patient.say(patient.says('knee'));
      let screens = 0;
      await patient.toGuidance(async () => {
        screens += 1;
        await check(patient, `question ${screens}`);
      });
      await check(patient, 'guidance');
    });

    test('the emergency card', async ({ patient, page }) => {
      await patient.begin();
      await patient.say(patient.says('emergency'));
      await expect(patient.card).toBeVisible();
      await page.getByText(patient.word('alert.not_right'), { exact: true }).click();
      await check(patient, 'emergency');
    });

    test('directory, hospital, department', async ({ patient, page }) => {
      await page.goto('/a/demo/directory');
      await expect(patient.heading).toHaveText(patient.word('directory.title'));
      await expect(page.locator('a[href*="/departments/"]').first()).toBeVisible();
      await check(patient, 'directory');
      await page.locator('a[href*="/departments/"]').first().click();
      await expect(patient.heading).not.toHaveText(patient.word('directory.title'));
      await check(patient, 'department');
      await page.goto('/a/demo/directory');
      await page.locator('a[href*="/hospitals/"]').first().click();
      await expect(patient.heading).not.toHaveText(patient.word('directory.title'));
      await check(patient, 'hospital');
    });

    test('my data', async ({ patient }) => {
      await patient.begin();
      await patient.openMenu('menu.data');
      await expect(patient.heading).toHaveText(patient.word('data.title'));
      await check(patient, 'my data');
      await patient.button('data.delete').first().click();
      await check(patient, 'delete');
    });
  });
}

test('the card on the staff address says what it is', async ({ page }) => {
  await page.goto('/staff');
  const result = await new AxeBuilder({ page }).withTags(RULES).analyze();
  expect(result.violations.map(told)).toEqual([]);
});

async function check(patient: Patient, screen: string): Promise<void> {
  const result = await new AxeBuilder({ page: patient.page }).withTags(RULES).analyze();
  expect(result.violations.map(told), screen).toEqual([]);
}

function told(violation: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }): string {
  const places = violation.nodes.slice(0, 4).map((node) => `${node.target.join(' ')}: ${node.failureSummary ?? ''}`);
  return `${violation.id}: ${violation.help}\n  ${places.join('\n  ')}`;
}
