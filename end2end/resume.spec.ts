// Nothing typed is lost: a reload at every step, a visit resumed in the middle, a line that comes and goes.
import { expect, test } from './patient.ts';

test('a reload at every step loses nothing', async ({ patient, page }) => {
  await patient.open();
  await patient.agree();
  await page.reload();
  await expect(patient.button('who.skip')).toBeVisible();
  await patient.skipAgeAndSex();
  await page.reload();
  await expect(patient.composer).toBeVisible();
  await patient.say(patient.says('knee'));
  await patient.toGuidance(async () => {
    const before = { question: await patient.question.innerText(), said: await patient.record.innerText() };
    await page.reload();
    await expect(patient.question).toHaveText(before.question);
    expect(await patient.record.innerText()).toBe(before.said);
  });
  const guided = await patient.main.innerText();
  await page.reload();
  await expect(patient.guidance).toBeVisible();
  await expect.poll(() => patient.main.innerText()).toBe(guided);
});

test('a visit is resumed in the middle after the page was left', async ({ patient, page }) => {
  await patient.begin();
  await patient.say(patient.says('knee'));
  const question = await patient.question.innerText();
  await page.goto('about:blank');
  await page.goto('/a/demo');
  await expect(patient.question).toHaveText(question);
  await patient.toGuidance();
});

test('words written while the line is cut are sent when it is back', async ({ patient, page }) => {
  await patient.begin();
  await patient.offline();
  await patient.composer.fill(patient.says('knee'));
  await patient.composer.press('Enter');
  await expect(page.getByText(patient.word('line.offline'))).toBeVisible();
  await expect(patient.main).toContainText(patient.says('knee'));
  const turns: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/turns')) turns.push(request.postDataJSON().turn_id);
  });
  await patient.online();
  await patient.settled();
  await expect(patient.question).toBeVisible();
  await expect(patient.record).toContainText(patient.says('knee'));
  // However often it was tried: one turn.
  expect(new Set(turns).size).toBe(1);
});

test('an answer lost on its way back is not given twice', async ({ patient, page }) => {
  await patient.begin();
  let cut = 0;
  await page.route('**/turns', async (route) => {
    if (cut > 0) return route.continue();
    cut += 1;
    // The server takes the turn; the page never hears of it.
    await route.fetch();
    await route.abort('connectionreset');
  });
  await patient.composer.fill(patient.says('knee'));
  await patient.composer.press('Enter');
  await patient.settled();
  await expect(patient.question).toBeVisible();
  await expect(patient.record.getByText(patient.says('knee'))).toHaveCount(1);
});

test('an unsent draft is still there after a look at the directory', async ({ patient }) => {
  await patient.begin();
  await patient.composer.fill(patient.says('knee'));
  await patient.openMenu('menu.directory');
  await expect(patient.heading).toHaveText(patient.word('directory.title'));
  await patient.openMenu('menu.talk');
  await expect(patient.composer).toHaveValue(patient.says('knee'));
});
