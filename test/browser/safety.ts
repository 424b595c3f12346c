/** Hostile peers, and a page that asks for nothing. */
import assert from 'node:assert/strict';
import { timelinePage } from '../../src/report/timeline-html';
import { sends } from '../unit/capture/told';
import { ask, keepScreenshot, pageTest } from './pages';
import { samplePage, toldEvents } from './sample-pages';

const attack = '</script><img src=x onerror=alert(1)><b>\u202ebold</b>';
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

function hostilePage(): string {
  const bytes = Buffer.concat([Buffer.from(attack), everyByte]);
  const named = { from: `client "${attack}"`, to: attack };
  const events = toldEvents(
    { ...sends('c1', 'out', ''), ...named, bytes },
    { kind: 'fault', connection: 'c1', ...named, detail: { type: attack, [attack]: attack } },
    { kind: 'note', detail: { mark: attack } },
    { ...sends('c1', 'in', ''), ...named, bytes: Buffer.alloc(1_048_576, attack) },
  );
  const check = {
    headline: attack,
    step: attack,
    where: attack,
    hints: [attack],
    connection: 'c1',
    expected: bytes,
    received: everyByte,
  };
  return timelinePage(events, {
    title: attack,
    feature: attack,
    replay: attack,
    checks: [check],
    links: [{ label: attack, href: 'x.html' }],
  });
}

pageTest(
  'hostile bytes, names and titles are shown as text and do nothing',
  hostilePage,
  {},
  async (page) => {
    for (const row of ['#row-0', '#row-1', '#row-2', '#row-3', '#row-4', '#row-5']) {
      await page.locator(row).dispatchEvent('click');
      for (const view of ['Hex', 'Text']) {
        const tab = page.getByRole('tab', { name: view });
        if ((await tab.count()) > 0) await tab.dispatchEvent('click');
      }
      assert.equal(await page.locator('img, main b:has(> *), .side b, iframe, object').count(), 0);
    }
    assert.equal(
      await page.locator('h1').textContent(),
      '✗ Failed</script><img src=x onerror=alert(1)><b>\\u{202e}bold</b>',
    );
    await keepScreenshot(page, 'hostile');
  },
);

pageTest(
  'what gets into the page all the same may neither run nor ask for anything',
  samplePage,
  { noisy: true },
  async (page) => {
    const hits = await ask<unknown[]>(
      page,
      `(async () => {
      document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hit = 1"><p style="color: red" id="styled">x</p>');
      const script = document.createElement('script');
      script.textContent = 'window.hit = 2';
      document.body.append(script);
      const asked = await fetch('data:text/plain,x').then(() => 'answered', () => 'refused');
      const foreign = document.createElement('img');
      const loaded = new Promise((resolve) => { foreign.onload = () => resolve('loaded'); foreign.onerror = () => resolve('refused'); });
      foreign.src = 'http://127.0.0.1:9/x.png';
      document.body.append(foreign);
      const coloured = getComputedStyle(document.querySelector('#styled')).color === 'rgb(255, 0, 0)';
      return [window.hit ?? null, asked, await loaded, coloured];
    })()`,
    );
    assert.deepEqual(hits, [null, 'refused', 'refused', false]);
  },
);

const framed =
  '<iframe src="inner.html" sandbox="allow-scripts" style="width:1200px;height:800px"></iframe>';

pageTest(
  'in a frame that allows scripts only it draws and chooses',
  samplePage,
  { around: framed },
  async (page) => {
    const frame = page.frameLocator('iframe');
    await frame.locator('[role=option]').nth(3).click();
    assert.equal(await frame.locator('[role=option][aria-selected=true]').count(), 1);
    assert.ok((await frame.locator('.canvas svg path').count()) > 10);
  },
);

pageTest(
  'a model of another version is refused in words',
  () => samplePage().replace('"v":1,', '"v":2,'),
  {},
  async (page) => {
    assert.match(
      ((await page.locator('body').textContent()) ?? '').trim(),
      /^This report was made by Brine .* \(model 2\); this page reads model 1\.$/,
    );
  },
);
