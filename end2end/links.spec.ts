// The hospital hands a patient over: a link that works once, and what it carries is known already.
import { expect, test } from './patient.ts';

test('a link of the hospital opens the interview with what is known, once', async ({ patient, page, request }) => {
  const answer = await request.post('/api/v1/links', {
    headers: { authorization: `Bearer ${process.env.ANTEROOM_KEY}`, 'x-anteroom': '1' },
    data: { visit: { visit: 'V-1' }, profile: { age_months: 53 * 12, sex: 'male' } },
  });
  expect(answer.status()).toBe(201);
  const { path } = await answer.json();

  await patient.open(path);
  // The code stands in no history.
  expect(page.url()).not.toContain('link');
  await patient.agree();
  await expect(page.getByRole('textbox', { name: patient.word('who.age'), exact: true })).toHaveValue('53');
  await expect(page.getByRole('radio', { name: patient.word('who.male'), exact: true })).toBeChecked();
  await patient.turn(() => patient.button('who.continue').click());
  await patient.say(patient.says('knee'));
  // The interview at once: no department is looked for.
  await expect(patient.question).toBeVisible();
  const question = await patient.question.innerText();
  await page.reload();
  await expect(patient.question).toHaveText(question);

  // A second time it opens nothing, and the visit can begin without it.
  await page.goto('about:blank');
  await patient.open(path);
  await patient.link('arrival.start').click();
  await page.getByRole('radio', { name: patient.word('consent.me'), exact: true }).check({ force: true });
  await patient.button('consent.agree').click();
  await expect(page.getByText(patient.word('trouble.link'))).toBeVisible();
  await patient.button('consent.agree').click();
  await expect(page.getByRole('textbox', { name: patient.word('who.age'), exact: true })).toHaveValue('');
});
