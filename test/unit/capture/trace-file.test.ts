import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import {
  parseTrace,
  readTrace,
  type TraceFileOptions,
  writeTrace,
} from '../../../src/capture/trace-file';
import { traceSchema } from '../../../src/capture/trace-schema';
import type { Trace } from '../../../src/network/trace';
import type { World } from '../../../src/network/world';
import { TraceHash } from '../../../src/network/world/event-hash';
import { createTrace } from '../../../src/network/world/trace';
import { simulatedWorld } from '../../../src/simulation/world';
import { problemsOf } from './matches-schema';
import { anyEvent, comparable, traceOf } from './wire-arbitraries';

const folder = mkdtempSync(join(tmpdir(), 'brine-trace-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function freshPath(): string {
  return join(folder, `run-${++files}.ndjson`);
}

async function textOf(source: World | Trace, options: TraceFileOptions = {}): Promise<string> {
  const path = freshPath();
  await writeTrace(source, path, options);
  return readFileSync(path, 'utf8');
}

const small = createTrace({ mode: 'full' });
small.add({ connection: 'c1', from: 'a', to: 'b', direction: 'out', kind: 'syn' });
small.add({
  connection: 'c1',
  from: 'a',
  to: 'b',
  direction: 'out',
  kind: 'write',
  bytes: Buffer.from('PASS x'),
  stream: 0,
});
small.add({ connection: 'c1', from: 'a', to: 'b', direction: '-', kind: 'close' });

/** Lines of a file with some of them changed. */
function changed(change: (lines: string[]) => readonly string[]): Promise<Buffer> {
  return textOf(small).then((text) => {
    const lines = text.trimEnd().split('\n');
    return Buffer.from(`${change(lines).join('\n')}\n`);
  });
}

test('a trace that was written is read back with the same events, and the same hashes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEvent, { maxLength: 20 }),
      fc.constantFrom('full' as const, 'events' as const),
      async (events, mode) => {
        const trace = traceOf(events, { mode });
        const path = freshPath();
        await writeTrace(trace, path);

        const read = await readTrace(path);

        assert.deepEqual(comparable(read.events), comparable(trace.events));
        assert.deepEqual([read.complete, read.warnings], [true, []]);
        const hash = new TraceHash();
        for (const event of read.events) hash.add(event);
        assert.equal(hash.print(), trace.hash());
        assert.equal(
          hash.print({ withoutCiphertext: true }),
          trace.hash({ withoutCiphertext: true }),
        );
        rmSync(path);
      },
    ),
    { numRuns: 60 },
  );
});

test('every line that is written is one of the schema', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { maxLength: 10 }), async (events) => {
      const lines = (await textOf(traceOf(events))).trimEnd().split('\n');

      assert.deepEqual(
        lines.flatMap((line) => problemsOf(traceSchema, JSON.parse(line))),
        [],
      );
    }),
    { numRuns: 40 },
  );
});

test('the header tells network, plan and wall clock of a simulated world, and nothing of the machine', async () => {
  const world = simulatedWorld({ plan: { v: 1, seed: 5 }, trace: 'full' });
  const text = await world.run(async () => textOf(world));

  assert.deepEqual(JSON.parse(text.split('\n')[0] ?? ''), {
    brine: 'trace',
    v: 1,
    plan: { v: 1, seed: 5 },
    versions: {
      brine: JSON.parse(readFileSync('package.json', 'utf8')).version,
      node: process.versions.node,
      openssl: process.versions.openssl,
    },
    epoch: '2023-11-14T22:13:20Z',
    network: 'simulated',
  });
});

test('the keys of an event stand in the order of the contract', async () => {
  const [, , line = ''] = (await textOf(small)).split('\n');

  assert.equal(
    line,
    '{"index":1,"atUs":0,"connection":"c1","from":"a","to":"b","direction":"out","kind":"write",' +
      '"length":6,"bytes":"UEFTUyB4","digest":2764518820,"stream":0}',
  );
});

test('a trace that is cut anywhere is read up to the cut, with a warning', async () => {
  const bytes = Buffer.from(await textOf(small));
  const [header = 0] = [bytes.indexOf(10)];

  for (let length = header + 1; length < bytes.length - 1; length++) {
    const { events, complete, warnings } = parseTrace(bytes.subarray(0, length));

    assert.equal(complete, false);
    assert.match(warnings.join('; '), /the writer did not finish/);
    assert.deepEqual(comparable(events), comparable(small.events.slice(0, events.length)));
  }
  for (let length = 0; length < header; length++) {
    assert.throws(() => parseTrace(bytes.subarray(0, length)), { code: 'ECAPTUREFORMAT' });
  }
});

for (const [what, change, message] of [
  [
    'an index that does not follow',
    (lines) => [lines[0], lines[1], lines[3], lines[4]],
    /line 3: index 2 after 0/,
  ],
  [
    'time that goes back',
    (lines) => lines.map((line, at) => (at === 1 ? line.replace('"atUs":0', '"atUs":7') : line)),
    /line 3: time goes back from 7 to 0 µs/,
  ],
  [
    'an event that was changed',
    (lines) => lines.map((line) => line.replace('"kind":"syn"', '"kind":"fin"')),
    /line 5: hash differs: file says [0-9a-f]{32}, events give [0-9a-f]{32}/,
  ],
  [
    'bytes that were changed',
    (lines) => lines.map((line) => line.replace('UEFTUyB4', 'UEFTUyB5')),
    /line 3: event 1: the bytes do not have the digest given/,
  ],
  [
    'a count of events that is not theirs',
    (lines) => [...lines.slice(0, 3), lines[4]],
    /line 4: the file says 3 events and holds 2/,
  ],
  [
    'a later version',
    (lines) => lines.map((line) => line.replace('"v":1', '"v":2')),
    /line 1: trace version 2, this Brine reads 1/,
  ],
  [
    'a line that is no JSON',
    (lines) => [lines[0], 'x', ...lines.slice(1)],
    /line 2: not a JSON object/,
  ],
  [
    'a value of the wrong type',
    (lines) => lines.map((line) => line.replace('"atUs":0', '"atUs":"0"')),
    /line 2: atUs must be a whole number of 0 or more, got "0" \(string\)/,
  ],
  ['another JSON file', () => ['{"brine":"plan"}'], /line 1: not a trace: brine is "plan"/],
  ['lines behind the last', (lines) => [...lines, lines[1]], /line 6: stands behind the end line/],
] as const satisfies readonly (readonly [
  string,
  (lines: string[]) => readonly (string | undefined)[],
  RegExp,
])[]) {
  test(`a trace with ${what} is refused with the line`, async () => {
    const bytes = await changed((lines) => change(lines) as readonly string[]);

    assert.throws(() => parseTrace(bytes, 'out/run.ndjson'), {
      code: 'ECAPTUREFORMAT',
      phase: 'read',
      path: 'out/run.ndjson',
      message,
    });
  });
}

test('an unknown key is kept in the detail, and an unknown kind as a note', async () => {
  const bytes = await changed((lines) =>
    lines.map((line) => line.replace('"kind":"close"', '"kind":"teleport","speed":3,"to2":[1]')),
  );

  const { events, warnings } = parseTrace(bytes);

  const { kind, detail } = events[2] ?? {};
  assert.deepEqual(
    { kind, detail },
    { kind: 'note', detail: { speed: 3, to2: '[1]', kind: 'teleport' } },
  );
  assert.deepEqual(warnings, ['line 4: kind "teleport" is not known here: kept as a note']);
});

test('a line over 64 MiB is refused', () => {
  const start = Buffer.from(
    '{"brine":"trace","v":1,"epoch":"2023-11-14T22:13:20Z","network":"real"}\n',
  );

  assert.throws(() => parseTrace(Buffer.concat([start, Buffer.alloc(64 * 2 ** 20 + 1, 'x')])), {
    code: 'ECAPTUREFORMAT',
    line: 2,
    message: /longer than 64 MiB/,
  });
});

test('a trace whose limit pushed events out says how many, and is read without them', async () => {
  const trace = createTrace({ mode: 'full', maxEvents: 2 });
  for (let count = 0; count < 5; count++) {
    trace.add({ connection: '', from: '', to: '', direction: '-', kind: 'note' });
  }

  const { header, events, complete } = parseTrace(Buffer.from(await textOf(trace)));

  assert.equal(header.dropped, 3);
  assert.deepEqual(
    events.map(({ index }) => index),
    [3, 4],
  );
  assert.ok(complete);
});

test('a redacted trace masks bytes and texts, and has neither digest nor hash', async () => {
  const trace = createTrace({ mode: 'full' });
  const end = { connection: 'c1', from: 'a', to: 'b', direction: 'out' } as const;
  trace.add({ ...end, kind: 'write', bytes: Buffer.from('USER a\r\nPA') });
  trace.add({ ...end, kind: 'write', bytes: Buffer.from('SS hunter2\r\n') });
  trace.add({ ...end, kind: 'note', detail: { mark: 'PASS hunter2', size: 7 } });

  const text = await textOf(trace, { redact: [{ regex: 'PASS \\S+' }] });

  const { header, events } = parseTrace(Buffer.from(text));
  assert.equal(header.redacted, true);
  assert.equal(
    events.map(({ bytes }) => Buffer.from(bytes ?? []).toString()).join(''),
    'USER a\r\n************\r\n',
  );
  assert.deepEqual(events[2]?.detail, { mark: '************', size: 7 });
  assert.doesNotMatch(text, /"digest"|"hash"/);
  assert.doesNotMatch(text, /hunter2|aHVudGVyMg/);
});

test('cipher text is not masked', async () => {
  const trace = createTrace({ mode: 'full' });
  const end = { connection: 'c1', from: 'a', to: 'b', direction: 'out' } as const;
  trace.add({ ...end, kind: 'tls', detail: { event: 'start' } });
  trace.add({ ...end, kind: 'write', bytes: Buffer.from('secret') });

  const text = await textOf(trace, { redact: [{ regex: 'secret' }] });

  assert.equal(
    Buffer.from(parseTrace(Buffer.from(text)).events[1]?.bytes ?? []).toString(),
    'secret',
  );
});

test('the key log of TLS is written only when it is asked for', async () => {
  const trace = createTrace({ mode: 'full' });
  const line = 'CLIENT_RANDOM 00 11';
  trace.add({
    connection: 'c1',
    from: 'a',
    to: 'b',
    direction: '-',
    kind: 'tls',
    detail: { event: 'keylog', line },
  });
  const path = freshPath();

  assert.doesNotMatch(await textOf(trace), /CLIENT_RANDOM/);
  await writeTrace(trace, path, { secrets: true });

  assert.equal((await readTrace(path)).events[0]?.detail?.['line'], line);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a trace is written into folders that are missing, and over a file only when told to', async () => {
  const path = join(folder, 'new', 'deep', 'run.ndjson');
  await writeTrace(small, path);

  await assert.rejects(writeTrace(small, path), {
    code: 'ECAPTUREFILE',
    phase: 'config',
    path,
    message: `write trace ${path}: it exists already (overwrite: true replaces it)`,
  });
  await writeTrace(small, path, { overwrite: true });

  assert.equal((await readTrace(path)).events.length, 3);
});

test('a path that leads through a file is refused', async () => {
  const path = freshPath();
  writeFileSync(path, '');

  await assert.rejects(writeTrace(small, join(path, 'run.ndjson')), {
    code: 'ECAPTUREFILE',
    phase: 'config',
  });
  await assert.rejects(readTrace(join(folder, 'nowhere.ndjson')), {
    code: 'ECAPTUREFILE',
    message: /no such file or folder/,
  });
});

test('an unknown option is refused', async () => {
  await assert.rejects(writeTrace(small, freshPath(), { secret: true } as object), {
    code: 'ECONFIG',
    message: 'writeTrace: unknown key "secret" (did you mean "secrets"?)',
  });
});

for (const [change, message] of [
  [{ brine: 'tape' }, /not a trace/],
  [{ v: 'one' }, /^\S*v must be 1, got "one"/],
  [{ epoch: 'noon' }, /epoch must be a time such as "2023-11-14T22:13:20Z", got "noon"/],
  [{ network: 'paper' }, /network must be "real" or "simulated", got "paper"/],
] as const) {
  test(`a header with ${JSON.stringify(change)} is refused with what it has to be`, () => {
    const header = { brine: 'trace', v: 1, epoch: '2023-11-14T22:13:20Z', network: 'real' };
    const text = `${JSON.stringify({ ...header, ...change })}\n`;

    assert.throws(
      () => parseTrace(Buffer.from(text)),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'ECAPTUREFORMAT');
        return message.test(error.message.replace(/^line 1: /, ''));
      },
    );
  });
}
