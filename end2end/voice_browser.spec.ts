// What the browser does itself: its own recognition, reading aloud, small screens, frames.
import { createServer, type Server } from 'node:http';
import type { Page } from '@playwright/test';
import { expect, test } from './patient.ts';
import { HEARD, TEXTS, check, launchOptions, microphone, note, serve, speaks } from './speaking.ts';

test.use({ launchOptions });

/** A recognition that hears what the test says, by `window.ear`. */
async function ownRecognition(page: Page): Promise<void> {
  await page.addInitScript(() => {
    class Ear {
      lang = '';
      onstart = (): void => {};
      onend = (): void => {};
      onresult = (_: unknown): void => {};
      onerror = (_: unknown): void => {};
      start(): void {
        Object.assign(window, { ear: this });
        setTimeout(() => this.onstart());
      }
      stop(): void {
        setTimeout(() => this.onend());
      }
      abort(): void {
        this.stop();
      }
      hear(...words: string[]): void {
        this.onresult({ results: words.map((transcript) => [{ transcript }]) });
      }
    }
    Object.defineProperty(window, 'SpeechRecognition', { value: Ear });
  });
}

interface Ear {
  lang: string;
  hear(...words: string[]): void;
  onerror(event: { error: string }): void;
  onend(): void;
}

test("without a provider the browser's own recognition helps, after a consent that says whose it is", async ({ patient, page }) => {
  const seen = await serve(patient, { voice: false, consents: ['browser_speech'] });
  await ownRecognition(page);
  await patient.begin();
  await microphone(patient).click();
  await expect(page.getByRole('dialog')).toContainText(TEXTS.browser_speech[patient.language]);
  await patient.button('voice.agree').click();
  await expect(note(patient, 'listening')).toBeVisible();
  expect(seen.consents[0].url).toMatch(/\/consents\/browser_speech$/);
  expect(await page.evaluate(() => (window as unknown as { ear: Ear }).ear.lang)).toBe(patient.language === 'zh' ? 'zh-CN' : 'en-GB');
  const words = patient.language === 'zh' ? ['右膝盖', '疼了两个月'] : ['my right knee', ' has been hurting'];
  await page.evaluate((words) => (window as unknown as { ear: Ear }).ear.hear(...words), words);
  const heard = patient.language === 'zh' ? '右膝盖疼了两个月' : 'my right knee has been hurting';
  await expect(page.locator('.voice__words')).toHaveText(heard);
  await patient.button('voice.done').click();
  await expect(patient.composer).toHaveValue(heard);
  await expect(note(patient, 'check')).toBeVisible();
  for (const [error, key] of [['no-speech', 'nothing_heard'], ['network', 'offline'], ['not-allowed', 'refused'], ['audio-capture', 'no_microphone']]) {
    await microphone(patient).click();
    await expect(note(patient, 'listening')).toBeVisible();
    await page.evaluate((error) => {
      const { ear } = window as unknown as { ear: Ear };
      ear.onerror({ error });
      ear.onend();
    }, error);
    await expect(note(patient, key)).toBeVisible();
  }
  expect(seen.recordings).toHaveLength(0);
});

test("a provider that fails: the browser's own recognition is offered", async ({ patient, page }) => {
  await serve(patient, { consents: ['speech_provider', 'browser_speech'], given: ['speech_provider'], answers: [{ code: 'speech_unavailable', status: 503 }] });
  await ownRecognition(page);
  await patient.begin();
  await microphone(patient).click();
  await speaks(patient);
  await microphone(patient).click();
  await patient.button('voice.use_browser').click();
  await expect(page.getByRole('dialog')).toContainText(TEXTS.browser_speech[patient.language]);
  await patient.button('voice.agree').click();
  await expect(note(patient, 'listening')).toBeVisible();
  await expect(patient.button('voice.use_browser')).toBeHidden();
  await patient.button('voice.cancel').click();
});

test('with neither a provider nor a consent text there is no button', async ({ patient }) => {
  await serve(patient, { voice: true, consents: [] });
  await patient.begin();
  await expect(microphone(patient)).toBeHidden();
});

test('questions, messages and guidance are read aloud in the language of the page, and stop', async ({ patient, page }) => {
  await serve(patient, { voice: false, consents: [] });
  await page.addInitScript(() => {
    const said: { lang: string; text: string }[] = [];
    const synthesis = { speak: (one: SpeechSynthesisUtterance) => said.push({ lang: one.lang, text: one.text }), cancel: () => said.push({ lang: '', text: 'hush' }) };
    Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
    Object.assign(window, { said });
  });
  const said = (): Promise<{ lang: string; text: string }[]> => page.evaluate(() => (window as unknown as { said: { lang: string; text: string }[] }).said);
  const lang = patient.language === 'zh' ? 'zh-CN' : 'en-GB';
  await patient.begin();
  const read = page.getByRole('region').filter({ has: patient.question }).getByRole('button', { name: patient.word('speak.read'), exact: true });
  const text = await patient.question.innerText();
  await read.click();
  await expect(read).toHaveAttribute('aria-pressed', 'true');
  expect(await said()).toEqual([{ lang, text }]);
  await read.click();
  await expect(read).toHaveAttribute('aria-pressed', 'false');
  expect((await said()).at(-1)).toEqual({ lang: '', text: 'hush' });
  // A question that has been answered is not read on.
  await read.click();
  await patient.say(patient.says('knee'));
  await expect.poll(async () => (await said()).at(-1)?.text).toBe('hush');
  const count = (await said()).length;
  await patient.toGuidance();
  // Nothing is ever read by itself.
  expect(await said()).toHaveLength(count);
  await page.locator('.level').getByRole('button', { name: patient.word('speak.read'), exact: true }).click();
  await expect.poll(async () => (await said()).at(-1)?.lang).toBe(lang);
  expect((await said()).at(-1)?.text).toContain(await patient.heading.evaluate((heading) => heading.lastChild?.textContent ?? '?'));
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('every state keeps the rules of accessibility', async ({ patient, page }) => {
      await serve(patient, { consents: ['speech_provider', 'browser_speech'], given: ['speech_provider'], answers: [{ code: 'speech_unavailable', status: 503 }, HEARD[patient.language]] });
      await patient.begin();
      await microphone(patient).click();
      await speaks(patient);
      await check(patient, 'recording');
      await patient.button('voice.done').click();
      await expect(note(patient, 'speech_unavailable')).toBeVisible();
      await check(patient, 'failed');
      await patient.button('voice.again').click();
      await expect(note(patient, 'check')).toBeVisible();
      await check(patient, 'landed');
    });
  });
}

test('at 320 pixels and in forced colours nothing is cut off', async ({ patient, page }) => {
  await page.setViewportSize({ width: 320, height: 568 });
  await page.emulateMedia({ forcedColors: 'active' });
  await serve(patient, { given: ['speech_provider'], answers: [{ code: 'speech_unavailable', status: 503 }] });
  await patient.begin();
  const fits = async (): Promise<void> => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    const box = await page.locator('.composer__box').boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(320);
  };
  await fits();
  await microphone(patient).click();
  await speaks(patient);
  await fits();
  const button = await microphone(patient).boundingBox();
  expect(Math.min(button?.width ?? 0, button?.height ?? 0)).toBeGreaterThanOrEqual(48);
  // The false microphone beeps on a beat: looked at from outside on a beat of its own, it could be missed for ever.
  await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('.voice__meter')?.style.getPropertyValue('--level')) > 0);
  await patient.button('voice.done').click();
  await expect(note(patient, 'speech_unavailable')).toBeVisible();
  await fits();
});

test.describe('in a frame', () => {
  let host: Server;
  let port = 0;

  test.beforeAll(async () => {
    host = createServer((request, response) => {
      const allow = request.url === '/allowed' ? ' allow="microphone"' : '';
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!doctype html><html lang="en"><title>A hospital's page</title><h1>Host</h1>
        <iframe title="Anteroom" width="380" height="640"${allow} src="${process.env.ANTEROOM_URL}/embed/demo"></iframe></html>`);
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const address = host.address();
    port = address && typeof address === 'object' ? address.port : 0;
  });

  test.afterAll(async () => {
    await new Promise((resolve) => host.close(resolve));
  });

  for (const [path, key] of [['plain', 'blocked'], ['allowed', 'listening']] as const) {
    test(`that is ${path}: ${key}`, async ({ patient, page }) => {
      await serve(patient, { given: ['speech_provider'] });
      await page.goto(`http://a.localhost:${port}/${path}`);
      const frame = page.frameLocator('iframe');
      await frame.getByRole('link', { name: patient.word('arrival.start'), exact: true }).click();
      await frame.getByRole('radio', { name: patient.word('consent.me'), exact: true }).check({ force: true });
      await frame.getByRole('button', { name: patient.word('consent.agree'), exact: true }).click();
      await frame.getByRole('button', { name: patient.word('who.skip'), exact: true }).click();
      await frame.getByRole('button', { name: patient.word('speak.start'), exact: true }).click();
      await expect(frame.getByText(patient.word(`voice.${key}`), { exact: true })).toBeVisible();
    });
  }
});
