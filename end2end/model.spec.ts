// A language model beside the engine: asked for, kind, and never in the way. And questions about the hospital.
import { expect, test } from './patient.ts';

const asked = { zh: '停车场在哪里?', en: 'Where can I park my car?' };
const kind = { zh: '谢谢您告诉我这些情况', en: 'Thank you for telling me about this.' };

test.describe('with a model', () => {
  test.use({ baseURL: async ({}, use) => use(process.env.ANTEROOM_MODEL_URL) });

  test('agreed to, it says the reviewed sentence more kindly, and the question stays in its own words', async ({ patient, page }) => {
    await patient.open();
    await patient.link('arrival.start').click();
    const consent = page.getByRole('checkbox', { name: /Friendly/ });
    await expect(consent).not.toBeChecked();
    await page.locator('label').filter({ has: consent }).click();
    await expect(consent).toBeChecked();
    await page.getByRole('radio', { name: patient.word('consent.me'), exact: true }).check({ force: true });
    await patient.button('consent.agree').click();
    await patient.tellAgeAndSex('38', 'male');
    await patient.say(patient.says('knee'));
    await expect(patient.record).toContainText(kind[patient.language]);
    await expect(patient.question).toBeVisible();
    await patient.toGuidance();
    // What tells how urgent it is and where to go is in reviewed words only.
    await expect(patient.main.getByText(patient.word('guidance.software'))).toBeVisible();
  });

  test('not agreed to, everything works in the reviewed words', async ({ patient }) => {
    await patient.begin();
    await patient.say(patient.says('knee'));
    await expect(patient.question).toBeVisible();
    await expect(patient.record).not.toContainText(kind[patient.language]);
  });

  test('an emergency is shown at once all the same', async ({ patient }) => {
    await patient.begin();
    await patient.gateIsHere();
    await patient.composer.fill(patient.says('emergency'));
    await patient.composer.press('Enter');
    await expect(patient.card).toBeVisible();
  });
});

test('a question about the hospital is answered with its source, and the interview goes on', async ({ patient, page }) => {
  await patient.begin();
  await patient.say(patient.says('knee'));
  const region = page.getByRole('region').filter({ has: patient.question });
  const before = await region.innerText();
  await patient.say(asked[patient.language]);
  await expect(patient.record).toContainText(patient.language === 'zh' ? '停车' : 'car park');
  await expect(patient.record).toContainText(patient.word('talk.sources'));
  await expect.poll(() => region.innerText()).toBe(before);
  // The answer is what is looked at; the question stands below it.
  await expect(page.locator('#answered')).toBeInViewport();
  await patient.toGuidance();
});

test('a question nothing answers says so and names the desk', async ({ patient }) => {
  await patient.begin();
  await patient.say(patient.language === 'zh' ? '医院招聘护士吗?在哪里报名?' : 'Is there a cash machine in the hospital?');
  await expect(patient.record).toContainText(patient.language === 'zh' ? '分诊台' : 'triage desk');
});
