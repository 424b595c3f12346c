import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteQueue } from '../../../src/base/byte-queue';

const chunk = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

function queueOf(...chunks: Uint8Array[]): ByteQueue {
  const queue = new ByteQueue();
  for (const bytes of chunks) queue.push(bytes);
  return queue;
}

test('shift hands out the chunks as they came, without copying whole ones', () => {
  const first = chunk(1, 2);
  const queue = queueOf(first, chunk(3));

  assert.equal(queue.shift(), first);
  assert.deepEqual([...(queue.shift() ?? [])], [3]);
  assert.equal(queue.shift(), undefined);
});

test('shift cuts a chunk that is longer than asked for and keeps the rest', () => {
  const queue = queueOf(chunk(1, 2, 3));

  assert.deepEqual([...(queue.shift(2) ?? [])], [1, 2]);
  assert.deepEqual([...(queue.shift(2) ?? [])], [3]);
});

test('take hands out memory that shares nothing with what stays', () => {
  const queue = queueOf(chunk(1, 2, 3));

  queue.take(1).fill(9);
  new Uint8Array(queue.take(1).buffer).fill(9);

  assert.deepEqual([...queue.take(1)], [3]);
});

test('gather joins the chunks, takes nothing and leaves earlier views untouched', () => {
  const queue = queueOf(chunk(1), chunk(2));

  const view = queue.gather();
  queue.skip(1);
  queue.push(chunk(3));
  const next = queue.gather();

  assert.deepEqual([...view], [1, 2]);
  assert.deepEqual([...next], [2, 3]);
  assert.equal(next.buffer, view.buffer, 'the room left by the first gathering is used');
  assert.equal(queue.length, 2);
});

test('bytes handed out after gathering share nothing with what stays', () => {
  const queue = queueOf(chunk(1), chunk(2), chunk(3));
  queue.gather();

  queue.take(2).fill(9);
  assert.deepEqual([...queue.gather()], [3]);

  queue.push(chunk(4));
  queue.take(1).fill(9);
  assert.deepEqual([...queue.take(1)], [4]);
});

test('indexOf finds what lies across chunks, at or after the offset it is given', () => {
  const queue = queueOf(chunk(0, 13), chunk(10), chunk(7, 13, 10));

  assert.equal(queue.indexOf(chunk(13, 10)), 1);
  assert.equal(queue.indexOf(chunk(13, 10), 2), 4);
  assert.equal(queue.indexOf(chunk(13, 10), 5), -1);
});

type Command =
  | { readonly do: 'push'; readonly bytes: Uint8Array }
  | { readonly do: 'shift' | 'take' | 'copy' | 'skip'; readonly count: number }
  | { readonly do: 'gather' }
  | { readonly do: 'indexOf'; readonly wanted: Uint8Array; readonly from: number };

const smallBytes = (least: number, most: number): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.nat(2), { minLength: least, maxLength: most }).map((bytes) => Uint8Array.from(bytes));

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constant('push' as const), bytes: smallBytes(0, 8) }),
  fc.record({
    do: fc.constantFrom('shift' as const, 'take' as const, 'copy' as const, 'skip' as const),
    count: fc.integer({ min: 1, max: 12 }),
  }),
  fc.record({ do: fc.constant('gather' as const) }),
  fc.record({ do: fc.constant('indexOf' as const), wanted: smallBytes(1, 3), from: fc.nat(10) }),
);

function apply(queue: ByteQueue, model: number[], step: Command): void {
  switch (step.do) {
    case 'push':
      queue.push(step.bytes.slice());
      model.push(...step.bytes);
      return;
    case 'shift': {
      const got = queue.shift(step.count);
      assert.ok(got === undefined ? model.length === 0 : got.byteLength <= step.count);
      assert.deepEqual([...(got ?? [])], model.splice(0, got?.byteLength ?? 0));
      got?.fill(255);
      return;
    }
    case 'take': {
      const got = queue.take(step.count);
      assert.deepEqual([...got], model.splice(0, step.count));
      got.fill(255);
      return;
    }
    case 'copy': {
      const got = queue.copy(step.count);
      assert.deepEqual([...got], model.slice(0, step.count));
      got.fill(255);
      return;
    }
    case 'skip':
      queue.skip(step.count);
      model.splice(0, step.count);
      return;
    case 'gather':
      assert.deepEqual([...queue.gather()], model);
      return;
    case 'indexOf':
      assert.equal(
        queue.indexOf(step.wanted, step.from),
        Buffer.from(model).indexOf(step.wanted, step.from),
      );
  }
}

test('a queue behaves like one flat array of bytes, whatever is done to it', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (steps) => {
      const queue = new ByteQueue();
      const model: number[] = [];
      for (const step of steps) {
        apply(queue, model, step);
        assert.equal(queue.length, model.length);
      }
    }),
    { numRuns: 500 },
  );
});
