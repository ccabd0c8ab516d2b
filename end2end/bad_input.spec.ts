// Whatever is typed: a defined answer, and nothing lost.
import { expect, test } from './patient.ts';

test('a text that is too long is counted, refused in words, and kept', async ({ patient, page }) => {
  await patient.begin();
  const letter = patient.language === 'zh' ? '疼' : 'a';
  await patient.composer.fill(letter.repeat(1990));
  await expect(page.getByText(patient.word('composer.left', { count: '10' }))).toBeVisible();
  const over = letter.repeat(2005);
  await patient.composer.fill(over);
  await expect(page.getByText(patient.word('composer.over', { count: '5' }))).toBeVisible();
  await patient.composer.press('Enter');
  await expect(patient.composer).toHaveValue(over);
});

test('nothing but blanks is not sent', async ({ patient, page }) => {
  await patient.begin();
  await patient.composer.fill('   ');
  await patient.composer.press('Enter');
  await expect(page.getByText(patient.word('composer.empty'))).toBeVisible();
});

test('nonsense is met kindly: other words, the list, the desk; the number stays', async ({ patient, page }) => {
  await patient.begin();
  await patient.say(patient.says('nonsense'));
  await expect(patient.record).toContainText(patient.says('nonsense'));
  await patient.say('😀😀😀');
  await patient.say(patient.says('nonsense'));
  // The third time the desk is named, with its place.
  await expect(patient.main).toContainText(patient.language === 'zh' ? '门诊楼一楼' : 'Outpatient building');
  await expect(patient.guidance).toBeHidden();
  await expect(page.getByRole('banner').getByRole('link', { name: '120' })).toBeVisible();
});

test('markup and commands are words like others', async ({ patient, page }) => {
  await patient.begin();
  const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  await patient.say(markup);
  await expect(patient.record).toContainText(markup);
  await expect(page).not.toHaveTitle(/^[12]$/);
  const command = "'; drop table sessions; --";
  await patient.say(command);
  await expect(patient.record).toContainText(command);
});

test('five hundred lines and control characters do no harm', async ({ patient }) => {
  await patient.begin();
  const lines = `${patient.says('knee')}\n${'\n'.repeat(500)}\u202e\u0007${patient.language === 'zh' ? '有点肿' : 'a bit swollen'}`;
  await patient.say(lines);
  await expect(patient.question.or(patient.guidance)).toBeVisible();
  await expect(patient.record).toContainText(patient.says('knee'));
  expect(await patient.record.innerText()).not.toMatch(/[\u202e\u0007]/);
});

test('another language gets a kind way back', async ({ patient }) => {
  await patient.begin();
  await patient.say('Ich habe seit gestern starkes Nasenbluten');
  await expect(patient.main).toContainText(patient.language === 'zh' ? '请换一种说法' : 'Please say it in other words');
  await expect(patient.composer).toBeEnabled();
});

test('a visit that was deleted elsewhere gives the words back', async ({ patient, page, request }) => {
  await patient.begin();
  const held = await page.evaluate(() => JSON.parse(sessionStorage.getItem('anteroom.demo') ?? '{}'));
  const erased = await request.delete(`/api/v1/sessions/${held.id}`, { headers: { authorization: `Bearer ${held.token}`, 'x-anteroom': '1' } });
  expect(erased.ok()).toBe(true);
  await patient.composer.fill(patient.says('knee'));
  await patient.composer.press('Enter');
  await expect(page.getByText(patient.word('talk.ended'))).toBeVisible();
  await expect(patient.composer).toHaveValue(patient.says('knee'));
});

test('a server that fails leaves the words in place, with a way to try again', async ({ patient, page }) => {
  await patient.begin();
  await page.route('**/turns', (route) =>
    route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', title: 'x', status: 500, code: 'internal' }) }),
  );
  await patient.composer.fill(patient.says('knee'));
  await patient.composer.press('Enter');
  await expect(page.getByText(patient.word('trouble.busy')).or(page.getByText(patient.word('line.waiting')))).toBeVisible();
  await expect.poll(async () => (await patient.composer.inputValue()) + (await patient.main.innerText())).toContain(patient.says('knee'));
  await page.unroute('**/turns');
});
