import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TcpError } from '../../../src/base/errors';
import { limitOf } from '../../../src/tcp/call-options';
import type { Want } from '../../../src/tcp/read-call';
import { ManualClock } from '../../support/manual-clock';
import { LoneReads } from '../../support/read-queue-owner';

const chunk: Want = { kind: 'chunk', most: 65_536 };
const exact = (length: number): Want => ({ kind: 'exact', length });
const until = (text: string, most = 1_024): Want => ({
  kind: 'until',
  delimiter: Buffer.from(text),
  most,
  scanned: 0,
});
const forEver = limitOf(Number.POSITIVE_INFINITY);
const bytes = (text: string): Buffer => Buffer.from(text);
const textOf = async (read: Promise<Uint8Array>): Promise<string> =>
  Buffer.from(await read).toString();

const codeOf = (read: Promise<Uint8Array>): Promise<string> =>
  read.then(
    () => 'none',
    (error: unknown) => (TcpError.is(error) ? error.code : String(error)),
  );

function setUp(): { clock: ManualClock; reads: LoneReads } {
  const clock = new ManualClock();
  return { clock, reads: new LoneReads(clock) };
}

test('reads in parallel are served in the order of their calls', async () => {
  const { reads } = setUp();
  const { queue } = reads;

  const first = queue.read(exact(3), forEver);
  const second = queue.read(chunk, forEver);
  const third = queue.read(exact(1), forEver);
  queue.push(bytes('ab'));
  queue.push(bytes('cdef'));
  queue.push(bytes('g'));

  assert.equal(await textOf(first), 'abc');
  assert.equal(await textOf(second), 'def');
  assert.equal(await textOf(third), 'g');
});

test('a read that times out takes nothing, tells what was there, and lets the next one go on', async () => {
  const { clock, reads } = setUp();
  const { queue } = reads;

  const failing = queue.read(exact(5), limitOf(100));
  const waiting = queue.read(chunk, limitOf(200));
  queue.push(bytes('abc'));
  clock.advance('100ms');

  await assert.rejects(failing, { code: 'EREADTIMEOUT', partial: bytes('abc') });
  assert.equal(await textOf(waiting), 'abc');
  assert.deepEqual(clock.timers, [], 'no timer outlives the reads');
});

test('a byte that comes one microsecond before the deadline is delivered', async () => {
  const { clock, reads } = setUp();

  const early = reads.queue.read(chunk, limitOf(100));
  clock.advance('99.999ms');
  reads.queue.push(bytes('x'));
  const late = reads.queue.read(chunk, limitOf(100));
  clock.advance('100ms');
  reads.queue.push(bytes('y'));

  assert.equal(await textOf(early), 'x');
  await assert.rejects(late, { code: 'EREADTIMEOUT' });
  assert.equal(await textOf(reads.queue.read(chunk, forEver)), 'y');
});

test('the deadline of a read is not moved by bytes that arrive in part', async () => {
  const { clock, reads } = setUp();

  const read = reads.queue.read(exact(3), limitOf(100));
  clock.advance('60ms');
  reads.queue.push(bytes('a'));
  clock.advance('40ms');

  await assert.rejects(read, { code: 'EREADTIMEOUT', partial: bytes('a') });
});

test('an aborted read takes nothing, wherever it waits in the queue', async () => {
  const { reads } = setUp();
  const controller = new AbortController();
  const limit = { ...forEver, signal: controller.signal };

  const first = reads.queue.read(exact(4), forEver);
  const second = reads.queue.read(exact(1), limit);
  reads.queue.push(bytes('ab'));
  controller.abort(new Error('enough'));
  reads.queue.push(bytes('cde'));

  await assert.rejects(second, { code: 'ABORT_ERR', name: 'AbortError' });
  assert.equal(await textOf(first), 'abcd');
  assert.equal(await textOf(reads.queue.read(chunk, limit)).catch(() => 'aborted'), 'aborted');
  assert.equal(await textOf(reads.queue.read(chunk, forEver)), 'e');
});

test('a read until a delimiter finds it across chunks and takes it too', async () => {
  const { reads } = setUp();

  const line = reads.queue.read(until('\r\n'), forEver);
  reads.queue.push(bytes('one\r'));
  reads.queue.push(bytes('\ntwo'));

  assert.equal(await textOf(line), 'one\r\n');
  assert.equal(await textOf(reads.queue.read(chunk, forEver)), 'two');
});

test('a read until a delimiter gives up at its limit and takes nothing', async () => {
  const { reads } = setUp();

  const line = reads.queue.read(until('\n', 4), forEver);
  reads.queue.push(bytes('abcde\n'));

  await assert.rejects(line, { code: 'ELIMIT', partial: bytes('abcd') });
  assert.equal(await textOf(reads.queue.read(until('\n', 6), forEver)), 'abcde\n');
});

test('the end is told to every waiting read, and met once nothing is left', async () => {
  const { reads } = setUp();
  const { queue } = reads;
  queue.push(bytes('abc'));

  const tooLong = queue.read(exact(5), forEver);
  const rest = queue.read(chunk, forEver);
  reads.fin();

  await assert.rejects(tooLong, { code: 'EPEERCLOSED', partial: bytes('abc') });
  assert.equal(await textOf(rest), 'abc');
  assert.equal(reads.met, 0, 'no read found the queue empty yet');
  assert.equal(await codeOf(queue.read(chunk, forEver)), 'EPEERCLOSED');
  assert.equal(reads.met, 1);
  assert.equal(await codeOf(queue.read(chunk, forEver)), 'ECLOSED');
});

test('closing drops what is queued and refuses what waits and what comes', async () => {
  const { reads } = setUp();
  const { queue } = reads;
  const waiting = queue.read(exact(9), forEver);
  queue.push(bytes('abc'));

  queue.close({ ...reads.ending('failure'), first: reads.ending('failure').later });

  assert.equal(await codeOf(waiting), 'ECLOSED');
  assert.equal(await codeOf(queue.read(chunk, forEver)), 'ECLOSED');
  assert.equal(queue.bytes.length, 0);
});

type Step =
  | { readonly do: 'push'; readonly length: number }
  | { readonly do: 'chunk'; readonly timeout: number }
  | { readonly do: 'exact'; readonly length: number; readonly timeout: number }
  | { readonly do: 'abort' }
  | { readonly do: 'advance'; readonly ms: number };

const timeout = fc.constantFrom(5, 50, Number.POSITIVE_INFINITY);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('push' as const), length: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant('chunk' as const), timeout }),
  fc.record({ do: fc.constant('exact' as const), length: fc.nat(12), timeout }),
  fc.record({ do: fc.constant('abort' as const) }),
  fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 60 }) }),
);

/** Bytes that count upwards, so that a lost, repeated or swapped one shows. */
function counting(from: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => from + index);
}

test('whatever is pushed, read, aborted or timed out, the bytes read are those that came, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { clock, reads } = setUp();
      const outcomes: Promise<Uint8Array | TcpError>[] = [];
      let controller = new AbortController();
      let pushed = 0;
      const read = (want: Want, ms: number): void => {
        const limit = { ...limitOf(ms), signal: controller.signal };
        outcomes.push(reads.queue.read(want, limit).catch((error: TcpError) => error));
      };

      for (const action of steps) {
        if (action.do === 'push') {
          reads.queue.push(counting(pushed, action.length));
          pushed += action.length;
        } else if (action.do === 'chunk') read(chunk, action.timeout);
        else if (action.do === 'exact') read(exact(action.length), action.timeout);
        else if (action.do === 'advance') clock.advance(action.ms);
        else {
          controller.abort();
          controller = new AbortController();
        }
      }
      reads.fin();
      const settled = await Promise.all(outcomes);
      const got = settled.filter((outcome) => outcome instanceof Uint8Array);
      const rest = reads.queue.bytes.copy();

      const all = Buffer.concat([...got, rest]);
      assert.deepEqual([...all], [...counting(0, pushed)]);
      assert.deepEqual(clock.timers, []);
      for (const outcome of settled) {
        if (outcome instanceof Uint8Array || outcome.partial === undefined) continue;
        assert.ok(all.includes(Buffer.from(outcome.partial)), 'a partial result is a piece of it');
      }
    }),
    { numRuns: 300 },
  );
});
