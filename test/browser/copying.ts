/** Copies run: as lines of the script language, in hex, as sentences of the step language. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { printBytes } from '../../src/base/byte-literal-printer';
import { parseScript } from '../../src/capture/script-parser';
import { printScript } from '../../src/capture/script-printer';
import { stepMatcher } from '../../src/steps/feature-reader';
import { ends, sends } from '../unit/capture/told';
import { ask, clipboard, pageTest } from './pages';
import { samplePage, toldPage } from './sample-pages';

async function copied(page: Page, button: string): Promise<string> {
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.locator('.toast.on').waitFor();
  return clipboard(page);
}

pageTest(
  'all rows are copied as a script that reads back as itself',
  samplePage,
  {},
  async (page) => {
    const text = await copied(page, 'Copy script');

    const lines = text.trimEnd().split('\n');
    assert.equal(lines.length, 41);
    assert.ok(lines.includes('@251.2 ms [1] > "EHLO me\\r\\n"'));
    assert.ok(lines.includes('@300.52467 s [1] * reset'));
    const script = parseScript(text);
    assert.equal(script.lines.length, lines.filter((line) => !line.startsWith('#')).length);
    assert.equal(
      printScript(script),
      `${lines.filter((line) => !line.startsWith('#')).join('\n')}\n`,
    );
  },
);

const kinds = [
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from('it\'s "quoted" "twice"\r\n'),
  Buffer.from("it's 'quoted'\t\\"),
  Buffer.from([0, 1, 2, 3, 255]),
  Buffer.alloc(65_536, 'ab'),
];
const everyKind = () => {
  let offset = 0;
  return toldPage(
    ...kinds.map((bytes) => {
      offset += bytes.byteLength;
      return { ...sends('c1', 'out', '', offset - bytes.byteLength), bytes };
    }),
  );
};

pageTest(
  'bytes of every kind are copied as the literal that Brine prints',
  everyKind,
  {},
  async (page) => {
    const lines = (await copied(page, 'Copy script')).split('\n').slice(1, 1 + kinds.length);

    assert.deepEqual(
      lines.map((line) => line.replace(/^@[\d.]+ ms \[1\] > /, '')),
      kinds.map((bytes) => printBytes(bytes)),
    );
  },
);

pageTest('a row is copied in hex', samplePage, { fragment: '#e5' }, async (page) => {
  assert.equal(await copied(page, 'Hex'), '45 48 4c 4f 20 6d 65 0d 0a');
});

const scenario = () =>
  toldPage(
    sends('c1', 'out', 'PING\r\n'),
    sends('c1', 'in', 'PONG "1"\r\n'),
    {
      kind: 'timeout',
      connection: 'c1',
      from: 'client "alice"',
      detail: { what: 'read 3 bytes', ms: 100 },
    },
    { kind: 'note', detail: { mark: 'after login' } },
    ends('s1', 'fin', 'in'),
    ends('c1', 'rst', 'out'),
  );

pageTest(
  'rows are copied as sentences of the step language, others as comments',
  scenario,
  {},
  async (page) => {
    const matches = await stepMatcher();
    const sentences: string[] = [];
    await page.locator('#flow').focus();
    for (let row = 0; row < 7; row++) {
      await page.keyboard.press('j');
      await page.keyboard.press('g');
      await page.locator('.toast.on').waitFor();
      sentences.push(await clipboard(page));
    }

    assert.deepEqual(sentences, [
      'Given a client "alice" connected to 127.0.0.1:80',
      'When client "alice" sends "PING\\r\\n"',
      'Then client "alice" receives \'PONG "1"\\r\\n\'',
      'Then client "alice" sees read timeout',
      'When the wire log is marked "after login"',
      'Then client "alice" sees end of stream',
      'When client "alice" resets the connection',
    ]);
    for (const sentence of sentences) {
      assert.equal(matches(sentence.replace(/^\w+ /, '')).length, 1, sentence);
    }
  },
);

const framed =
  '<iframe src="inner.html" sandbox="allow-scripts" style="width:1200px;height:800px"></iframe>';

pageTest(
  'in a frame without a clipboard the text is shown, selected',
  samplePage,
  { around: framed, noisy: true },
  async (page) => {
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Script', exact: true }).click();

    const area = frame.locator('#text textarea');
    await area.waitFor();
    assert.match(await area.inputValue(), /^# 301\.5298 s/);
    const selected = await page.frames()[1]?.evaluate('getSelection().toString()');
    assert.equal(selected, await area.inputValue());
    await frame.getByRole('button', { name: 'Close' }).click();
    assert.equal(await frame.locator('[role=option][aria-selected=true]').count(), 1);
  },
);

pageTest('a copy is announced', samplePage, { fragment: '#e5' }, async (page) => {
  await copied(page, 'Script');
  assert.equal(await page.locator('[role=status]').textContent(), 'Copied as script');
  assert.equal(
    await ask(page, `document.querySelector('#toast').getAttribute('aria-live')`),
    'polite',
  );
});
