// From Enter to the card on the screen: a figure for `cargo xtask bench card`, never a test. Each repeat is a fresh browser profile.
import { appendFileSync } from 'node:fs';
import { test } from './patient.ts';

test('from Enter to the card', async ({ patient, page }) => {
  const figures = process.env.BENCH_FIGURES;
  if (!figures) throw new Error('BENCH_FIGURES is not set: run `cargo xtask bench card`');
  await patient.begin();
  await patient.gateIsHere();
  await patient.composer.fill(patient.says('emergency'));
  const took = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const begun = performance.now();
        const observer = new MutationObserver(() => {
          if (!document.querySelector('article.alert')) return;
          observer.disconnect();
          resolve(performance.now() - begun);
        });
        observer.observe(document.body, { childList: true, subtree: true });
        document.querySelector('#composer')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      }),
  );
  appendFileSync(figures, `${took}\n`);
});
