/** Both themes, and windows of any width. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { timelinePage } from '../../src/report/timeline-html';
import { ask, keepScreenshot, pageTest } from './pages';
import {
  campaignPage,
  failedPage,
  maskedPage,
  matrixPage,
  samplePage,
  toldEvents,
} from './sample-pages';

const background = 'getComputedStyle(document.body).backgroundColor';
const [light, dark] = ['rgb(246, 245, 241)', 'rgb(20, 22, 20)'];

pageTest(
  'the system decides between light and dark, and the switch overrides it',
  samplePage,
  { scheme: 'dark' },
  async (page) => {
    assert.equal(await ask(page, background), dark);
    await keepScreenshot(page, 'timeline-dark');
    await page.getByRole('button', { name: 'Switch between light and dark' }).click();
    assert.equal(await ask(page, background), light);
    await page.keyboard.press('t');
    assert.equal(await ask(page, background), dark);
  },
);

pageTest(
  'a theme that was asked for does not follow the system',
  () => timelinePage(toldEvents(), {}, { theme: 'light' }),
  { scheme: 'dark' },
  async (page) => {
    assert.equal(await ask(page, background), light);
  },
);

pageTest('the overview is painted anew when the system changes', samplePage, {}, async (page) => {
  const pixel = `document.querySelector('#over').toDataURL()`;
  const before = await ask<string>(page, pixel);
  await page.emulateMedia({ colorScheme: 'dark' });
  // The page is told of the change in a later frame.
  let after = before;
  for (let frame = 0; after === before && frame < 60; frame++) {
    await ask(page, 'new Promise(requestAnimationFrame).then(() => undefined)');
    after = await ask<string>(page, pixel);
  }
  assert.notEqual(after, before);
});

/** Every text on the page with less contrast to its ground than 4.5 : 1. */
const faint = `(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return parse(getComputedStyle(document.documentElement).backgroundColor);
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!own || element.closest('.toast, .skip, script, dialog') !== null || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const ink = light(parse(element instanceof SVGElement ? style.fill : style.color));
    const plate = element instanceof SVGElement ? element.closest('text').previousElementSibling : null;
    const ground = light(plate?.localName === 'rect' ? parse(getComputedStyle(plate).fill) : groundOf(element));
    const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    if (ratio < 4.5) found.push(element.textContent.slice(0, 40) + ' ' + ratio.toFixed(2));
  }
  return [...new Set(found)];
})()`;

for (const scheme of ['light', 'dark'] as const) {
  const title = `every text has a contrast of 4.5 to its ground, ${scheme}`;
  pageTest(title, samplePage, { scheme }, async (page) => {
    for (const label of [
      'check failed',
      'fault corrupt',
      'Finished',
      'read timeout',
      'encrypted',
    ]) {
      await page
        .getByRole('searchbox')
        .fill(label === 'check failed' ? '' : (label.split(' ').at(-1) ?? ''));
      await page.getByRole('option', { name: label }).first().dispatchEvent('click');
      assert.deepEqual(await ask<string[]>(page, faint), [], label);
    }
  });
}

async function overflow(page: Page): Promise<number> {
  return ask(page, 'document.documentElement.scrollWidth - innerWidth');
}

for (const width of [1280, 800, 420]) {
  pageTest(
    `nothing is wider than a window of ${width} pixels`,
    samplePage,
    { width, height: width < 1000 ? 1150 : 900 },
    async (page) => {
      assert.ok((await overflow(page)) <= 0);
      await keepScreenshot(page, `timeline-${width}`);
    },
  );
}

pageTest(
  'the details stand below the flow in a narrow window',
  samplePage,
  { width: 800, height: 1150 },
  async (page) => {
    const [flow, side] = await Promise.all([
      page.locator('#flow').boundingBox(),
      page.locator('#side').boundingBox(),
    ]);
    assert.ok(flow !== null && side !== null);
    assert.ok(side.y >= flow.y + flow.height - 1);
  },
);

pageTest(
  'on paper a page is light, has all rows and the details of the one chosen, and no controls',
  samplePage,
  { scheme: 'dark', width: 794, height: 600 },
  async (page) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.locator('#row-0').waitFor();
    assert.equal(await ask(page, background), 'rgb(255, 255, 255)');
    assert.equal(await page.locator('.row').count(), 41);
    assert.ok(await page.getByRole('heading', { name: 'First difference at byte 16' }).isVisible());
    assert.equal(await page.locator('button:visible, .bar:visible, canvas:visible').count(), 0);
    assert.ok((await overflow(page)) <= 0);
    await keepScreenshot(page, 'timeline-print', { fullPage: true });
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    await page.locator('canvas').waitFor();
    assert.equal(await ask(page, background), dark);
  },
);

pageTest(
  'masked bytes stand on a ground of their own, as text and in hex, and are counted',
  maskedPage,
  { fragment: '#e35' },
  async (page) => {
    assert.equal(await page.locator('.payload .masked').textContent(), '*****');
    assert.match((await page.locator('#side dl').textContent()) ?? '', /masked5 bytes/);
    await keepScreenshot(page, 'timeline-masked');
    await page.keyboard.press('x');
    assert.deepEqual(
      await page.locator('.payload .masked').allTextContents(),
      Array.from({ length: 5 }, () => '2a'),
    );
  },
);

for (const scheme of ['light', 'dark'] as const) {
  pageTest(
    `the page of failed scenarios is ${scheme} where the system is, and fits a narrow window`,
    failedPage,
    { scheme, width: 420, height: 900 },
    async (page) => {
      assert.equal(await ask(page, background), scheme === 'dark' ? dark : light);
      assert.ok((await overflow(page)) <= 0);
      assert.deepEqual(await ask<string[]>(page, faint), []);
      await page.setViewportSize({ width: 1280, height: 620 });
      await keepScreenshot(page, `failed-${scheme}`);
    },
  );
}

for (const [name, html] of [
  ['a matrix of TLS faults', matrixPage],
  ['a campaign', campaignPage],
] as const) {
  pageTest(
    `the page of ${name} can be read in the dark, and fits a narrow window`,
    html,
    {
      scheme: 'dark',
      width: 420,
      height: 900,
    },
    async (page) => {
      assert.equal(await ask(page, background), dark);
      assert.ok((await overflow(page)) <= 0);
      assert.deepEqual(await ask<string[]>(page, faint), []);
      await page.setViewportSize({ width: 1280, height: 900 });
      await keepScreenshot(
        page,
        name.replace(/^a |[ ]/g, (sign) => (sign === ' ' ? '-' : '')),
      );
    },
  );
}

pageTest(
  'a cell of a matrix shows what it was, and an outcome dims the others',
  matrixPage,
  {},
  async (page) => {
    await page.getByRole('link', { name: 'flip at ClientHello, random' }).click();
    assert.ok(await page.getByRole('heading', { name: 'flip at ClientHello, random' }).isVisible());
    await page.locator('#o0').check();
    const opacities = await ask<string[]>(
      page,
      `[...document.querySelectorAll('.grid a')].map((cell) => getComputedStyle(cell).opacity)`,
    );
    assert.deepEqual(opacities.sort(), ['0.2', '1']);
  },
);
