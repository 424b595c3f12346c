/** What is generated: towards what it shrinks, and what it keeps to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc, { type Arbitrary } from 'fast-check';
import { crlf } from '../../../src/framing/delimiter';
import { bytes } from '../../../src/property/arbitraries/bytes';
import { cuts } from '../../../src/property/arbitraries/cuts';
import { faultSchedule } from '../../../src/property/arbitraries/faults';
import { messages } from '../../../src/property/arbitraries/message';
import { mutate, mutations } from '../../../src/property/arbitraries/mutations';
import { pause, timeouts } from '../../../src/property/arbitraries/pauses';
import { fromJson, toJson } from '../../../src/property/case-json';
import { conversation, planOf } from '../../../src/property/conversation';
import { readPlan } from '../../../src/simulation/plan-reader';

/** The smallest value for which something holds. */
function smallest<T>(arbitrary: Arbitrary<T>, holds: (value: T) => boolean): T | undefined {
  const { counterexample } = fc.check(
    fc.property(arbitrary, (value) => !holds(value)),
    { seed: 3, numRuns: 2_000 },
  );
  return counterexample?.[0];
}

test('bytes shrink to few of them, each an a, and keep to their length', () => {
  assert.equal(Buffer.from(smallest(bytes(), ({ length }) => length >= 3) ?? []).toString(), 'aaa');
  fc.assert(fc.property(bytes({ min: 2, max: 9 }), ({ length }) => length >= 2 && length <= 9));
});

test('bytes reach the lengths at which length fields change, and the delimiters', () => {
  for (const length of [127, 128, 255, 256]) {
    assert.ok(smallest(bytes(), (value) => value.length === length) !== undefined, `${length}`);
  }
  const delimiter = Buffer.from('\r\n');
  const found = smallest(bytes({ delimiters: [delimiter] }), (value) =>
    Buffer.from(value).includes(delimiter),
  );
  assert.deepEqual(Buffer.from(found ?? []), delimiter);
});

test('cuts shrink to the byte before the end of the first message', () => {
  assert.deepEqual(
    smallest(cuts(), ({ length }) => length > 0),
    [{ connection: 1, direction: 'out', unit: 0, offset: -1 }],
  );
});

test('faults shrink to the mildest kind at the first byte, and pauses to none', () => {
  assert.deepEqual(
    smallest(faultSchedule(), ({ length }) => length > 0),
    [
      {
        on: { connection: 1, direction: 'out', byte: 0 },
        do: { type: 'halfClose', side: 'dialler' },
      },
    ],
  );
  assert.deepEqual(
    smallest(faultSchedule({ kinds: [] }), () => true),
    [],
  );
  assert.equal(
    smallest(pause(), () => true),
    0,
  );
  assert.equal(
    smallest(timeouts('2s'), () => true),
    2_000_000,
  );
});

test('every message of a framer comes back from its frame', () => {
  fc.assert(
    fc.property(messages(crlf()), (list) => {
      for (const { payload, frame } of list) {
        assert.deepEqual(crlf().decode(frame, true).frames[0]?.payload, Uint8Array.from(payload));
      }
    }),
  );
});

test('mutations change a copy, whatever there is to change', () => {
  const recording = [Buffer.from('PING\r\n'), Buffer.alloc(0), Buffer.from('QUIT\r\n')];
  const before = recording.map((message) => message.toString('hex'));
  fc.assert(fc.property(mutations(), (changes) => void mutate(recording, changes)));

  assert.deepEqual(
    recording.map((message) => message.toString('hex')),
    before,
  );
  assert.deepEqual(mutate([], [{ kind: 'drop', message: 0 }]), []);
  assert.deepEqual(
    mutate(recording, [{ kind: 'set', message: 3, byte: 0, to: 0 }])[0],
    Uint8Array.from(Buffer.from('\0ING\r\n', 'latin1')),
  );
});

test('every conversation is a plan, and the same once it was stored', () => {
  const kinds = ['reset', 'halfClose', 'blackhole', 'refuse'] as const;
  fc.assert(
    fc.property(conversation({ faults: kinds }), (example) => {
      readPlan(planOf(example));
      const stored = JSON.parse(JSON.stringify(toJson(example)));
      assert.deepEqual(toJson(fromJson(stored)), toJson(example));
    }),
  );
  assert.throws(() => toJson({ run: () => 1 }), /^Error: case\.run must be plain data/);
});
