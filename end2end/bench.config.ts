// What is measured in a browser: one page at a time, so that nothing else of ours is on the clock.
import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';
import type { Options } from './patient.ts';

export default defineConfig<Options>({ ...tests, testMatch: '*.bench.ts', workers: 1, fullyParallel: false });
