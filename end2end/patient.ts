// A patient at the page: what people do there, in their words, by roles and names.
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { sentences, word, type Language } from './words.ts';

export interface Options {
  language: Language;
}

interface Fixtures {
  patient: Patient;
}

/** A session that asks more often than this does not end. */
const QUESTIONS_AT_MOST = 20;

export const test = base.extend<Fixtures & Options>({
  language: ['en', { option: true }],
  baseURL: async ({}, use) => use(process.env.ANTEROOM_URL),
  patient: async ({ page, language }, use) => {
    const patient = new Patient(page, language);
    await use(patient);
    // Whatever a test is about: the page never throws, and never asks for what its own policy forbids.
    expect(patient.mistakes).toEqual([]);
  },
});

export { expect };

/** The core, and two parts of words for each language. */
const GATE_PARTS = 5;

export class Patient {
  readonly mistakes: string[] = [];

  constructor(
    readonly page: Page,
    readonly language: Language,
  ) {
    page.on('pageerror', (error) => this.mistakes.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource|ERR_INTERNET_DISCONNECTED|net::ERR/.test(message.text())) {
        this.mistakes.push(message.text());
      }
    });
  }

  word(key: string, values?: Record<string, string>): string {
    return word(this.language, key, values);
  }

  says(key: keyof typeof sentences): string {
    return sentences[key][this.language];
  }

  // Places

  get heading(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }

  get main(): Locator {
    return this.page.getByRole('main');
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: this.word('composer.label') });
  }

  get question(): Locator {
    return this.page.locator('#question');
  }

  get record(): Locator {
    return this.page.getByRole('list', { name: this.word('talk.so_far') });
  }

  get guidance(): Locator {
    return this.main.getByText(this.word('guidance.title'), { exact: true }).first();
  }

  get card(): Locator {
    return this.page.getByRole('article').filter({ has: this.page.getByRole('heading', { name: this.cardTitle }) });
  }

  get cardTitle(): RegExp {
    const titles = ['alert.call_now', 'alert.go_now', 'alert.on_site'].map((key) => this.word(key));
    return new RegExp(titles.map(escape).join('|'));
  }

  button(key: string): Locator {
    return this.page.getByRole('button', { name: this.word(key), exact: true });
  }

  link(key: string): Locator {
    return this.page.getByRole('link', { name: this.word(key), exact: true });
  }

  // Steps

  async open(path = '/a/demo'): Promise<void> {
    await this.page.goto(path);
    await expect(this.link('arrival.start')).toBeVisible();
    // The static shell shows the same words before the page runs.
    await expect(this.page.locator('#shell')).toHaveCount(0);
  }

  /** The gate is what shows the card without a network. */
  async gateIsHere(): Promise<void> {
    await expect
      .poll(() => this.page.evaluate(() => performance.getEntriesByType('resource').filter((one) => one.name.includes('/knowledge/gate-') && (one as PerformanceResourceTiming).responseEnd > 0).length))
      .toBe(GATE_PARTS);
  }

  async agree(subject: 'me' | 'child' | 'other' = 'me'): Promise<void> {
    await this.link('arrival.start').click();
    await expect(this.heading).toHaveText(this.word('consent.title'));
    await this.page.getByRole('radio', { name: this.word(`consent.${subject}`), exact: true }).check({ force: true });
    if (subject === 'other') {
      await this.page.getByRole('radio', { name: this.word('consent.with_knowledge'), exact: true }).check({ force: true });
    }
    const agree = { me: 'consent.agree', child: 'consent.agree_guardian', other: 'consent.agree_other' }[subject];
    await this.button(agree).click();
    await expect(this.button('who.skip')).toBeVisible();
  }

  async tellAgeAndSex(age: string, sex: 'female' | 'male'): Promise<void> {
    await this.page.getByRole('textbox', { name: this.word('who.age'), exact: true }).fill(age);
    await this.page.getByRole('radio', { name: this.word(`who.${sex}`), exact: true }).check({ force: true });
    await this.turn(() => this.button('who.continue').click());
  }

  async skipAgeAndSex(): Promise<void> {
    await this.turn(() => this.button('who.skip').click());
  }

  /** From the address to the question what is wrong. */
  async begin(): Promise<void> {
    await this.open();
    await this.agree();
    await this.tellAgeAndSex('38', 'male');
    await expect(this.composer).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.turn(() => this.composer.press('Enter'));
  }

  /** Does something that takes a turn, and waits until the turn is over. */
  async turn(act: () => Promise<void>): Promise<void> {
    const answered = this.page.waitForResponse((response) => response.url().endsWith('/turns') && response.request().method() === 'POST');
    await act();
    await (await answered).finished();
    await this.settled();
  }

  /** Nothing is on its way any more. */
  async settled(): Promise<void> {
    await expect(this.page.getByText(this.word('talk.working'))).toBeHidden();
    await expect(this.page.getByText(this.word('line.queued'))).toBeHidden();
  }

  /** Answers the question that is open as somebody with nothing dangerous would. */
  async answer(): Promise<void> {
    const region = this.page.getByRole('region').filter({ has: this.question });
    const no = region.getByRole('button', { name: /^(No|否)$/ });
    const ticks = region.getByRole('checkbox');
    const step = region.getByRole('button', { name: '3', exact: true });
    const number = region.getByRole('textbox');
    const photos = region.getByRole('button', { name: /^(I have added my photos|照片加好了)$/ });
    if (await photos.count()) {
      await this.turn(() => photos.click());
    } else if (await no.count()) {
      await this.turn(() => no.click());
    } else if (await ticks.count()) {
      // By its label, as a finger does: the box itself is drawn, and may lie under the composer until it is scrolled to.
      await region.locator('label').filter({ has: this.page.getByRole('checkbox') }).last().click();
      await expect(ticks.last()).toBeChecked();
      await this.turn(() => region.getByRole('button', { name: this.word('talk.continue') }).click());
    } else if (await step.count()) {
      await this.turn(() => step.click());
    } else if (await number.count()) {
      await number.fill('37');
      await this.turn(() => region.getByRole('button', { name: this.word('talk.continue') }).click());
    } else {
      await this.turn(() => region.getByRole('button', { name: this.word('talk.unknown') }).click());
    }
  }

  /** Answers until guidance stands there; `each` runs before every answer. Answers how many questions there were. */
  async toGuidance(each: () => Promise<void> = async () => {}): Promise<number> {
    for (let asked = 0; asked < QUESTIONS_AT_MOST; asked += 1) {
      await expect(this.question.or(this.guidance)).toBeVisible();
      if (await this.guidance.isVisible()) return asked;
      await each();
      await this.answer();
    }
    throw new Error(`no guidance after ${QUESTIONS_AT_MOST} questions`);
  }

  /** From guidance to the report that waits to be checked; medicines are told in words. Answers how many questions there were. */
  async takeHistory(medicine: string): Promise<number> {
    await this.turn(() => this.button('report.begin').click());
    const check = this.page.getByRole('heading', { name: this.word('check.title') });
    for (let asked = 0; asked < QUESTIONS_AT_MOST; asked += 1) {
      await expect(this.question.or(check)).toBeVisible();
      if (await check.isVisible()) return asked;
      if (/medicines are taken|在用什么药/.test(await this.question.innerText())) await this.say(medicine);
      else await this.answer();
    }
    throw new Error(`no report after ${QUESTIONS_AT_MOST} questions`);
  }

  /** Serious rules broken on the page, and whether it is wider than the screen. */
  async keepsTheRules(): Promise<void> {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await new AxeBuilder({ page: this.page }).withTags(tags).analyze();
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, 'nothing is cut off sideways').toBeLessThanOrEqual(0);
  }

  async openMenu(key: string): Promise<void> {
    await this.page.getByRole('button', { name: this.word('page.menu'), exact: true }).click();
    const menu = this.page.getByRole('navigation', { name: this.word('page.menu') });
    await menu.getByText(this.word(key), { exact: true }).click();
  }

  async offline(): Promise<void> {
    await this.page.context().setOffline(true);
  }

  async online(): Promise<void> {
    await this.page.context().setOffline(false);
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
