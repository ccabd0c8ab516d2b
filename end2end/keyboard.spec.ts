// Keyboard only: no pointer from the arrival to the guidance.
import type { Locator } from '@playwright/test';
import { expect, test, type Patient } from './patient.ts';

/** More stops than any screen has. */
const STOPS_AT_MOST = 120;

test('a whole guidance with nothing but the keyboard', async ({ patient, page }) => {
  await patient.open();
  await press(patient, patient.link('arrival.start'), 'Enter');
  await expect(patient.heading).toHaveText(patient.word('consent.title'));
  await press(patient, page.getByRole('radio', { name: patient.word('consent.me'), exact: true }), 'Space');
  await press(patient, patient.button('consent.agree'), 'Enter');
  await expect(patient.button('who.skip')).toBeVisible();
  await patient.turn(() => press(patient, patient.button('who.skip'), 'Enter'));
  await reach(patient, patient.composer);
  await page.keyboard.insertText(patient.says('knee'));
  await patient.turn(() => page.keyboard.press('Enter'));
  for (let asked = 0; asked < 20; asked += 1) {
    await expect(patient.question.or(patient.guidance)).toBeVisible();
    if (await patient.guidance.isVisible()) break;
    const unknown = patient.button('talk.unknown');
    await patient.turn(() => press(patient, unknown, 'Enter'));
  }
  await expect(patient.guidance).toBeVisible();
});

test('the first stop leads past the head of the page', async ({ patient, page }) => {
  await patient.open();
  await page.keyboard.press('Tab');
  await expect(patient.link('page.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(patient.main).toBeFocused();
});

test('the menu opens, closes with Escape and leads on', async ({ patient, page }) => {
  await patient.open();
  const menu = page.getByRole('button', { name: patient.word('page.menu'), exact: true });
  await press(patient, menu, 'Enter');
  await expect(menu).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Escape');
  await expect(menu).toHaveAttribute('aria-expanded', 'false');
});

test('Enter sends, Shift and Enter begins a new line, an input method is left alone', async ({ patient, page }) => {
  await patient.begin();
  await patient.composer.focus();
  await page.keyboard.insertText(patient.says('knee'));
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.insertText('…');
  await expect(patient.composer).toHaveValue(`${patient.says('knee')}\n…`);
  // What an input method sends when Enter picks a candidate.
  await patient.composer.evaluate((composer) => composer.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })));
  await expect(patient.composer).toHaveValue(`${patient.says('knee')}\n…`);
});

async function press(patient: Patient, target: Locator, key: string): Promise<void> {
  await reach(patient, target);
  await patient.page.keyboard.press(key);
}

/** Goes on with Tab until it is there. */
async function reach(patient: Patient, target: Locator): Promise<void> {
  const wanted = await target.elementHandle();
  for (let stop = 0; stop < STOPS_AT_MOST; stop += 1) {
    if (await patient.page.evaluate((element) => document.activeElement === element, wanted)) return;
    await patient.page.keyboard.press('Tab');
  }
  throw new Error('the keyboard does not get there');
}
