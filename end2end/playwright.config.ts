// The browser tests: a phone and a desktop, each in Chinese and English, against a server of our own.
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import type { Options } from './patient.ts';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 800 } };

export default defineConfig<Options>({
  testDir: '.',
  outputDir: 'test-results',
  globalSetup: './start.ts',
  fullyParallel: true,
  forbidOnly: true,
  retries: 1,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    actionTimeout: 10_000,
    launchOptions: {
      executablePath: existsSync(chromium) ? chromium : undefined,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
    },
  },
  projects: [
    { name: 'phone-zh', use: { ...phone, locale: 'zh-CN', language: 'zh' } },
    { name: 'phone-en', use: { ...phone, locale: 'en-US', language: 'en' } },
    { name: 'desktop-zh', use: { ...desktop, locale: 'zh-CN', language: 'zh' } },
    { name: 'desktop-en', use: { ...desktop, locale: 'en-US', language: 'en' } },
  ],
});
