import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TcpError } from '../../../src/base/errors';
import { limitOf } from '../../../src/tcp/call-options';
import { closedError } from '../../../src/tcp/system-error';
import { ManualClock } from '../../support/manual-clock';
import { LoneWrites } from '../../support/write-queue-owner';

const forEver = limitOf(Number.POSITIVE_INFINITY);
const KiB = 1_024;

function setUp(highWaterMark?: number): { clock: ManualClock; writes: LoneWrites } {
  const clock = new ManualClock();
  return { clock, writes: new LoneWrites(clock, highWaterMark) };
}

const outcomeOf = (write: Promise<void>): Promise<string> =>
  write.then(
    () => 'flushed',
    (error: unknown) => (TcpError.is(error) ? error.code : String(error)),
  );

function flushAll(writes: LoneWrites): void {
  while (writes.inFlight > 0) writes.flush();
}

test('a long write goes out in pieces of 64 KiB, and only so many are in flight at once', async () => {
  const { writes } = setUp(128 * KiB);

  const write = writes.write(Buffer.alloc(500 * KiB, 1), forEver);

  assert.deepEqual(
    writes.handed.map((piece) => piece.byteLength / KiB),
    [64, 64, 64],
  );
  writes.flush();
  assert.equal(writes.handed.length, 3, 'nothing more before half of the mark');
  writes.flush();
  assert.equal(writes.handed.length, 5);
  assert.equal(writes.bytesFlushed, 128 * KiB);
  flushAll(writes);
  await write;
  assert.equal(writes.bytesFlushed, 500 * KiB);
  assert.equal(writes.queue.unflushed, 0);
});

test('an empty write succeeds in its turn', async () => {
  const { writes } = setUp();
  const order: string[] = [];

  const before = writes.write(Buffer.from('a'), forEver).then(() => order.push('before'));
  const empty = writes.write(Buffer.alloc(0), forEver).then(() => order.push('empty'));
  const after = writes.write(Buffer.from('b'), forEver).then(() => order.push('after'));
  assert.deepEqual(order, []);
  flushAll(writes);
  await Promise.all([before, empty, after]);

  assert.deepEqual(order, ['before', 'empty', 'after']);
  assert.equal(writes.handed.length, 2, 'the network is not bothered with nothing');
});

test('FIN is handed over once everything before it was flushed', async () => {
  const { writes } = setUp();

  const write = writes.write(Buffer.from('a'), forEver);
  const end = writes.end(forEver);
  assert.equal(writes.endHanded, false);
  writes.flush();
  assert.equal(writes.endHanded, true);
  writes.flush();

  await Promise.all([write, end]);
  assert.equal(writes.queue.idle, true);
});

test('a write that times out breaks the queue: those in flight may end, those behind are refused', async () => {
  const { clock, writes } = setUp(64 * KiB);

  const first = writes.write(Buffer.alloc(64 * KiB), forEver);
  const second = writes.write(Buffer.alloc(64 * KiB), limitOf(100));
  const third = writes.write(Buffer.from('never sent'), forEver);
  const end = writes.end(forEver);
  clock.advance('99.999ms');
  assert.equal(writes.queue.broken, undefined);
  clock.advance('0.001ms');
  flushAll(writes);

  assert.equal(await outcomeOf(first), 'flushed');
  assert.equal(await outcomeOf(second), 'EWRITETIMEOUT');
  await assert.rejects(third, { code: 'ECLOSED', cause: writes.queue.broken });
  assert.equal(await outcomeOf(end), 'ECLOSED');
  assert.equal(writes.handed.length, 2);
  assert.equal(writes.endHanded, false);
  assert.equal(writes.queue.unflushed, 0);
  assert.deepEqual(clock.timers, []);
});

test('an aborted write that has not started leaves the queue as if it had not been', async () => {
  const { writes } = setUp(64 * KiB);
  const controller = new AbortController();

  const first = writes.write(Buffer.alloc(65 * KiB, 1), forEver);
  const second = writes.write(Buffer.from('gone'), { ...forEver, signal: controller.signal });
  const third = writes.write(Buffer.from('stays'), forEver);
  controller.abort();
  flushAll(writes);

  assert.equal(await outcomeOf(second), 'ABORT_ERR');
  assert.equal(await outcomeOf(first), 'flushed');
  assert.equal(await outcomeOf(third), 'flushed');
  assert.equal(writes.queue.broken, undefined);
  assert.equal(
    Buffer.concat(writes.handed)
      .subarray(65 * KiB)
      .toString(),
    'stays',
  );
});

test('an aborted write that has started breaks the queue', async () => {
  const { writes } = setUp(32 * KiB);
  const controller = new AbortController();

  const write = writes.write(Buffer.alloc(200 * KiB), { ...forEver, signal: controller.signal });
  writes.flush();
  controller.abort(new Error('enough'));
  flushAll(writes);

  await assert.rejects(write, { code: 'ABORT_ERR', cause: new Error('enough') });
  assert.equal(writes.queue.broken?.code, 'ABORT_ERR');
  assert.equal(writes.handed.length, 2, 'the pieces behind are not handed over');
  assert.equal(writes.queue.idle, true);
});

test('failing rejects what waits and forgets what was in flight', async () => {
  const { writes } = setUp();

  const write = writes.write(Buffer.from('a'), forEver);
  writes.queue.fail(() => closedError('write', 'write', {}));
  flushAll(writes);

  assert.equal(await outcomeOf(write), 'ECLOSED');
  assert.equal(writes.bytesFlushed, 0);
});

type Step =
  | { readonly do: 'write'; readonly length: number; readonly abortable: boolean }
  | { readonly do: 'flush' }
  | { readonly do: 'abort' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('write' as const),
    length: fc.constantFrom(0, 1, 1_000, 65_536, 65_537, 200_000),
    abortable: fc.boolean(),
  }),
  fc.record({ do: fc.constant('flush' as const) }),
  fc.record({ do: fc.constant('abort' as const) }),
);

test('whatever is written, flushed and aborted, bytes leave in order and every write is settled once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.constantFrom(1, 65_536, 300_000),
      async (steps, highWaterMark) => {
        const { writes } = setUp(highWaterMark);
        const calls: { bytes: Buffer; outcome: Promise<string> }[] = [];
        const settled: number[] = [];
        let controller = new AbortController();

        for (const action of steps) {
          if (action.do === 'flush') writes.flush();
          else if (action.do === 'abort') {
            controller.abort();
            controller = new AbortController();
          } else if (writes.queue.broken === undefined) {
            const bytes = Buffer.alloc(action.length, calls.length + 1);
            const limit = action.abortable ? { ...forEver, signal: controller.signal } : forEver;
            const index = calls.length;
            const outcome = outcomeOf(writes.write(bytes, limit)).then((code) => {
              if (code === 'flushed') settled.push(index);
              return code;
            });
            calls.push({ bytes, outcome });
          }
        }
        flushAll(writes);

        const outcomes = await Promise.all(calls.map(({ outcome }) => outcome));
        const flushed = calls.filter((_, index) => outcomes[index] === 'flushed');
        const sent = Buffer.concat(writes.handed);
        const whole = Buffer.concat(flushed.map(({ bytes }) => bytes));
        if (writes.queue.broken === undefined) assert.ok(sent.equals(whole));
        else assert.ok(sent.byteLength >= whole.byteLength);
        assert.deepEqual(
          settled,
          [...settled].sort((left, right) => left - right),
        );
        assert.equal(writes.bytesFlushed, sent.byteLength);
        assert.equal(writes.queue.unflushed, 0);
      },
    ),
    { numRuns: 200 },
  );
});
