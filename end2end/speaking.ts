// A patient who speaks: the microphone is Chromium's own false one, which beeps; the server's side is played, since no speech
// provider is at hand.
import { existsSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page, Route } from '@playwright/test';
import { expect, type Patient } from './patient.ts';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A browser with a microphone that asks nobody. */
export const launchOptions = {
  executablePath: existsSync(chromium) ? chromium : undefined,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--no-first-run',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
  ],
};

export const TEXTS: Record<string, { zh: string; en: string }> = {
  speech_provider: {
    zh: '您说的话会录下来,交给语音服务转成文字,之后不保存。',
    en: 'What you say is recorded, turned into words by a speech service, and not kept.',
  },
  browser_speech: {
    zh: '您说的话由浏览器的厂商(例如 Chrome 是谷歌,Safari 是苹果)转成文字。',
    en: 'What you say is turned into words by the maker of your browser (for example Google for Chrome, Apple for Safari).',
  },
};

export const HEARD = { zh: '右膝盖疼了两个月', en: 'my right knee has been hurting for two months' };

export interface Played {
  /** Whether there is a provider. */
  voice?: boolean;
  /** Consents offered. */
  consents?: string[];
  /** Consents the session holds already. */
  given?: string[];
  /** What speech answers, one after the other; the last stays. */
  answers?: (string | { code: string; status: number } | 'cut')[];
}

export interface Seen {
  /** Recordings sent. */
  recordings: { url: string; headers: Record<string, string>; bytes: number }[];
  /** Consents given. */
  consents: { url: string; body: Record<string, unknown> }[];
  /** Turns sent. */
  turns: number;
}

/** Plays the server's side of speech. */
export async function serve(patient: Patient, server: Played = {}): Promise<Seen> {
  const { page } = patient;
  const seen: Seen = { recordings: [], consents: [], turns: 0 };
  const answers = [...(server.answers ?? [HEARD[patient.language]])];
  page.on('request', (request) => {
    if (request.url().endsWith('/turns')) seen.turns += 1;
  });
  await page.route('**/api/v1/applications/demo', async (route) => {
    const response = await route.fetch();
    const application = await response.json();
    application.voice = server.voice ?? true;
    // What the server offers by itself gives way to what the test plays.
    application.consents = application.consents.filter((consent: { purpose: string }) => !(consent.purpose in TEXTS));
    for (const purpose of server.consents ?? ['speech_provider']) {
      const text = TEXTS[purpose];
      application.consents.push({ purpose, version: 3, required: false, text, sha256: { zh: `${purpose}-zh`, en: `${purpose}-en` } });
    }
    await route.fulfill({ response, json: application });
  });
  await page.route(/\/api\/v1\/sessions\/[^/]+$/, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    const response = await route.fetch();
    const state = await response.json();
    state.consents.push(...(server.given ?? []));
    await route.fulfill({ response, json: state });
  });
  await page.route('**/consents/*', async (route) => {
    seen.consents.push({ url: route.request().url(), body: route.request().postDataJSON() });
    await route.fulfill({ status: 204 });
  });
  await page.route('**/speech?*', async (route: Route) => {
    const request = route.request();
    seen.recordings.push({ url: request.url(), headers: await request.allHeaders(), bytes: request.postDataBuffer()?.length ?? 0 });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === 'cut') return route.abort('internetdisconnected');
    if (typeof answer === 'object') {
      const problem = { type: 'about:blank', title: 'x', status: answer.status, code: answer.code };
      return route.fulfill({ status: answer.status, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    }
    return route.fulfill({ json: { text: answer, language: patient.language, seconds: 1.5 } });
  });
  // Every stream of the microphone, so that a test can tell whether it was let go; `refuse` names the error to answer with.
  await page.addInitScript(() => {
    const media = navigator.mediaDevices;
    if (!media) return;
    const open = media.getUserMedia.bind(media);
    const all: MediaStream[] = [];
    Object.assign(window, { streams: all, refuse: '' });
    media.getUserMedia = async (wanted) => {
      const { refuse } = window as unknown as { refuse: string };
      if (refuse) throw new DOMException('', refuse);
      const stream = await open(wanted);
      all.push(stream);
      return stream;
    };
  });
  return seen;
}

export const microphone = (patient: Patient): Locator => patient.button('speak.start');
export const timer = (patient: Patient): Locator => patient.page.getByRole('timer');
export const note = (patient: Patient, key: string): Locator => patient.page.locator('.voice-told__words').getByText(patient.word(`voice.${key}`), { exact: true });

export async function speaks(patient: Patient): Promise<void> {
  await expect(microphone(patient)).toHaveAttribute('aria-pressed', 'true');
  await expect(note(patient, 'listening')).toBeVisible();
  // Longer than the shortest.
  await expect(timer(patient)).toHaveText('0:01 / 1:00');
}

export async function letGo(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { streams: MediaStream[] }).streams.every((stream) => stream.getTracks().every((track) => track.readyState === 'ended'))))
    .toBe(true);
}

export async function refuse(page: Page, name: string): Promise<void> {
  await page.evaluate((refuse) => Object.assign(window, { refuse }), name);
}

export async function check(patient: Patient, screen: string): Promise<void> {
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const result = await new AxeBuilder({ page: patient.page }).withTags(rules).analyze();
  expect(result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`), screen).toEqual([]);
}
