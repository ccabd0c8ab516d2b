// The main job: from a complaint to departments and doctors.
import { expect, test } from './patient.ts';

test('a complaint in own words leads to departments, doctors and the four parts of advice', async ({ patient }) => {
  await patient.begin();
  await patient.say(patient.says('knee'));
  await patient.toGuidance();
  for (const part of ['guidance.by_when', 'guidance.until_then', 'guidance.come_back', 'guidance.departments']) {
    await expect(patient.main.getByText(patient.word(part), { exact: true }).first()).toBeVisible();
  }
  // The reasons are the patient's own words.
  await expect(patient.main).toContainText(patient.language === 'zh' ? '膝盖疼' : 'knee');
  await expect(patient.main.getByText(patient.word('guidance.desk'))).toBeVisible();
  await expect(patient.main.getByText(patient.word('guidance.software'))).toBeVisible();
});

test('a complaint picked from the list leads to guidance too', async ({ patient, page }) => {
  await patient.begin();
  await patient.turn(() => page.getByRole('region').filter({ has: patient.question }).locator('.choices').first().getByRole('button').first().click());
  await patient.toGuidance();
});

test('a body part leads to its complaints', async ({ patient, page }) => {
  await patient.begin();
  await page.getByText(patient.word('talk.by_body'), { exact: true }).click();
  await page.getByRole('button', { name: patient.word('body.chest'), exact: true }).click();
  await expect(page.getByText(patient.word('talk.complaints_of', { part: patient.word('body.chest') }))).toBeVisible();
});

test('back takes the last answer back', async ({ patient, page }) => {
  await patient.begin();
  await patient.say(patient.says('knee'));
  await expect(patient.question).toBeVisible();
  // Two screens of signs ask in the same words: the signs tell them apart.
  const asked = page.getByRole('region').filter({ has: patient.question });
  const first = await asked.innerText();
  await patient.answer();
  await expect.poll(() => asked.innerText()).not.toBe(first);
  await patient.turn(() => patient.button('talk.back').click());
  await expect.poll(() => asked.innerText()).toBe(first);
});

test('why a question is asked is one tap away', async ({ patient, page }) => {
  await patient.begin();
  await patient.say(patient.says('knee'));
  const why = page.getByText(patient.word('talk.why'), { exact: true });
  await why.click();
  await expect(page.locator('details.why p')).toBeVisible();
  await expect(page.locator('details.why p')).not.toBeEmpty();
});

test('a parent agrees as guardian and is asked about the child', async ({ patient }) => {
  await patient.open();
  await patient.agree('child');
  await expect(patient.heading).toHaveText(patient.word('who.title_other'));
  await patient.skipAgeAndSex();
  await expect(patient.composer).toBeVisible();
});

test('nothing is agreed by the page itself', async ({ patient, page }) => {
  await patient.open();
  await patient.link('arrival.start').click();
  for (const tick of await page.getByRole('checkbox').all()) await expect(tick).not.toBeChecked();
  for (const radio of await page.getByRole('radio').all()) await expect(radio).not.toBeChecked();
  await patient.button('consent.agree').click();
  await expect(page.getByText(patient.word('consent.choose_whom'))).toBeVisible();
});
