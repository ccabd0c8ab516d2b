// My data: what is kept, withdraw, delete, receipt.
import { expect, test } from './patient.ts';

test('a visit is deleted, and its receipt says so', async ({ patient, page }) => {
  await patient.begin();
  await patient.say(patient.says('knee'));
  const code = await page.evaluate(() => JSON.parse(sessionStorage.getItem('anteroom.demo') ?? '{}').receipt as string);
  await patient.openMenu('menu.data');
  await expect(patient.main).toContainText(code);
  await patient.button('data.delete').first().click();
  await page.getByRole('dialog').getByRole('button', { name: patient.word('data.delete_confirm'), exact: true }).click();
  await expect(page.getByText(patient.word('data.deleted'), { exact: true }).first()).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.getItem('anteroom.demo'))).toBeNull();
  await page.goto('/a/demo');
  await patient.openMenu('menu.data');
  await page.getByRole('textbox', { name: patient.word('data.code_label') }).fill(code);
  await patient.button('data.check').click();
  const deleted = new RegExp(patient.word('data.deleted_at').split('{date}')[0] || 'x');
  await expect(patient.main).toContainText(deleted);
});

test('everything of a visit can be downloaded', async ({ patient, page }) => {
  await patient.begin();
  await patient.say(patient.says('knee'));
  await patient.openMenu('menu.data');
  const file = page.waitForEvent('download');
  await patient.button('data.download').click();
  const stream = await (await file).createReadStream();
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  expect(Buffer.concat(parts).toString('utf8')).toContain(patient.says('knee'));
});

test('withdrawing the consent that is needed ends the visit', async ({ patient, page }) => {
  await patient.begin();
  await patient.openMenu('menu.data');
  await page.getByRole('button', { name: patient.word('data.withdraw') }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: patient.word('data.withdraw'), exact: true }).click();
  await expect(page.getByText(patient.word('data.withdrawn')).first()).toBeVisible();
});

test('an unknown receipt is said to be unknown', async ({ patient, page }) => {
  await patient.open();
  await patient.openMenu('menu.data');
  await page.getByRole('textbox', { name: patient.word('data.code_label') }).fill('AAAAAAAAAAAA');
  await patient.button('data.check').click();
  await expect(page.getByText(patient.word('data.unknown_code'))).toBeVisible();
});
