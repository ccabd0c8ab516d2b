// The history for the doctor: asked after guidance, checked line by line, set right, sent once, shown at the desk.
import { expect, Patient, test } from './patient.ts';

const MEDICINE = { zh: '每天早上一片小白药', en: 'one small white tablet every morning' };
const OTHER = { zh: '昨天起不吃了', en: 'none since yesterday' };

async function toReport(patient: Patient): Promise<void> {
  await patient.begin();
  await patient.say(patient.says('knee'));
  await patient.toGuidance();
  const asked = await patient.takeHistory(MEDICINE[patient.language]);
  expect(asked).toBeGreaterThan(5);
  expect(asked).toBeLessThanOrEqual(15);
}

test('a history is taken, checked, set right, sent, and shown at the desk', async ({ patient, page }) => {
  test.slow();
  await toReport(patient);
  await expect(page.locator('.report__chief')).toContainText(patient.language === 'zh' ? '膝痛' : 'Knee pain');
  const line = (text: string) => page.getByRole('listitem').filter({ hasText: text });
  const medicine = line(MEDICINE[patient.language]);
  await expect(medicine).toBeVisible();
  await patient.keepsTheRules();
  await page.emulateMedia({ colorScheme: 'dark' });
  await patient.keepsTheRules();
  await page.emulateMedia({ colorScheme: 'light' });

  // Struck out, and put back.
  await patient.turn(() => medicine.getByRole('button', { name: patient.word('check.strike') }).click());
  await expect(medicine.locator('.report__text')).toHaveCSS('text-decoration-line', 'line-through');
  await patient.turn(() => medicine.getByRole('button', { name: patient.word('check.put_back') }).click());
  await expect(medicine.getByRole('button', { name: patient.word('check.strike') })).toBeVisible();

  // Changed: the question comes again, and the answer leads back here.
  await patient.turn(() => medicine.getByRole('button', { name: patient.word('check.change') }).click());
  await expect(patient.question).toBeVisible();
  await patient.say(OTHER[patient.language]);
  await expect(patient.heading).toHaveText(patient.word('check.title'));
  await expect(line(OTHER[patient.language])).toBeVisible();

  await patient.button('check.send').click();
  await expect(patient.heading).toHaveText(patient.word('check.sent'));
  await expect(page.locator('.receipt-code')).toHaveText(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
  await expect(page.getByRole('img', { name: patient.word('check.qr') })).toBeVisible();
  await patient.keepsTheRules();

  // To take away.
  for (const [key, name] of [['check.pdf', 'report.pdf'], ['check.save', 'report.json'], ['check.fhir', 'report.fhir.json']] as const) {
    const [download] = await Promise.all([page.waitForEvent('download'), patient.button(key).click()]);
    expect(download.suggestedFilename()).toBe(name);
  }

  // It is still there after the page was opened again, and a correction is a new version.
  const code = await page.locator('.receipt-code').innerText();
  await page.reload();
  await expect(page.locator('.receipt-code')).toHaveText(code);
  await patient.button('check.correct').click();
  await patient.turn(() => patient.button('check.add').click());
  await patient.say(MEDICINE[patient.language]);
  await expect(page.getByRole('heading', { name: patient.word('check.differences') })).toBeVisible();
  await patient.button('check.send_again').click();
  await expect(page.locator('.receipt-code')).not.toHaveText(code);
});

test('at 320 pixels, with the line cut: nothing is sent, nothing is lost', async ({ patient, page }) => {
  test.slow();
  await toReport(patient);
  await page.setViewportSize({ width: 320, height: 640 });
  await patient.keepsTheRules();
  await patient.offline();
  await patient.button('check.send').click();
  await expect(page.getByText(patient.word('check.offline'))).toBeVisible();
  await patient.online();
  await patient.button('check.send').click();
  await expect(patient.heading).toHaveText(patient.word('check.sent'));
});

test('an interview left in the middle goes on on another device', async ({ patient, page, browser }, { project }) => {
  test.slow();
  await patient.begin();
  await patient.say(patient.says('knee'));
  await patient.toGuidance();
  await patient.turn(() => patient.button('report.begin').click());
  const question = await patient.question.innerText();
  await page.goto('/a/demo#/device');
  await patient.button('device.show').click();
  await expect(page.locator('.receipt-code')).toHaveText(/^[2-9A-Z]{5}-[2-9A-Z]{5}$/);
  await patient.keepsTheRules();
  const code = await page.locator('.receipt-code').innerText();

  const context = await browser.newContext({ ...project.use, baseURL: new URL(page.url()).origin });
  const second = new Patient(await context.newPage(), patient.language);
  await second.open();
  await second.link('device.have').click();
  const field = second.page.getByRole('textbox', { name: patient.word('device.code'), exact: true });
  await field.fill('AAAAA-AAAAA');
  await field.press('Enter');
  await expect(second.page.getByText(patient.word('device.unknown'))).toBeVisible();
  await second.keepsTheRules();
  await field.fill(code.toLowerCase());
  await field.press('Enter');
  await expect(second.question).toHaveText(question);
  await second.answer();
  await expect(second.question).not.toHaveText(question);
  expect(second.mistakes).toEqual([]);
  await context.close();
});
