// The card: at once, without a network, correctable, and never forgotten.
import { expect, test } from './patient.ts';

test('the card shows while the network is cut, and is known to the server when it is back', async ({ patient, page }) => {
  await patient.begin();
  await patient.gateIsHere();
  await patient.offline();
  await patient.composer.fill(patient.says('emergency'));
  await patient.composer.press('Enter');
  await expect(patient.card).toBeVisible();
  await expect(page.getByRole('link', { name: patient.word('emergency.call', { number: '120' }) })).toHaveAttribute('href', 'tel:120');
  await expect(patient.card).toContainText(patient.says('emergency'));
  await expect(patient.card).toContainText(patient.word('alert.where'));
  const sent = page.waitForResponse((response) => response.url().endsWith('/turns') && response.ok());
  await patient.online();
  await (await sent).finished();
  await page.reload();
  await expect(patient.card).toBeVisible();
});

test('words that no rule knows but that sound like an emergency show the card without a network, with the words', async ({ patient, page }) => {
  await patient.begin();
  await patient.gateIsHere();
  await patient.offline();
  const said = patient.says('alarming');
  await patient.composer.fill(said);
  await patient.composer.press('Enter');
  await expect(patient.card).toBeVisible();
  const reasons = await patient.card.getByRole('listitem').allTextContents();
  expect(reasons.some((reason) => said.includes(reason.trim()))).toBe(true);
  await patient.online();
});

test('what is not right can be corrected, and the banner stays', async ({ patient, page }) => {
  await patient.begin();
  await patient.say(patient.says('emergency'));
  await expect(patient.card).toBeVisible();
  await page.getByText(patient.word('alert.not_right'), { exact: true }).click();
  await patient.button('alert.not_right_send').click();
  await expect(page.getByText(patient.word('alert.not_right_needs'))).toBeVisible();
  const correction = patient.language === 'zh' ? '写错了,那是去年的事,现在没有了' : 'That was last year, I have none of it now';
  await page.getByRole('textbox', { name: patient.word('alert.not_right_label') }).fill(correction);
  await patient.turn(() => patient.button('alert.not_right_send').click());
  await expect(patient.card).toBeHidden();
  const banner = page.getByText(patient.word('talk.banner'));
  await expect(banner).toBeVisible();
  await page.reload();
  await expect(banner).toBeVisible();
});

test('an ordinary sentence shows no card', async ({ patient }) => {
  await patient.begin();
  await patient.say(patient.says('ordinary'));
  await expect(patient.question).toBeVisible();
  await expect(patient.card).toBeHidden();
});

test('the number to call is on every screen', async ({ patient, page }) => {
  const number = page.getByRole('banner').getByRole('link', { name: '120' });
  await patient.open();
  await expect(number).toHaveAttribute('href', 'tel:120');
  await patient.agree();
  await expect(number).toBeVisible();
  await patient.skipAgeAndSex();
  await expect(number).toBeVisible();
});
