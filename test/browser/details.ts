/** What is told of the row chosen. */
import assert from 'node:assert/strict';
import { timelinePage } from '../../src/report/timeline-html';
import { sends } from '../unit/capture/told';
import { ask, chosenRow, keepScreenshot, pageTest } from './pages';
import { samplePage, toldEvents, toldPage } from './sample-pages';

pageTest(
  'a failed expectation marks exactly the bytes that differ',
  samplePage,
  {},
  async (page) => {
    const cells = await page.locator('.diff td.ne').allTextContents();
    assert.deepEqual(cells, ['31', '11']);
    assert.equal(
      await page.locator('.side h2').textContent(),
      'Received other bytes than expected',
    );
    assert.ok((await page.locator('.side').textContent())?.includes('First difference at byte 16'));
  },
);

function missingByte(): string {
  const expected = Buffer.from('one\r\ntwo\r\nthree\r\n');
  const received = Buffer.from('one\r\nto\r\nthree\r\n');
  const check = {
    headline: 'client "alice" received other bytes',
    connection: 'c1',
    expected,
    received,
  };
  return timelinePage(toldEvents(sends('c1', 'in', received.toString())), { checks: [check] });
}

pageTest(
  'a byte that is missing leaves those behind it unmarked, and lines are compared first',
  missingByte,
  {},
  async (page) => {
    assert.deepEqual(await page.locator('.diff td.ne').allTextContents(), ['77', '--']);
    const lines = await page.locator('.lines').textContent();
    assert.equal(lines, '  "one\\r\\n"\n- "two\\r\\n"\n+ "to\\r\\n"\n  "three\\r\\n"\n');
    await keepScreenshot(page, 'difference');
  },
);

pageTest(
  'the details of a failure lead to the fault and to the bytes that came',
  samplePage,
  {},
  async (page) => {
    await page.getByRole('button', { name: 'Show the fault' }).click();
    assert.match((await chosenRow(page)) ?? '', /fault corrupt byte 16/);
    await page.getByRole('button', { name: 'Show what it changed' }).click();
    assert.match((await chosenRow(page)) ?? '', /data 33 bytes/);
    const facts = await page.locator('.side dl').textContent();
    assert.match(facts ?? '', /length33 bytes.*faultcorrupt byte 16, xor 0x20/);
  },
);

pageTest(
  'bytes are shown as text with plates, and in hex',
  samplePage,
  { fragment: '#e5' },
  async (page) => {
    assert.deepEqual(await page.locator('.payload .ctl').allTextContents(), ['\\r', '\\n']);
    await page.getByRole('tab', { name: 'Hex' }).click();
    assert.equal(
      await page.locator('.payload.hex').textContent(),
      '000000  45 48 4c 4f 20 6d 65 0d  EHLO me.\n000008  0a                       .\n',
    );
  },
);

const long = () => toldPage({ ...sends('c1', 'out', ''), bytes: Buffer.alloc(20_000, 'abcdefg') });

pageTest(
  'bytes that were cut say how many are missing',
  long,
  { fragment: '#e1' },
  async (page) => {
    const text = await page.locator('.side').textContent();
    assert.match(text ?? '', /15\u00a0904 bytes left out here: limits\.bytesPerItem/);
    assert.equal(await page.locator('.payload').count(), 2);
  },
);

pageTest(
  'what readers of files had to say stands under the header',
  () => timelinePage(toldEvents(), { warnings: ['3 packets skipped'] }),
  {},
  async (page) => {
    assert.equal(await page.locator('.notes').textContent(), '3 packets skipped');
  },
);

pageTest('every control has a name, and no id is there twice', samplePage, {}, async (page) => {
  const nameless = await ask<string[]>(
    page,
    `[...document.querySelectorAll('button, input, select, a, canvas, [role=option], [role=listbox]')]
      .filter((element) => !(element.getAttribute('aria-label') || element.textContent.trim()))
      .map((element) => element.outerHTML)`,
  );
  assert.deepEqual(nameless, []);
  const twice = await ask<string[]>(
    page,
    `[...document.querySelectorAll('[id]')].map(({ id }) => id).filter((id, at, all) => all.indexOf(id) !== at)`,
  );
  assert.deepEqual(twice, []);
});
