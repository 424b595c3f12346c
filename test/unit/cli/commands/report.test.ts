import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writeTrace } from '../../../../src/capture/trace-file';
import { openPage } from '../../../../src/cli/open-page';
import { createTrace } from '../../../../src/network/world/trace';
import type { TimelineModel } from '../../../../src/report/timeline-model';
import { readConnections, streamsOf } from '../../capture/read-back';
import { sampleEvents } from '../../report/sample-run';
import { runBrine } from '../run-brine';
import { temporaryFolder } from '../temporary-folder';

const captures = resolve('test/fixtures/capture');

/** A folder with the trace of a run in it. */
async function folderWithTrace(context: TestContext): Promise<string> {
  const folder = temporaryFolder(context);
  const trace = createTrace({ mode: 'full' });
  let nowUs = 0;
  trace.useClock(() => nowUs);
  for (const { index: _, atUs, digest: __, ...event } of sampleEvents()) {
    nowUs = atUs;
    trace.add(event);
  }
  await writeTrace(trace, join(folder, 'run.ndjson'));
  return folder;
}

/** What `--json` prints. */
async function modelOf(folder: string, ...words: readonly string[]): Promise<TimelineModel> {
  const run = await runBrine(['report', ...words, '--json', '--output', '-'], folder);
  assert.equal(run.exitCode, 0, run.stderr);
  return JSON.parse(run.stdout);
}

test('brine report writes a page beside a trace and says where and of what', async (context) => {
  const folder = await folderWithTrace(context);

  const run = await runBrine(['report', 'run.ndjson'], folder);

  assert.equal(run.exitCode, 0, run.stderr);
  assert.equal(run.stdout, 'run.html (76 events, 4 connections)\n');
  assert.match(
    readFileSync(join(folder, 'run.html'), 'utf8'),
    /^<!doctype html>\n.*"title":"run\.ndjson"/s,
  );
});

for (const name of [
  'dumpcap.pcapng',
  'ethernet.pcap',
  'cooked-v1.pcap',
  'cooked-v2.pcap',
  'null.pcap',
  'nanoseconds.pcap',
  'big-endian.pcap',
]) {
  test(`brine report draws ${name}, a capture of another tool`, async (context) => {
    const folder = temporaryFolder(context);

    const { items, connections, lanes } = await modelOf(folder, join(captures, name));

    assert.ok(connections.length > 0);
    assert.ok(lanes.length >= 2);
    assert.ok(items.some(({ k }) => k === 'open'));
    assert.ok(items.some(({ k, b }) => k === 'data' && b !== undefined));
    assert.ok(items.some(({ k }) => k === 'fin' || k === 'rst'));
    const times = items.map(({ t }) => t);
    assert.deepEqual(
      times,
      times.toSorted((left, right) => left - right),
    );
  });
}

test('what a file is shows in its bytes, not in its name', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'odd.txt'), readFileSync(join(captures, 'dumpcap.pcapng')));

  const run = await runBrine(['report', 'odd.txt'], folder);

  assert.equal(run.exitCode, 0, run.stderr);
  assert.ok(existsSync(join(folder, 'odd.txt.html')));
});

test('brine report overwrites nothing without --force', async (context) => {
  const folder = await folderWithTrace(context);
  writeFileSync(join(folder, 'run.html'), 'mine');

  const refused = await runBrine(['report', 'run.ndjson'], folder);
  assert.equal(refused.exitCode, 2);
  assert.equal(refused.stderr, 'run.html exists; --force replaces it\n');
  assert.equal(readFileSync(join(folder, 'run.html'), 'utf8'), 'mine');

  const forced = await runBrine(['report', 'run.ndjson', '--force'], folder);
  assert.equal(forced.exitCode, 0, forced.stderr);
  assert.notEqual(readFileSync(join(folder, 'run.html'), 'utf8'), 'mine');
});

test('several files are several pages, which cannot have one name', async (context) => {
  const folder = await folderWithTrace(context);
  writeFileSync(join(folder, 'other.pcap'), readFileSync(join(captures, 'ethernet.pcap')));

  const both = await runBrine(['report', 'run.ndjson', 'other.pcap'], folder);
  assert.match(both.stdout, /^run\.html \(.*\)\nother\.html \(.*\)\n$/);

  const one = await runBrine(['report', 'run.ndjson', 'other.pcap', '-o', 'x.html'], folder);
  assert.equal(one.exitCode, 2);
  assert.match(one.stderr, /^--output names one file, and there are 2 to read\n$/);
});

test('a file that is no trace and no capture ends with 2 and says what it begins with', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'notes.txt'), '# notes\n');

  const foreign = await runBrine(['report', 'notes.txt'], folder);
  assert.equal(foreign.exitCode, 2);
  assert.equal(foreign.stderr, 'notes.txt: not a capture: starts with 23 20 6e 6f 74 65 73 0a\n');

  const missing = await runBrine(['report', 'missing.pcapng'], folder);
  assert.equal(missing.exitCode, 2);
  assert.equal(missing.stderr, 'read capture missing.pcapng: no such file or folder\n');
});

test('a wrong line of a trace is named by its number', async (context) => {
  const folder = await folderWithTrace(context);
  const lines = readFileSync(join(folder, 'run.ndjson'), 'utf8').split('\n');
  lines[6] = '{"nothing": true}';
  writeFileSync(join(folder, 'broken.ndjson'), lines.join('\n'));

  const run = await runBrine(['report', 'broken.ndjson'], folder);

  assert.equal(run.exitCode, 2);
  assert.match(run.stderr, /^broken\.ndjson: line 7: /);
});

test('a trace that a crash has cut is drawn up to there, with a warning on the page', async (context) => {
  const folder = await folderWithTrace(context);
  const whole = readFileSync(join(folder, 'run.ndjson'), 'utf8');
  writeFileSync(join(folder, 'cut.ndjson'), whole.slice(0, whole.length / 2));

  const run = await runBrine(['report', 'cut.ndjson', '--json', '-o', '-'], folder);

  assert.equal(run.exitCode, 0);
  assert.match(run.stderr, /^cut\.ndjson: /);
  const { items, warnings } = JSON.parse(run.stdout) as TimelineModel;
  assert.ok(items.length > 5);
  assert.deepEqual(run.stderr, warnings.map((text) => `cut.ndjson: ${text}\n`).join(''));
});

test('a folder that cannot be written to ends with 1', async (context) => {
  const folder = await folderWithTrace(context);

  const run = await runBrine(['report', 'run.ndjson', '-o', 'missing/run.html'], folder);

  assert.equal(run.exitCode, 1);
  assert.match(run.stderr, /^write missing\/run\.html: ENOENT/);
});

test('connections and times are chosen before limits apply', async (context) => {
  const folder = await folderWithTrace(context);

  const { connections } = await modelOf(folder, '--connection', 's3', 'run.ndjson');
  assert.deepEqual(
    connections.map(({ id }) => id),
    ['c3'],
  );

  const early = await modelOf(folder, 'run.ndjson', '--to', '1s');
  assert.ok(early.items.length > 5);
  assert.ok(early.items.every(({ t }) => t <= 1_000_000));

  const late = await modelOf(folder, 'run.ndjson', '--from', '5 minutes');
  assert.ok(late.items.every(({ t }) => t >= 300_000_000));

  const few = await modelOf(folder, 'run.ndjson', '--events', '10');
  assert.equal(few.items.filter(({ k }) => k !== 'left').length, 10);
});

test('a connection that is not there is refused with those that are', async (context) => {
  const folder = await folderWithTrace(context);

  const run = await runBrine(['report', 'run.ndjson', '--connection', 'c9'], folder);

  assert.equal(run.exitCode, 2);
  assert.match(run.stderr, /^no connection c9; there are c1, s1, c2, /);
});

test('bytes are left out or masked before anything is written', async (context) => {
  const folder = await folderWithTrace(context);

  const lengths = await modelOf(folder, 'run.ndjson', '--no-bytes');
  assert.ok(lengths.items.every(({ b }) => b === undefined));

  const masked = await modelOf(
    folder,
    'run.ndjson',
    '--redact',
    'EHLO (\\w+)',
    '--redact',
    'inbox',
  );
  const payloads = masked.items.map(({ b = '' }) => Buffer.from(b, 'base64').toString('latin1'));
  assert.ok(payloads.includes('EHLO **\r\n'));
  assert.ok(payloads.includes('LIST *****\r\n'));
});

test('participants are named by their addresses', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(captures, 'ethernet.pcap');
  const { lanes } = await modelOf(folder, file);
  const server = lanes.at(-1)?.name ?? '';

  const named = await modelOf(folder, file, '--name', `${server}=edge`);

  assert.equal(named.lanes.at(-1)?.name, 'edge');
  const wrong = await runBrine(['report', file, '--name', 'edge', '-o', '-'], folder);
  assert.equal(wrong.exitCode, 2);
});

for (const [words, message] of [
  [['--events', '0'], /--events <n>.*must be a whole number above 0/],
  [['--bytes', '5 parsecs'], /unit|size/],
  [['--from', 'noon'], /from must be a duration/],
  [['--redact', '('], /^invalid regular expression \/\(\/: unterminated group$/m],
  [['--theme', 'red'], /Allowed choices are auto, light, dark/],
] as const) {
  test(`brine report ${words.join(' ')} ends with 2 and says what it has to be`, async (context) => {
    const folder = await folderWithTrace(context);

    const run = await runBrine(['report', 'run.ndjson', ...words], folder);

    assert.equal(run.exitCode, 2, run.stdout);
    assert.match(run.stderr, message);
  });
}

test('a folder is all traces and captures below it, a trace going before its capture', async (context) => {
  const folder = await folderWithTrace(context);
  mkdirSync(join(folder, 'deep'));
  for (const name of ['run.pcapng', 'deep/other.bin'])
    writeFileSync(join(folder, name), readFileSync(join(captures, 'dumpcap.pcapng')));
  writeFileSync(join(folder, 'notes.txt'), '# notes\n');

  const first = await runBrine(['report', '.'], folder);
  assert.equal(first.exitCode, 0, first.stderr);
  assert.deepEqual(first.stdout.match(/^\S+/gm), ['deep/other.bin.html', 'run.html']);
  assert.match(readFileSync(join(folder, 'run.html'), 'utf8'), /"title":"run\.ndjson"/);

  const again = await runBrine(['report', '.'], folder);
  assert.deepEqual([again.exitCode, again.stdout], [0, '']);
  assert.match(again.stderr, /^run\.html exists; --force replaces it$/m);

  mkdirSync(join(folder, 'empty'));
  const none = await runBrine(['report', 'empty'], folder);
  assert.deepEqual([none.exitCode, none.stderr], [2, 'no trace and no capture in empty\n']);
});

test('the name of the output says what is written: a wire log, a capture, a model', async (context) => {
  const folder = await folderWithTrace(context);
  const write = async (...words: readonly string[]) => {
    const run = await runBrine(['report', 'run.ndjson', '--connection', 'c3', ...words], folder);
    assert.equal(run.exitCode, 0, run.stderr);
  };

  await write('-o', 'run.script');
  await write('-o', 'run.pcapng', '--redact', 'inbox');
  await write('-o', 'model.json');

  assert.match(readFileSync(join(folder, 'run.script'), 'utf8'), /> "LIST inbox\\r\\n"\n/);
  const [connection, ...rest] = await readConnections(readFileSync(join(folder, 'run.pcapng')));
  assert.ok(connection !== undefined && rest.length === 0);
  assert.equal(streamsOf(connection).out.toString(), 'LIST *****\r\n');
  const model: TimelineModel = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  assert.equal(model.connections.length, 1);
});

test('a summary has connections, bytes and endings, as a table or as JSON', async (context) => {
  const folder = await folderWithTrace(context);

  const table = await runBrine(['report', 'run.ndjson', '--summary'], folder);
  const json = await runBrine(['report', 'run.ndjson', '--summary', '--json'], folder);

  assert.match(table.stdout, /^run\.ndjson: 4 connections, 76 events, 301\.5\d+ s, \d+ bytes to /);
  assert.match(table.stdout, /\n {2}\[1\] {2}client "alice" → \S.*\d {2}RST\n/);
  assert.ok(!existsSync(join(folder, 'run.html')));
  const { file, bytes, connections, warnings } = JSON.parse(json.stdout);
  assert.deepEqual([file, connections.length, warnings], ['run.ndjson', 4, []]);
  const sum = connections.reduce(
    (total: number, one: { bytes: { out: number } }) => total + one.bytes.out,
    0,
  );
  assert.equal(bytes.out, sum);
  assert.deepEqual(connections.at(-1), { ...connections.at(-1), number: 4, ended: 'open' });
});

test('a trace without bytes becomes no capture, and says what it takes', async (context) => {
  const folder = temporaryFolder(context);
  const trace = createTrace({ mode: 'events' });
  for (const { index: _, atUs: __, digest: ___, ...event } of sampleEvents()) trace.add(event);
  await writeTrace(trace, join(folder, 'run.ndjson'));

  const run = await runBrine(['report', 'run.ndjson', '-o', 'run.pcapng'], folder);

  assert.equal(run.exitCode, 2);
  assert.equal(run.stderr, "this trace has no bytes; run with trace: 'full'\n");
});

const opener = process.platform === 'linux' ? false : 'the opener of this platform is another one';

test('--open hands the first page to the opener of the system', {
  skip: opener,
}, async (context) => {
  const folder = await folderWithTrace(context);
  writeFileSync(join(folder, 'other.pcap'), readFileSync(join(captures, 'ethernet.pcap')));
  const seen = join(folder, 'seen');
  execFileSync('mkfifo', [seen]);
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > '${seen}'\n`, { mode: 0o755 });
  const { CI: ci, PATH: path } = process.env;
  context.after(() =>
    Object.assign(process.env, { PATH: path }, ci === undefined ? {} : { CI: ci }),
  );
  delete process.env['CI'];
  process.env['PATH'] = `${folder}:${path}`;

  const run = await runBrine(['report', '--open', 'run.ndjson', 'other.pcap'], folder);

  assert.equal(run.stderr, '');
  assert.equal(await readFile(seen, 'utf8'), `${join(folder, 'run.html')}\n`);
});

test('a page that cannot be opened is written all the same, and the reason is said', async () => {
  assert.equal(await openPage('/x.html', { CI: 'true' }), 'not opened: CI is set');
  assert.match(
    (await openPage('/x.html', { PATH: '/nowhere' })) ?? '',
    /^not opened: there is no /,
  );
});
