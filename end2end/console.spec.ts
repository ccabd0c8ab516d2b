// The hospital's own people: first start, second factor, recovery code, invitation, another role, signed out everywhere.
import AxeBuilder from '@axe-core/playwright';
import { createHmac } from 'node:crypto';
import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { serve, type Running } from './server.ts';
import { word, type Language } from './words.ts';

const PASSWORD = 'three blue kettles sing';

const test = base.extend<{ language: Language; hospital: Running; baseURL: string }>({
  language: ['en', { option: true }],
  hospital: async ({}, use) => {
    const server = await serve({});
    await use(server);
    await server.end();
  },
  // Browsers take localhost for safe: the cookie asks for that.
  baseURL: async ({ hospital }, use) => use(hospital.url.replace('127.0.0.1', 'localhost')),
});

/** Six digits of RFC 6238 for a secret in base 32, `later` steps from now. */
function code(secret: string, later = 0): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac('sha1', key).update(step).digest();
  const place = mac[mac.length - 1]! & 15;
  return String((mac.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

class Staff {
  readonly mistakes: string[] = [];

  constructor(
    readonly page: Page,
    readonly language: Language,
  ) {
    page.on('pageerror', (error) => this.mistakes.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) this.mistakes.push(message.text());
    });
  }

  says(key: string, values?: Record<string, string>): string {
    return word(this.language, `console.${key}`, values);
  }

  field(key: string, within: Page | Locator = this.page): Locator {
    return within.getByLabel(this.says(key), { exact: true });
  }

  button(key: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name: this.says(key), exact: true });
  }

  async isAt(key: string): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(this.says(key));
    const { violations } = await new AxeBuilder({ page: this.page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, 'nothing is cut off sideways').toBeLessThanOrEqual(0);
  }

  async signIn(login: string, password = PASSWORD): Promise<void> {
    await this.field('login').fill(login);
    await this.field('password').fill(password);
    await this.button('sign_in').click();
  }
}

test('from the first code to an invited colleague, who is made another and signed out', async ({ page, hospital, language, browser, baseURL }) => {
  test.slow();
  const staff = new Staff(page, language);
  await page.goto('/staff');
  await staff.isAt('sign_in');
  await staff.signIn('wang.fang', 'not the password');
  await expect(page.getByRole('alert')).toHaveText(staff.says('wrong'));

  // The first administrator; what does not fit is said, and what was typed stays.
  await staff.button('first').click();
  await staff.isAt('first');
  await staff.field('first_code').fill(hospital.command('first-code'));
  await staff.field('name').fill('王芳 Wang Fang');
  await staff.field('login').fill('wang.fang');
  await staff.field('password').fill('password1234');
  await staff.button('create').click();
  await expect(page.getByRole('alert')).toHaveText(staff.says('common'));
  await staff.field('password').fill(PASSWORD);
  await page.keyboard.press('Enter');

  // The second factor: scanned or typed, a wrong code, the right one, recovery codes once.
  await staff.isAt('setup_title');
  await expect(page.getByRole('img', { name: staff.says('setup_qr') })).toBeVisible();
  const secret = await page.locator('.console__secret').innerText();
  await staff.field('code').fill('000000');
  await staff.button('confirm').click();
  await expect(page.getByRole('alert')).toHaveText(staff.says('code_wrong'));
  await staff.field('code').fill(code(secret));
  await staff.button('confirm').click();
  await staff.isAt('recovery_title');
  const recovery = await page.locator('.console__codes li').allInnerTexts();
  expect(recovery).toHaveLength(10);
  await staff.button('recovery_done').click();
  await staff.isAt('members');

  // Signed out and in again, by a recovery code.
  await staff.button('sign_out').click();
  await staff.isAt('sign_in');
  await staff.signIn('wang.fang');
  await staff.isAt('second_title');
  await staff.field('code').fill(recovery[0]!);
  await page.keyboard.press('Enter');
  await staff.isAt('members');

  // Somebody invited: the link is shown once and works once.
  await staff.field('name').last().fill('李敏 Li Min');
  await staff.field('login').fill('li.min');
  await staff.button('invite_send').click();
  const link = await page.locator('.console__secret').innerText();
  await staff.isAt('members');
  const context = await browser.newContext({ baseURL, locale: language === 'zh' ? 'zh-CN' : 'en-US' });
  const colleague = new Staff(await context.newPage(), language);
  await colleague.page.goto(link);
  await colleague.isAt('link_title');
  expect(colleague.page.url()).not.toContain('link');
  await colleague.field('password').fill('li.min.li.min');
  await colleague.button('set_password').click();
  await expect(colleague.page.getByRole('alert')).toHaveText(colleague.says('common'));
  await colleague.field('password').fill(PASSWORD);
  await colleague.button('set_password').click();
  await expect(colleague.page.getByText(colleague.says('password_set'))).toBeVisible();
  await colleague.signIn('li.min');
  await colleague.isAt('account');
  // No members for an editor.
  await expect(colleague.button('members')).toHaveCount(0);
  await colleague.page.goto('about:blank');
  await colleague.page.goto(link);
  await colleague.field('password').fill(PASSWORD);
  await colleague.button('set_password').click();
  await expect(colleague.page.getByRole('alert')).toHaveText(colleague.says('link_wrong'));
  await colleague.page.goto('/staff');
  await colleague.isAt('account');

  // Another role ends what the colleague was doing, and says so.
  await page.reload();
  const row = page.getByRole('listitem').filter({ hasText: 'li.min' });
  await row.getByRole('button').click();
  await staff.field('role', row).selectOption(staff.says('clinician'));
  await staff.button('save', row).click();
  await expect(row).toContainText(staff.says('clinician'));
  await colleague.field('current_password').fill(PASSWORD);
  await colleague.field('new_password').fill('seven green herons fly');
  await colleague.button('change_password').click();
  await expect(colleague.page.getByText(colleague.says('ended'))).toBeVisible();
  await colleague.isAt('sign_in');

  // The last administrator stays.
  const own = page.getByRole('listitem').filter({ hasText: 'wang.fang' });
  await own.getByRole('button').click();
  await staff.button('disable', own).click();
  await expect(page.getByText(staff.says('last_administrator'))).toBeVisible();

  // One's own account.
  await staff.button('account').click();
  await staff.isAt('account');
  await staff.field('current_password').fill(PASSWORD);
  await staff.field('new_password').fill('seven green herons fly');
  await staff.button('change_password').click();
  await expect(page.getByText(staff.says('saved'))).toBeVisible();
  await staff.button('end_others').click();
  await expect(page.getByText(staff.says('ended_others'))).toBeVisible();
  await page.setViewportSize({ width: 320, height: 640 });
  await staff.isAt('account');

  // The line is down: nothing is lost, and it says what to do.
  await page.context().setOffline(true);
  await staff.field('current_password').fill('seven green herons fly');
  await staff.field('new_password').fill(PASSWORD);
  await staff.button('change_password').click();
  await expect(page.getByRole('alert').first()).toHaveText(staff.says('offline'));
  await expect(staff.field('new_password')).toHaveValue(PASSWORD);
  await page.context().setOffline(false);
  expect([...staff.mistakes, ...colleague.mistakes]).toEqual([]);
  await context.close();
});
