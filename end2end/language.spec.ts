// The language changes at any time, without the network.
import { expect, test } from './patient.ts';
import { word, type Language } from './words.ts';

test('the whole talk changes its language with the line cut', async ({ patient, page }) => {
  const other: Language = patient.language === 'zh' ? 'en' : 'zh';
  await patient.begin();
  await patient.say(patient.says('knee'));
  const before = await patient.question.innerText();
  await patient.offline();
  await page.getByRole('button', { name: word(other, 'language.name'), exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', other === 'zh' ? /^zh/ : /^en/);
  await expect(patient.question).not.toHaveText(before);
  await expect(page.getByRole('button', { name: word(other, 'talk.unknown'), exact: true })).toBeVisible();
  // What the patient said stays as it was said.
  await expect(page.getByRole('list', { name: word(other, 'talk.so_far') })).toContainText(patient.says('knee'));
  await page.getByRole('button', { name: word(patient.language, 'language.name'), exact: true }).click();
  await expect(patient.question).toHaveText(before);
  await patient.online();
});

test('the page opens in the language of the browser', async ({ patient, page }) => {
  await patient.open();
  await expect(page.locator('html')).toHaveAttribute('lang', patient.language === 'zh' ? /^zh/ : /^en/);
  await expect(patient.heading).toHaveText(patient.word('arrival.title'));
});

test('nothing is cut off or scrolls sideways', async ({ patient, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await patient.begin();
  await patient.say(patient.says('knee'));
  await patient.toGuidance(async () => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});
