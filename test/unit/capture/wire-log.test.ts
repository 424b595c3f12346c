import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseScript } from '../../../src/capture/script-parser';
import { printScript } from '../../../src/capture/script-printer';
import { readWireLog, wireLogOf, wireLogScript } from '../../../src/capture/wire-log';
import type { WireEvent, WireEventKind } from '../../../src/network/wire-event';

type Facts = Partial<Omit<WireEvent, 'bytes'>> & { readonly bytes?: string | Uint8Array };

/** Builds a trace: milliseconds, id of the end, direction, kind, facts. */
function trace(
  ...rows: readonly (readonly [number, string, WireEvent['direction'], WireEventKind, Facts?])[]
): WireEvent[] {
  return rows.map(([ms, connection, direction, kind, facts = {}], index) => {
    const { bytes, ...rest } = facts;
    const content = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    return {
      index,
      atUs: Math.round(ms * 1_000),
      connection,
      from: '',
      to: '',
      direction,
      kind,
      ...(content === undefined ? {} : { bytes: content, length: content.byteLength }),
      ...rest,
    };
  });
}

const address = (port: number, host = '127.0.0.1') =>
  ({ host, port, family: host.includes(':') ? 'IPv6' : 'IPv4' }) as const;
const lines = (text: string) => text.split('\n').slice(0, -1);

/** Both ends are ours and report everything, as the real network does. */
const bothEnds = trace(
  [100, 'c1', 'out', 'syn', { local: address(0), remote: address(25) }],
  [100.1, 'c1', 'in', 'established', { local: address(5000), remote: address(25) }],
  [100.2, 'c1', 'out', 'write', { bytes: 'EHLO me\r\n' }],
  [100.3, 's1', 'out', 'accepted', { local: address(25), remote: address(5000) }],
  [103, 's1', 'out', 'data', { bytes: 'EHLO me\r\n' }],
  [104, 's1', 'in', 'write', { bytes: '250 ok\r\n' }],
  [105, 'c1', 'in', 'data', { bytes: '250 ' }],
  [105.2, 'c1', 'in', 'data', { bytes: 'ok\r\n' }],
  [140, 'c1', 'out', 'fin'],
  [141, 's1', 'out', 'fin'],
  [142, 's1', 'in', 'fin'],
  [143, 'c1', 'in', 'fin'],
  [144, 'c1', '-', 'close', { detail: { hadError: false } }],
);

test('a real connection of which both ends report is shown once, as its dialling end saw it', () => {
  assert.deepEqual(lines(wireLogOf(bothEnds)), [
    '@0 ms  * accept',
    '@0 ms  > "EHLO me\\r\\n"',
    '@5 ms  < "250 "',
    '@5 ms  < "ok\\r\\n"',
    '@40 ms * peer closes',
    '@43 ms * close',
  ]);
});

test('a simulated connection is shown as its receivers saw it', () => {
  assert.deepEqual(lines(wireLogOf(bothEnds, { network: 'simulated' })), [
    '@100 us * accept',
    '@3 ms   > "EHLO me\\r\\n"',
    '@5 ms   < "250 "',
    '@5.2 ms < "ok\\r\\n"',
    '@41 ms  * peer closes',
    '@43 ms  * close',
  ]);
});

test('bytes that were written on a simulated network and never delivered are not in its log', () => {
  const events = trace(
    [0, 'c1', 'out', 'write', { bytes: 'lost' }],
    [1, 'c1', 'out', 'rst', { detail: { reason: 'destroyed with unread bytes' } }],
  );

  assert.deepEqual(lines(wireLogOf(events.concat(accepted(2)), { network: 'simulated' })), [
    '@1 ms * peer resets  # destroyed with unread bytes',
    '@2 ms * accept',
  ]);
});

function accepted(ms: number): WireEvent[] {
  return trace([ms, 's1', 'out', 'accepted']).map((event) => ({ ...event, index: 10 }));
}

test('a connection of a stranger is shown as its accepting end saw it', () => {
  const events = trace(
    [0, 's4', 'out', 'accepted', { local: address(25), remote: address(6000) }],
    [1, 's4', 'in', 'write', { bytes: '220 hi\r\n' }],
    [2, 's4', 'out', 'data', { bytes: 'QUIT\r\n' }],
    [3, 's4', 'out', 'rst', { detail: { reason: 'read ECONNRESET' } }],
    [3, 's4', '-', 'error', { detail: { code: 'ECONNRESET' } }],
  );

  assert.deepEqual(lines(wireLogOf(events, { numbers: 'always' })), [
    '@0 ms [4] * accept',
    '@1 ms [4] < "220 hi\\r\\n"',
    '@2 ms [4] > "QUIT\\r\\n"',
    '@3 ms [4] * peer resets',
  ]);
});

test('a connection to a stranger begins with connect', () => {
  const events = trace(
    [0, 'c2', 'in', 'established', { local: address(6000), remote: address(25) }],
    [1, 'c2', 'in', 'data', { bytes: '220\r\n' }],
    [2, 'c2', 'in', 'rst'],
  );

  assert.deepEqual(lines(wireLogOf(events, { times: 'none' })), [
    '* connect',
    '< "220\\r\\n"',
    '* reset',
  ]);
});

test('ends are paired by their mirrored addresses when their numbers differ', () => {
  const events = trace(
    [0, 'c1', 'in', 'established', { local: address(5001), remote: address(25) }],
    [0, 'c2', 'in', 'established', { local: address(5002), remote: address(25) }],
    [
      1,
      's8',
      'out',
      'accepted',
      { local: address(25, '::ffff:127.0.0.1'), remote: address(5002, '::FFFF:127.0.0.1') },
    ],
    [1, 's9', 'out', 'accepted', { local: address(25), remote: address(5001) }],
    [2, 's8', 'out', 'data', { bytes: 'b' }],
    [2, 'c2', 'out', 'write', { bytes: 'b' }],
    [3, 'c1', 'out', 'write', { bytes: 'a' }],
    [3, 's9', 'out', 'data', { bytes: 'a' }],
  );

  assert.deepEqual(lines(wireLogOf(events, { times: 'none' })), [
    '[1] * accept',
    '[2] * accept',
    '[2] > "b"',
    '[1] > "a"',
  ]);
});

test('an address used again belongs to the next connection with it', () => {
  const ends = { local: address(5001), remote: address(25) };
  const mirrored = { local: address(25), remote: address(5001) };
  const events = trace(
    [0, 'c1', 'in', 'established', ends],
    [0, 's7', 'out', 'accepted', mirrored],
    [1, 'c2', 'in', 'established', ends],
    [1, 's8', 'out', 'accepted', mirrored],
    [2, 's8', 'out', 'data', { bytes: 'x' }],
    [2, 'c2', 'out', 'write', { bytes: 'x' }],
  );

  assert.deepEqual(lines(wireLogOf(events, { times: 'none' })), [
    '[1] * accept',
    '[2] * accept',
    '[2] > "x"',
  ]);
});

test('a FIN after which the other side goes on sending is a half-close', () => {
  const events = trace(
    [0, 's1', 'out', 'accepted'],
    [1, 's1', 'out', 'fin'],
    [2, 's1', 'in', 'write', { bytes: 'bye' }],
    [3, 's1', 'in', 'fin'],
  );
  const served = trace(
    [0, 's1', 'out', 'accepted'],
    [1, 's1', 'in', 'fin'],
    [2, 's1', 'out', 'data', { bytes: 'more' }],
    [3, 's1', 'out', 'fin'],
  );

  assert.deepEqual(lines(wireLogOf(events, { times: 'none' })), [
    '* accept',
    '* peer half-closes',
    '< "bye"',
    '* close',
  ]);
  assert.deepEqual(lines(wireLogOf(served, { times: 'none' })), [
    '* accept',
    '* half-close',
    '> "more"',
    '* peer closes',
  ]);
});

test('a FIN or RST that only the other end reports is still shown', () => {
  const events = trace(
    [0, 'c1', 'in', 'established'],
    [0, 's1', 'out', 'accepted'],
    [1, 's1', 'in', 'rst', { detail: { reason: 'immediateStop' } }],
  );

  assert.equal(wireLogOf(events).split('\n')[1], '@1 ms * reset  # immediateStop');
});

test('a close is shown in front of a reset, but not when the kernel made a reset of it', () => {
  const open = [
    [0, 'c1', 'in', 'established'],
    [0, 's1', 'out', 'accepted'],
  ] as const;
  const closedThenReset = trace(
    ...open,
    [1, 'c1', 'out', 'fin', { detail: { by: 'destroy' } }],
    [2, 's1', 'out', 'fin'],
    [3, 'c1', 'in', 'rst'],
    [3, 'c1', '-', 'error', { detail: { code: 'ECONNRESET' } }],
  );
  const resetInstead = trace(
    ...open,
    [1, 'c1', 'out', 'fin', { detail: { by: 'destroy', mayBeReset: true } }],
    [2, 's1', 'out', 'rst'],
    [3, 's1', 'in', 'fin'],
  );
  const closedAfterAll = trace(...open, [
    1,
    'c1',
    'out',
    'fin',
    { detail: { by: 'destroy', mayBeReset: true } },
  ]);

  assert.deepEqual(lines(wireLogOf(closedThenReset, { times: 'none' })), [
    '* accept',
    '* peer closes',
    '* reset',
  ]);
  assert.deepEqual(lines(wireLogOf(resetInstead, { times: 'none' })), [
    '* accept',
    '* peer resets',
  ]);
  assert.deepEqual(lines(wireLogOf(closedAfterAll, { times: 'none' })), [
    '* accept',
    '* peer closes',
  ]);
});

test('failures are shown in the words that steps use, with the details as a comment', () => {
  const events = trace(
    [0, 'c1', 'out', 'syn'],
    [1, 'c1', 'in', 'refused', { detail: { code: 'ECONNREFUSED' } }],
    [1, 'c1', '-', 'error', { detail: { code: 'ECONNREFUSED', syscall: 'connect' } }],
    [2, 'c2', '-', 'timeout', { detail: { what: 'read of 4 bytes' } }],
    [3, 'c2', '-', 'timeout', { detail: { what: 'write' } }],
    [4, 'c2', '-', 'timeout', { detail: { what: 'idle for 2 s' } }],
    [5, 'c3', 'in', 'timeout', { detail: { code: 'ETIMEDOUT' } }],
    [5, 'c3', '-', 'error', { detail: { code: 'ETIMEDOUT' } }],
    [6, 'c4', '-', 'error', { detail: { code: 'ENETUNREACH' } }],
    [7, 'c5', '-', 'error', { detail: { code: 'EMFILE' } }],
    [8, 'c6', '-', 'error', { detail: { message: 'what ever' } }],
    [9, 'c7', '-', 'error', { detail: { code: 'ECONNRESET' } }],
  );

  assert.deepEqual(lines(wireLogOf(events)), [
    '@1 ms [1] * error connection refused',
    '@2 ms [2] * error read timeout  # read of 4 bytes',
    '@3 ms [2] * error write timeout  # write',
    '@4 ms [2] * error idle timeout  # idle for 2 s',
    '@5 ms [3] * error connect timeout',
    '@6 ms [4] * error host unreachable',
    '@7 ms [5] * error EMFILE',
    '@8 ms [6] * error unknown',
    '@9 ms [7] * error connection reset',
  ]);
});

test('marks, faults and back-pressure of the server are lines; what crossed no wire is not', () => {
  const events = trace(
    [0, '', '-', 'lookup'],
    [0, 's1', 'out', 'accepted'],
    [1, 's1', '-', 'pause'],
    [2, 'c1', '-', 'pause'],
    [3, 's1', '-', 'resume'],
    [4, '', '-', 'note', { detail: { mark: 'after "login"' } }],
    [5, '', '-', 'note', { detail: { text: 'x' } }],
    [6, 's1', '-', 'fault', { detail: { type: 'latency', ms: 5 } }],
    [7, '', '-', 'timer'],
    [7, 's1', '-', 'window', { detail: { bytes: 0 } }],
  );

  assert.deepEqual(lines(wireLogOf(events)), [
    '@0 ms * accept',
    '@1 ms * stop reading',
    '@3 ms * read again',
    '@4 ms * mark "after \\"login\\""',
    '@6 ms * fault "latency ms 5"',
  ]);
});

test('times count from the line before when asked, and numbers appear among several connections', () => {
  const events = trace(
    [10, 's1', 'out', 'accepted'],
    [13, 's12', 'out', 'accepted'],
    [24, 's1', 'out', 'data', { bytes: 'a' }],
    [25, '', '-', 'note', { detail: { mark: 'm' } }],
  );

  assert.deepEqual(lines(wireLogOf(events, { times: 'previous', startUs: 0 })), [
    '+10 ms [1]  * accept',
    '+3 ms  [12] * accept',
    '+11 ms [1]  > "a"',
    '+1 ms       * mark "m"',
  ]);
});

test('a log of some connections leaves the others out, whichever end is named', () => {
  const events = trace(
    [0, 's1', 'out', 'accepted'],
    [0, 's2', 'out', 'accepted'],
    [1, 'c2', 'out', 'write', { bytes: 'b' }],
    [1, 's1', 'out', 'data', { bytes: 'a' }],
  );

  assert.deepEqual(lines(wireLogOf(events, { connections: ['c2'] })), [
    '@0 ms * accept',
    '@1 ms > "b"',
  ]);
  assert.equal(wireLogOf(events, { connections: [] }), '');
});

test('the tail of a log counts the lines before it', () => {
  assert.deepEqual(lines(wireLogOf(bothEnds, { last: 2 })), [
    '# 4 earlier lines',
    '@40 ms * peer closes',
    '@43 ms * close',
  ]);
  assert.deepEqual(
    lines(wireLogOf(bothEnds, { last: 5, times: 'previous' }))[1],
    '+0 ms  > "EHLO me\\r\\n"',
  );
  assert.deepEqual(lines(wireLogOf(bothEnds, { last: 5 }))[0], '# 1 earlier line');
  assert.equal(wireLogOf(bothEnds, { last: 6 }), wireLogOf(bothEnds));
});

test('a long payload is shortened, unless it is a repetition, and the log is then no script', () => {
  const long = Buffer.from(
    Array.from({ length: 400 }, (_, index) => 0x41 + ((index * 7 + (index >> 3) * 5) % 26)),
  );
  const events = trace(
    [0, 's1', 'out', 'data', { bytes: long }],
    [1, 's1', 'out', 'data', { bytes: Buffer.alloc(5_000, 'a') }],
  );

  const text = wireLogOf(events);
  const [mark, first, second] = lines(text);

  assert.equal(mark, '# shortened');
  assert.equal(
    first,
    `@0 ms > "${long.toString('latin1', 0, 64)}"  # (… 320 bytes …) "${long.toString('latin1', 384)}"`,
  );
  assert.equal(second, '@1 ms > 5000 bytes of "a"');
  assert.throws(() => readWireLog(text), {
    code: 'ECONFIG',
    message: 'the wire log is shortened: it lacks bytes, so it is no script',
  });
  assert.throws(() => readWireLog(text, { file: 'a.script' }), /^TcpError: a\.script is shortened/);
  assert.equal(wireLogOf(events, { payloadLimit: 400 }).includes('#'), false);
});

test('bytes that the trace did not keep are counted in a comment', () => {
  const events = trace(
    [0, 's1', 'out', 'data', { length: 1 }],
    [0, 's1', 'in', 'write', { length: 4_000 }],
  );

  assert.deepEqual(lines(wireLogOf(events)), [
    '# shortened',
    '@0 ms # > 1 byte, not kept',
    '@0 ms # < 4 000 bytes, not kept',
  ]);
});

test('a mask sees the whole stream of a direction, however it was cut', () => {
  const events = trace(
    [0, 's1', 'out', 'data', { bytes: 'USER a\r\nPASS se' }],
    [1, 's1', 'in', 'write', { bytes: 'secret\r\n' }],
    [2, 's1', 'out', 'data', { bytes: 'cret\r\nQUIT\r\n' }],
  );
  const mask = (stream: Uint8Array) =>
    Buffer.from(
      Buffer.from(stream)
        .toString('latin1')
        .replace(/PASS \S+/g, (found) => '*'.repeat(found.length)),
      'latin1',
    );

  assert.deepEqual(lines(wireLogOf(events, { times: 'none', mask })), [
    '> "USER a\\r\\n*******"',
    '< "secret\\r\\n"',
    '> "****\\r\\nQUIT\\r\\n"',
  ]);
});

test('a trace as a script is what its log reads back as', () => {
  const options = { network: 'simulated', numbers: 'always' } as const;

  assert.deepEqual(readWireLog(wireLogOf(bothEnds, options)), wireLogScript(bothEnds, options));
});

test('every log with whole payloads is a script that says the same', () => {
  const event = fc.tuple(
    fc.nat(5),
    fc.constantFrom('c1', 's1', 's2', 'c3'),
    fc.constantFrom('in' as const, 'out' as const),
    fc.constantFrom<WireEventKind>(
      'accepted',
      'established',
      'write',
      'data',
      'fin',
      'rst',
      'timeout',
      'pause',
    ),
    fc.uint8Array({ maxLength: 300 }).map((list) => Buffer.from(list)),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), fc.boolean(), (rows, isReal) => {
      let now = 0;
      const events = trace(
        ...rows.map(([after, id, direction, kind, bytes]) => {
          now += after;
          const facts = kind === 'write' || kind === 'data' ? { bytes } : {};
          return [now, id, direction, kind, facts] as const;
        }),
      );
      const options = {
        network: isReal ? 'real' : 'simulated',
        numbers: 'always',
        payloadLimit: Number.POSITIVE_INFINITY,
        resolutionUs: 1,
      } as const;

      const text = wireLogOf(events, options);

      assert.deepEqual(readWireLog(text), wireLogScript(events, options));
      assert.equal(printScript(parseScript(text)).length > 0, text.length > 0);
    }),
    { numRuns: 300 },
  );
});
