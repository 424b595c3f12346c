import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBytes } from '../../../src/faults/attribute-rules';
import type { Target } from '../../../src/faults/fault';
import { inject } from '../../../src/faults/inject';
import { latency } from '../../../src/faults/latency';
import { replace } from '../../../src/faults/replace';
import {
  afterBytes,
  afterPattern,
  both,
  downstream,
  forTime,
  onConnection,
  sometimes,
  upstream,
} from '../../../src/faults/shorthands';
import { slicer } from '../../../src/faults/slicer';
import { hits, readTarget } from '../../../src/faults/target';
import { truncate } from '../../../src/faults/truncate';

test('a builder takes camelCase, units and bytes, and writes data in the units of the catalogue', () => {
  assert.deepEqual(slicer({ averageSize: '1 KiB', sizeVariation: 10, delay: '1.5 ms' }), {
    type: 'slicer',
    attributes: { average_size: 1_024, size_variation: 10, delay: 1_500 },
  });
  assert.deepEqual(inject({ name: 'bye', stream: 'upstream', bytes: Buffer.from([0, 255]) }), {
    type: 'inject',
    name: 'bye',
    stream: 'upstream',
    attributes: { bytes: { hex: '00ff' } },
  });
  assert.deepEqual(latency({ latency: '2s', jitter: undefined as never }), {
    type: 'latency',
    attributes: { latency: 2_000 },
  });
});

test('a builder refuses what its kind does not have, or lacks', () => {
  assert.throws(() => replace(), {
    code: 'EINVALIDFAULT',
    message: 'missing required attribute: find',
  });
  assert.throws(() => truncate({ after: 3, setle: 5 } as object), {
    code: 'EINVALIDFAULT',
    message: 'invalid attributes of truncate: unknown key "setle" (did you mean "settle"?)',
  });
});

test('shorthands say more about a fault and leave the one they were given as it is', () => {
  const plain = latency({ latency: 5 });

  assert.equal(upstream(plain).stream, 'upstream');
  assert.equal(downstream(plain).stream, 'downstream');
  assert.equal(both(plain).stream, 'both');
  assert.deepEqual(onConnection(3, plain).connections, { numbers: [3] });
  assert.deepEqual(afterBytes(9, plain).trigger, { byte: 9 });
  assert.deepEqual(afterPattern('x', afterBytes(9, plain)).trigger, { byte: 9, pattern: 'x' });
  assert.deepEqual(forTime('5s', plain).schedule, { duration: '5s' });
  assert.equal(sometimes(0.2, plain).toxicity, 0.2);
  assert.deepEqual(plain, { type: 'latency', attributes: { latency: 5 } });
  assert.throws(() => sometimes(2, plain), { code: 'EINVALIDFAULT', field: 'toxicity' });
});

test('bytes are a literal, data, or text that stands for itself', () => {
  const bytes = [
    '"\\x00a"',
    'hex "00 61"',
    '2 bytes of "x"',
    { hex: '0061' },
    { base64: 'AGE=' },
    new Uint8Array([0, 97]),
    'STARTTLS',
  ].map((value) => Buffer.from(readBytes('bytes', value)).toString('latin1'));

  assert.deepEqual(bytes, ['\0a', '\0a', 'xx', '\0a', '\0a', '\0a', 'STARTTLS']);
  assert.throws(() => readBytes('bytes', { octal: '7' }), { code: 'EINVALIDFAULT' });
});

const facts = { number: 6, id: 'mail#6', remote: '10.1.2.3' };

const targets: readonly (readonly [Target | undefined, boolean])[] = [
  [undefined, true],
  [{ numbers: [1, 6] }, true],
  [{ numbers: [1, 7] }, false],
  [{ first: 6 }, true],
  [{ first: 5 }, false],
  [{ from: 6 }, true],
  [{ from: 7 }, false],
  [{ every: 3 }, true],
  [{ every: 4 }, false],
  [{ ids: ['mail#6'] }, true],
  [{ ids: ['mail#7'] }, false],
  [{ remote: '10.1.2.3' }, true],
  [{ remote: '10.0.0.0/8' }, true],
  [{ remote: '10.1.2.0/31' }, false],
  [{ remote: '::1' }, false],
  [{ every: 3, from: 7 }, false],
];

for (const [target, expected] of targets) {
  test(`${JSON.stringify(target) ?? 'no target'} ${expected ? 'hits' : 'leaves alone'} connection 6 of 10.1.2.3`, () => {
    if (target !== undefined) readTarget(target);

    assert.equal(hits(target, facts), expected);
  });
}

test('a network hits its addresses also where IPv6 wraps them', () => {
  const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
  fc.assert(
    fc.property(address, address, fc.nat(32), (left, right, bits) => {
      const number = (parts: readonly number[]): number =>
        parts.reduce((sum, part) => sum * 256 + part, 0);
      const inside =
        Math.floor(number(left) / 2 ** (32 - bits)) ===
        Math.floor(number(right) / 2 ** (32 - bits));
      const target = { remote: `${left.join('.')}/${bits}` };

      assert.equal(hits(target, { ...facts, remote: right.join('.') }), inside);
      assert.equal(hits(target, { ...facts, remote: `::ffff:${right.join('.')}` }), inside);
    }),
  );
});
