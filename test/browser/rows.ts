/** What rows look like, and where they stand. */
import assert from 'node:assert/strict';
import { ends, sends } from '../unit/capture/told';
import { ask, chosenRow, keepScreenshot, pageTest } from './pages';
import { plainPage, samplePage, toldPage } from './sample-pages';

pageTest(
  'a failed run opens at its failure, with its causes in sight',
  samplePage,
  {},
  async (page) => {
    const chosen = await chosenRow(page);
    assert.match(chosen ?? '', /check failed: client "alice" received other bytes than expected/);
    const box = await page.locator('.row.sel').boundingBox();
    assert.ok(box !== null && box.y > 250 && box.y + box.height < 900);
    assert.ok(await page.locator('[aria-label*="fault corrupt"]').isVisible());
    assert.equal(
      await page.locator('h1').textContent(),
      '✗ FailedThe list arrives after a lost connection',
    );
    assert.equal(
      await page.title(),
      'Failed: The list arrives after a lost connection – wire timeline',
    );
    await keepScreenshot(page, 'timeline-light');
  },
);

pageTest(
  'a run without a failure opens at its beginning, with its problems listed',
  plainPage,
  {},
  async (page) => {
    assert.equal(await page.locator('.row.sel').count(), 0);
    assert.equal(await page.locator('.plist button').count(), 7);
    await page.locator('.plist button').first().click();
    assert.match((await chosenRow(page)) ?? '', /fault latency 250 ms/);
  },
);

pageTest('FIN and RST differ in shape, word and colour', samplePage, {}, async (page) => {
  await page.locator('#flow').focus();
  const row = page.locator('[role=option][aria-label*="RST, connection reset"]').first();
  assert.ok(await row.isVisible());
  assert.ok((await page.locator('path.saw').count()) >= 1);
  assert.equal(await page.locator('path.saw').count(), await page.locator('path.cross').count());
  assert.ok((await page.locator('path.bars').count()) >= 1);
  const colours = await ask<string[]>(
    page,
    `['saw','bars'].map((name) => getComputedStyle(document.querySelector('path.' + name)).stroke)`,
  );
  assert.notEqual(colours[0], colours[1]);
  const words = await page.locator('.canvas svg text').allTextContents();
  assert.ok(words.includes('FIN') && words.includes('RST'));
});

pageTest(
  'a fault stands on the lane where it acted, above the row it touched',
  samplePage,
  {},
  async (page) => {
    const [diamond, lane] = await ask<[number, number]>(
      page,
      `[[...document.querySelectorAll('path')].find((path) => path.getAttribute('fill') === 'var(--fault-line)').getBBox(),
      document.querySelectorAll('line.life')[1].getBBox()].map((box) => box.x + box.width / 2)`,
    );
    assert.equal(Math.round(diamond), Math.round(lane));
    const names = await page
      .locator('[role=option]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
    const fault = names.findIndex((name) => name.includes('fault corrupt'));
    assert.match(names[fault + 1] ?? '', /data 33 bytes .*touched by corrupt/);
  },
);

pageTest(
  'a handshake is named flight by flight on its own ground, and what follows is locked',
  samplePage,
  { fragment: '#e15' },
  async (page) => {
    const words = await page.locator('.canvas svg text').allTextContents();
    for (const word of ['ClientHello', 'ServerHello … Finished', 'Finished', 'secured TLS 1.3']) {
      assert.ok(
        words.some((text) => text.startsWith(word)),
        word,
      );
    }
    assert.equal(
      (await page
        .locator('rect[fill="var(--tls-bg)"][height="26"], rect[fill="var(--tls-bg)"]')
        .count()) >= 4,
      true,
    );
    assert.ok((await page.locator('path.lock').count()) >= 2);
    await keepScreenshot(page, 'timeline-tls');
  },
);

for (const [seconds, label] of [
  [1, '1 s pass (virtual)'],
  [300, '300 s pass (virtual)'],
] as const) {
  const html = () => toldPage({ ...sends('c1', 'out', 'a'), after: seconds * 1_000_000 });
  pageTest(`a wait of ${seconds} s is one break with its length in it`, html, {}, async (page) => {
    assert.equal(await ask(page, `document.querySelector('#canvas').style.height`), '138px');
    assert.ok((await page.locator('.canvas svg text').allTextContents()).includes(label));
    assert.equal(await page.locator('path.zigzag').count(), 2);
  });
}

const late = () =>
  toldPage(
    sends('c1', 'out', 'PING'),
    { ...sends('s1', 'out', 'PING'), after: 40_000 },
    sends('c1', 'out', 'gone', 4),
  );

pageTest(
  'a delay is a drop at the end of an arrow, and bytes that never came stop before their lane',
  late,
  {},
  async (page) => {
    const paths = await ask<string[]>(
      page,
      `[...document.querySelectorAll('.canvas svg path')].map((path) => path.getAttribute('d'))`,
    );
    assert.ok(paths.some((d) => /^M[\d.]+,[\d.]+ H[\d.]+ L[\d.]+,[\d.]+$/.test(d)));
    assert.equal(await page.locator('rect.lost').count(), 1);
    assert.ok((await page.locator('[aria-label$="not delivered"]').count()) === 1);
  },
);

pageTest(
  'nothing on the wire is said in words',
  () => toldPageEmpty(),
  {},
  async (page) => {
    assert.match(
      (await page.locator('.empty').textContent()) ?? '',
      /^Nothing was seen on the wire/,
    );
  },
);

function toldPageEmpty(): string {
  return toldPage().replace(/"items":\[.*?\],"left"/s, '"items":[],"left"');
}

pageTest(
  'a connection that is reset twice over stays within its lanes',
  () => toldPage(ends('c1', 'rst', 'out')),
  { width: 800, height: 700 },
  async (page) => {
    const outside = await ask<number>(
      page,
      `[...document.querySelectorAll('.canvas svg text')].filter((text) => text.getBoundingClientRect().right > innerWidth).length`,
    );
    assert.equal(outside, 0);
  },
);
