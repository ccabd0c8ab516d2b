// Photos for the doctor: where a question asks for one, and on the check page.
import { expect, test } from './patient.ts';
import { word } from './words.ts';

test('a rash is photographed, looked at, taken back, put back, and goes with the report', async ({ patient, page }) => {
  test.slow();
  const picture = { name: 'rash.png', mimeType: 'image/png', buffer: Buffer.from('') };
  await patient.begin();
  picture.buffer = await page.screenshot();
  await patient.say(patient.says('rash'));
  await patient.toGuidance();
  await patient.turn(() => patient.button('report.begin').click());
  const add = (kind: string) => patient.button(`check.photo_add_${kind}`);
  const pick = async (kind: string, file: { name: string; mimeType: string; buffer: Buffer }) => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), add(kind).click()]);
    await chooser.setFiles(file);
  };

  // The question asks for the place, and for nothing else.
  for (let asked = 0; asked < 20 && !(await add('body').isVisible()); asked += 1) {
    await patient.answer();
    await expect(patient.question).toBeVisible();
    await page.waitForTimeout(200);
  }
  await expect(add('body')).toBeVisible();
  await expect(add('medicine')).toHaveCount(0);
  await pick('body', picture);
  const seen = page.getByRole('img', { name: patient.word('check.photo_body') });
  await expect(seen).toBeVisible();
  await expect(page.getByText(patient.word('check.photo_added'))).toBeVisible();
  await patient.keepsTheRules();
  // Another language is another language here too.
  const other = patient.language === 'zh' ? 'en' : 'zh';
  const there = page.getByRole('button', { name: word(other, 'language.name'), exact: true });
  await there.click();
  await expect(page.getByRole('img', { name: word(other, 'check.photo_body') })).toBeVisible();
  await page.getByRole('button', { name: word(patient.language, 'language.name'), exact: true }).click();
  await expect(seen).toBeVisible();

  const check = page.getByRole('heading', { name: patient.word('check.title') });
  for (let asked = 0; asked < 20; asked += 1) {
    await expect(patient.question.or(check)).toBeVisible();
    if (await check.isVisible()) break;
    await patient.answer();
  }
  await expect(seen).toBeVisible();
  await patient.keepsTheRules();

  await patient.button('check.photo_remove').click();
  await expect(seen).toHaveCount(0);
  await patient.button('check.photo_put_back').click();
  await expect(seen).toBeVisible();

  // What is no photo is said to be none, and what is there stays.
  await pick('document', { name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('%PDF-1.7 forty pages') });
  await expect(page.getByText(patient.word('check.not_a_photo'))).toBeVisible();
  await expect(seen).toBeVisible();
  await patient.offline();
  await pick('medicine', picture);
  await expect(page.getByText(patient.word('check.photo_failed'))).toBeVisible();
  await patient.online();
  await pick('medicine', picture);
  await expect(page.getByRole('img', { name: patient.word('check.photo_medicine') })).toBeVisible();

  await patient.button('check.send').click();
  await expect(patient.heading).toHaveText(patient.word('check.sent'));
  // On paper they are beside the words.
  await page.emulateMedia({ media: 'print' });
  await expect(seen).toBeVisible();
  await expect(patient.button('check.photo_remove')).toHaveCount(0);
});
