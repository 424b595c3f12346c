import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { WireEvent } from '../../../src/network/wire-event';
import { joinStream, type StreamArrow } from '../../../src/report/stream-arrows';

/** Bytes of the direction, so that every place has its own. */
const stream = Uint8Array.from({ length: 400 }, (_, index) => (index * 31) & 0xff);

function event(index: number, kind: 'write' | 'data', start: number, end: number): WireEvent {
  const bytes = stream.subarray(start, end);
  const common = { connection: 'c1', from: 'a', to: 'b', direction: 'out' } as const;
  return { ...common, index, atUs: index, kind, bytes, length: end - start, stream: start };
}

function events(kind: 'write' | 'data', sizes: readonly number[]): WireEvent[] {
  let at = 0;
  return sizes.map((size, index) => {
    at += size;
    return event(index, kind, at - size, at);
  });
}

function shown({ write, read, start, length, pieces }: StreamArrow): string {
  return `${write?.index ?? '-'}>${read?.index ?? '-'} ${start}+${length} /${pieces}`;
}

test('a write cut into three reads is three arrows', () => {
  const arrows = joinStream(events('write', [9]), events('data', [4, 4, 1]));

  assert.deepEqual(arrows.map(shown), ['0>0 0+4 /3', '0>1 4+4 /3', '0>2 8+1 /3']);
});

test('three writes joined into one read are three arrows that arrive together', () => {
  const arrows = joinStream(events('write', [2, 3, 4]), events('data', [9]));

  assert.deepEqual(arrows.map(shown), ['0>0 0+2 /1', '1>0 2+3 /1', '2>0 5+4 /1']);
});

test('bytes that never came end on the way', () => {
  const arrows = joinStream(events('write', [4, 4]), events('data', [6]));

  assert.deepEqual(arrows.map(shown), ['0>0 0+4 /1', '1>0 4+2 /2', '1>- 6+2 /2']);
});

test('bytes whose write nobody told are arrows all the same', () => {
  const late = [event(5, 'data', 10, 14)];

  assert.deepEqual(joinStream([], late).map(shown), ['->5 10+4 /1']);
  assert.deepEqual(joinStream([event(3, 'write', 12, 20)], late).map(shown), [
    '->5 10+2 /1',
    '3>5 12+2 /2',
    '3>- 14+6 /2',
  ]);
});

test('every byte that was written or read is in exactly one arrow, with its own value', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 30 });
  fc.assert(
    fc.property(sizes, sizes, (written, read) => {
      const [writes, reads] = [events('write', written), events('data', read)];

      const arrows = joinStream(writes, reads);

      let at = 0;
      for (const { start, length, bytes, write, read } of arrows) {
        assert.equal(start, at);
        assert.ok(length > 0);
        assert.deepEqual(Buffer.from(bytes ?? []), Buffer.from(stream.subarray(at, at + length)));
        for (const one of [write, read]) {
          if (one === undefined) continue;
          assert.ok(
            (one.stream ?? 0) <= at && at + length <= (one.stream ?? 0) + (one.length ?? 0),
          );
        }
        at += length;
      }
      const total = (list: readonly number[]) => list.reduce((sum, size) => sum + size, 0);
      assert.equal(at, Math.max(total(written), total(read)));
    }),
  );
});
