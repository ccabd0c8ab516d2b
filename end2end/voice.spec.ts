// Speaking instead of typing, with a provider.
import { expect, test } from './patient.ts';
import { HEARD, TEXTS, check, launchOptions, letGo, microphone, note, refuse, serve, speaks, timer } from './speaking.ts';

test.use({ launchOptions });

test('tap, speak, tap: the words land behind what was typed, are corrected, and sent by the patient alone', async ({ patient, page }) => {
  const seen = await serve(patient, { given: ['speech_provider'] });
  await patient.begin();
  const fetched = () => page.evaluate(() => performance.getEntriesByType('resource').some((one) => /speaking[^/]*\.js/.test(one.name)));
  expect(await fetched()).toBe(false);
  const typed = patient.language === 'zh' ? '我今年三十八岁' : 'I am 38';
  await patient.composer.fill(typed);
  await microphone(patient).click();
  await speaks(patient);
  expect(await fetched()).toBe(true);
  await expect(patient.composer).toBeHidden();
  const turns = seen.turns;
  await microphone(patient).click();
  const landed = patient.language === 'zh' ? `${typed},${HEARD.zh}` : `${typed} ${HEARD.en}`;
  await expect(patient.composer).toHaveValue(landed);
  await expect(patient.composer).toBeFocused();
  await expect(note(patient, 'check')).toBeVisible();
  await letGo(page);
  expect(seen.turns).toBe(turns);
  const [sent] = seen.recordings;
  expect(new URL(sent.url).searchParams.get('language')).toBe(patient.language);
  expect(sent.headers['content-type']).toMatch(/^audio\//);
  expect(sent.headers['x-anteroom']).toBe('1');
  expect(sent.headers.authorization).toMatch(/^Bearer ./);
  await patient.say(patient.says('knee'));
  await expect(patient.record).toContainText(patient.says('knee'));
  expect(seen.recordings).toHaveLength(1);
  // What was told belonged to the words.
  await expect(note(patient, 'check')).toBeHidden();
});

test('a hold records until it is let go', async ({ patient, page }) => {
  const seen = await serve(patient, { given: ['speech_provider'] });
  await patient.begin();
  for (let press = 0; press < 2; press += 1) {
    await patient.composer.fill('');
    await microphone(patient).hover();
    await page.mouse.down();
    await speaks(patient);
    await page.mouse.up();
    await expect(patient.composer).toHaveValue(HEARD[patient.language]);
    await expect(microphone(patient)).toHaveAttribute('aria-pressed', 'false');
  }
  await letGo(page);
  expect(seen.recordings).toHaveLength(2);
});

test('keyboard alone: Space begins, Enter ends, Escape throws away', async ({ patient, page }) => {
  const seen = await serve(patient, { given: ['speech_provider'] });
  await patient.begin();
  await microphone(patient).focus();
  await page.keyboard.press('Space');
  await speaks(patient);
  await expect(microphone(patient)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(microphone(patient)).toHaveAttribute('aria-pressed', 'false');
  await letGo(page);
  await expect(microphone(patient)).toBeFocused();
  expect(seen.recordings).toHaveLength(0);
  await page.keyboard.press('Enter');
  await speaks(patient);
  await page.keyboard.press('Enter');
  await expect(patient.composer).toHaveValue(HEARD[patient.language]);
});

test('cancel leaves nothing but the draft', async ({ patient, page }) => {
  const seen = await serve(patient, { given: ['speech_provider'] });
  await patient.begin();
  await patient.composer.fill(patient.says('knee'));
  await microphone(patient).click();
  await speaks(patient);
  await patient.button('voice.cancel').click();
  await expect(patient.composer).toHaveValue(patient.says('knee'));
  await letGo(page);
  await expect(page.locator('.voice-told__words')).toHaveText('');
  await expect(microphone(patient)).toBeFocused();
  expect(seen.recordings).toHaveLength(0);
});

test('cancelled while it is being understood, nothing lands', async ({ patient, page }) => {
  await serve(patient, { given: ['speech_provider'] });
  let answer = (): void => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/speech?*', async (route) => {
    await held;
    await route.fulfill({ json: { text: 'late', language: 'en', seconds: 1 } }).catch(() => {});
  });
  await patient.begin();
  await microphone(patient).click();
  await speaks(patient);
  await patient.button('voice.done').click();
  await expect(note(patient, 'understanding')).toBeVisible();
  // Typing goes on meanwhile.
  await patient.composer.fill('…');
  await patient.button('voice.cancel').click();
  const answered = page.waitForResponse('**/speech?*');
  answer();
  await answered;
  await expect(patient.composer).toHaveValue('…');
  await expect(page.locator('.voice-told__words')).toHaveText('');
});

test('whatever is wrong with the microphone is said in words of its own', async ({ patient, page }) => {
  const seen = await serve(patient, { given: ['speech_provider'] });
  await patient.begin();
  await patient.composer.fill(patient.says('knee'));
  const cases = {
    NotAllowedError: 'refused',
    SecurityError: 'refused',
    NotFoundError: 'no_microphone',
    OverconstrainedError: 'no_microphone',
    NotReadableError: 'in_use',
    AbortError: 'in_use',
    TypeError: 'unsupported',
  };
  for (const [name, key] of Object.entries(cases)) {
    await refuse(page, name);
    await microphone(patient).click();
    await expect(note(patient, key), name).toBeVisible();
    await expect(microphone(patient)).toHaveAttribute('aria-pressed', 'false');
    await expect(patient.composer).toHaveValue(patient.says('knee'));
  }
  await refuse(page, '');
  // Too short: tapped twice at once.
  await microphone(patient).click();
  await expect(timer(patient)).toHaveText('0:00 / 1:00');
  await microphone(patient).click();
  await expect(note(patient, 'too_short')).toBeVisible();
  await letGo(page);
  await page.evaluate(() => Object.defineProperty(window, 'MediaRecorder', { value: undefined }));
  await microphone(patient).click();
  await expect(note(patient, 'unsupported')).toBeVisible();
  await letGo(page);
  expect(seen.recordings).toHaveLength(0);
  await patient.say(patient.says('knee'));
  await expect(patient.record).toContainText(patient.says('knee'));
});

test('the consent is asked at the first use, in its very text; not now explains, and typing remains', async ({ patient, page }) => {
  const seen = await serve(patient);
  await patient.open();
  await patient.link('arrival.start').click();
  await expect(patient.heading).toHaveText(patient.word('consent.title'));
  await expect(page.getByText(TEXTS.speech_provider[patient.language])).toHaveCount(0);
  await page.goto('/a/demo');
  await patient.agree();
  await patient.skipAgeAndSex();
  await microphone(patient).click();
  const dialog = page.getByRole('dialog', { name: patient.word('voice.consent_title') });
  await expect(dialog).toContainText(TEXTS.speech_provider[patient.language]);
  await check(patient, 'consent');
  await dialog.getByRole('button', { name: patient.word('voice.not_now'), exact: true }).click();
  await expect(note(patient, 'declined')).toBeVisible();
  await microphone(patient).click();
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(note(patient, 'declined')).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { streams: MediaStream[] }).streams.length)).toBe(0);
  expect(seen.consents).toHaveLength(0);
  await microphone(patient).click();
  await dialog.getByRole('button', { name: patient.word('voice.agree'), exact: true }).click();
  await speaks(patient);
  const consent = { purpose: 'speech_provider', version: 3, language: patient.language, sha256: `speech_provider-${patient.language}`, by: 'patient' };
  expect(seen.consents.map((one) => one.body)).toEqual([{ given: true, consent }]);
  expect(seen.consents[0].url).toMatch(/\/consents\/speech_provider$/);
  await patient.button('voice.done').click();
  await expect(patient.composer).toHaveValue(HEARD[patient.language]);
  // Asked once.
  await microphone(patient).click();
  await speaks(patient);
  await patient.button('voice.cancel').click();
  expect(seen.consents).toHaveLength(1);
});

test('a consent that did not reach the server is none', async ({ patient, page }) => {
  await serve(patient);
  await patient.begin();
  await page.route('**/consents/*', (route) => route.abort('internetdisconnected'));
  await microphone(patient).click();
  await patient.button('voice.agree').click();
  await expect(note(patient, 'offline')).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { streams: MediaStream[] }).streams.length)).toBe(0);
});

const ERRORS = [
  { code: 'too_many_requests', status: 429, again: true },
  { code: 'speech_unavailable', status: 503, again: true },
  { code: 'internal', status: 500, again: true, says: 'failed' },
  { code: 'body_too_large', status: 413, again: false },
  { code: 'not_audio', status: 415, again: false },
  { code: 'nothing_heard', status: 422, again: false },
];

test('every refusal of the server says what to do, and a recording that may still help is kept', async ({ patient }) => {
  const seen = await serve(patient, { given: ['speech_provider'], answers: [...ERRORS.flatMap((one) => (one.again ? [one, HEARD[patient.language]] : [one])), 'cut', '  ', HEARD[patient.language]] });
  await patient.begin();
  const record = async (): Promise<void> => {
    await microphone(patient).click();
    await speaks(patient);
    await patient.button('voice.done').click();
  };
  for (const error of ERRORS) {
    await patient.composer.fill('');
    await record();
    await expect(note(patient, error.says ?? error.code), error.code).toBeVisible();
    await expect(patient.button('voice.again')).toBeVisible({ visible: error.again });
    if (error.again) {
      await expect(note(patient, 'kept')).toBeVisible();
      await patient.button('voice.again').click();
      await expect(patient.composer).toHaveValue(HEARD[patient.language]);
    }
  }
  await patient.composer.fill('');
  await record();
  await expect(note(patient, 'offline')).toBeVisible();
  await expect(note(patient, 'kept')).toBeVisible();
  // Blank words are no words.
  await patient.button('voice.again').click();
  await expect(note(patient, 'nothing_heard')).toBeVisible();
  await expect(patient.button('voice.again')).toBeHidden();
  await expect(patient.composer).toHaveValue('');
  const sizes = seen.recordings.map((one) => one.headers['content-length']);
  expect(sizes[0]).toBe(sizes[1]);
});

test('a consent that is no longer there is asked anew, and the recording then sent', async ({ patient, page }) => {
  const seen = await serve(patient, { given: ['speech_provider'], answers: [{ code: 'consent_missing', status: 403 }, HEARD[patient.language]] });
  await patient.begin();
  await microphone(patient).click();
  await speaks(patient);
  await microphone(patient).click();
  await expect(page.getByRole('dialog')).toContainText(TEXTS.speech_provider[patient.language]);
  await patient.button('voice.agree').click();
  await expect(patient.composer).toHaveValue(HEARD[patient.language]);
  expect(seen.consents).toHaveLength(1);
  expect(seen.recordings).toHaveLength(2);
});

test('after a minute it stops by itself and keeps what was said', async ({ patient, page }) => {
  await page.clock.install();
  await serve(patient, { given: ['speech_provider'] });
  await patient.begin();
  await microphone(patient).click();
  await speaks(patient);
  await page.clock.runFor(57_000);
  await expect(timer(patient)).toHaveText(/^0:5\d \/ 1:00$/);
  await page.clock.runFor(3_000);
  await expect(patient.composer).toHaveValue(HEARD[patient.language]);
  await expect(note(patient, 'limit')).toBeVisible();
  await expect(note(patient, 'check')).toBeVisible();
  await letGo(page);
});

test('a page that leaves the screen stops and keeps what was said', async ({ patient, page }) => {
  await serve(patient, { given: ['speech_provider'] });
  await patient.begin();
  await microphone(patient).click();
  await speaks(patient);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await letGo(page);
  await expect(patient.composer).toHaveValue(HEARD[patient.language]);
  await expect(note(patient, 'hidden')).toBeVisible();
  await page.evaluate(() => Reflect.deleteProperty(document, 'hidden'));
  // Another place on the page is leaving too: the words wait in the composer.
  await patient.composer.fill('');
  await microphone(patient).click();
  await speaks(patient);
  await patient.openMenu('menu.data');
  await letGo(page);
  await patient.openMenu('menu.talk');
  await expect(patient.composer).toHaveValue(HEARD[patient.language]);
  await microphone(patient).click();
  await speaks(patient);
  await patient.button('voice.cancel').click();
});

test('a file that does not come is said, and comes at the next press', async ({ patient, page }) => {
  await serve(patient, { given: ['speech_provider'] });
  await patient.begin();
  await page.route('**/speaking-*.js*', (route) => route.abort('internetdisconnected'));
  await microphone(patient).click();
  await expect(page.getByText(patient.word('speak.not_loaded'))).toBeVisible();
  await page.unroute('**/speaking-*.js*');
  await microphone(patient).click();
  await speaks(patient);
  await expect(page.getByText(patient.word('speak.not_loaded'))).toBeHidden();
  await patient.button('voice.cancel').click();
});
