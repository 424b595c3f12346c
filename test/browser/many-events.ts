/**
 * Ten thousand events. Times are taken inside the page, so that the start of the browser does not
 * count, and allowed four times what docs/report.md promises, since machines of CI are shared.
 */
import assert from 'node:assert/strict';
import { ask, keepScreenshot, pageTest } from './pages';
import { manyPage } from './sample-pages';

let many = '';
const page10k = (): string => {
  many ||= manyPage();
  return many;
};
const margin = 4;
const elements = `document.querySelectorAll('*').length`;

pageTest(
  'ten thousand events are ready within a second and take at most 900 elements',
  page10k,
  {},
  async (page) => {
    const readyMs = await ask<number>(
      page,
      `performance.getEntriesByType('navigation')[0].domComplete`,
    );
    assert.ok(readyMs <= 1_000 * margin, `ready after ${readyMs} ms`);
    assert.match((await page.locator('#count').textContent()) ?? '', /^10\u00a0000 events$/);
    assert.ok((await ask<number>(page, elements)) <= 900);
    await keepScreenshot(page, 'ten-thousand');
  },
);

pageTest('End shows the last of ten thousand, in its place of all', page10k, {}, async (page) => {
  await page.locator('#flow').focus();
  await page.keyboard.press('End');
  const row = page.locator('.row.sel');
  assert.equal(await row.getAttribute('aria-posinset'), '10000');
  assert.equal(await row.getAttribute('aria-setsize'), '10000');
  const box = await row.boundingBox();
  assert.ok(box !== null && box.y > 0 && box.y < 900);
  assert.ok((await ask<number>(page, elements)) <= 900);
});

pageTest(
  'the row chosen stays for those who listen, also out of sight',
  page10k,
  { fragment: '#e5000' },
  async (page) => {
    await ask(page, `document.querySelector('#flow').scrollTop = 0`);
    await page.locator('#row-0').waitFor();
    assert.equal(await page.locator('#flow').getAttribute('aria-activedescendant'), 'row-5000');
    assert.equal(await page.locator('#row-5000').count(), 1);
  },
);

pageTest(
  'scrolling through ten thousand draws each frame within its time',
  page10k,
  {},
  async (page) => {
    const worst = await ask<number[]>(
      page,
      `(async () => {
      const flow = document.querySelector('#flow');
      const frame = () => new Promise(requestAnimationFrame);
      const spent = [];
      for (let at = 0; at < 24; at++) {
        flow.scrollTop += 4000;
        await frame();
        const begin = performance.now();
        flow.getBoundingClientRect();
        await frame();
        spent.push(performance.now() - begin);
      }
      return spent.sort((left, right) => left - right);
    })()`,
    );
    const p50 = worst[Math.floor(worst.length / 2)] ?? 0;
    assert.ok(p50 <= 17 * margin, `half of the frames take ${p50} ms or more`);
  },
);

pageTest(
  'a letter in the search of ten thousand is answered at once',
  page10k,
  {},
  async (page) => {
    const times = await ask<number[]>(
      page,
      `['m', 'me', 'mes', 'message 77', 'message 777'].map((text) => {
      const field = document.querySelector('#find');
      field.value = text;
      const begin = performance.now();
      field.dispatchEvent(new Event('input'));
      return performance.now() - begin;
    })`,
    );
    // The first letter also makes the texts that are searched; of the others the median.
    const later = times.slice(1).sort((left, right) => left - right)[1] ?? 0;
    assert.ok(later <= 30 * margin, `a letter takes ${later} ms`);
    assert.match((await page.locator('#count').textContent()) ?? '', /^11 of 10\u00a0000 events$/);
  },
);
