import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../../src/base/random';

const anySeed = fc.maxSafeInteger();

/** sfc32 written down a second time, with whole numbers that cannot overflow. */
function* reference(seed: number): Generator<number> {
  const word = (value: bigint) => BigInt.asUintN(32, value);
  let a = 0n;
  let b = word(BigInt(seed));
  let c = word(BigInt(Math.floor(seed / 2 ** 32)));
  let counter = 1n;
  for (let round = 0; ; round++) {
    const result = word(a + b + counter);
    counter = word(counter + 1n);
    a = b ^ (b >> 9n);
    b = word(c + (c << 3n));
    c = word((word(c << 21n) | (c >> 11n)) + result);
    if (round >= 12) yield Number(result);
  }
}

test('the numbers are those of sfc32 with the seed in its second and third word', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const expected = reference(seed);
      const random = seededRandom(seed);
      for (let index = 0; index < 20; index++) {
        assert.equal(random.u32(), expected.next().value);
      }
    }),
  );
});

test('the numbers of a seed never change from release to release', () => {
  const random = seededRandom(42);
  const known = [1_264_412_219, 1_947_509_147, 3_919_439_299, 1_251_167_922];

  assert.deepEqual(
    known.map(() => random.u32()),
    known,
  );
});

test('the same seed gives the same bytes', () => {
  fc.assert(
    fc.property(anySeed, fc.nat(70), (seed, length) => {
      const bytes = seededRandom(seed).bytes(length);
      assert.equal(bytes.length, length);
      assert.deepEqual(bytes, seededRandom(seed).bytes(length));
    }),
  );
});

test('bytes are the words, least significant byte first', () => {
  const words = seededRandom(7);
  const expected = Buffer.alloc(8);
  expected.writeUInt32LE(words.u32(), 0);
  expected.writeUInt32LE(words.u32(), 4);

  assert.deepEqual(seededRandom(7).bytes(7), Uint8Array.from(expected.subarray(0, 7)));
});

test('below stays below its limit and reaches every value', () => {
  const random = seededRandom(1);
  const seen = new Set<number>();
  for (let draw = 0; draw < 1_000; draw++) seen.add(random.below(7));

  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(random.below(1), 0);
});

test('below takes its limit up to 2^32 and refuses what is no such number', () => {
  assert.ok(seededRandom(1).below(2 ** 32) >= 0);
  for (const limit of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) {
    assert.throws(() => seededRandom(1).below(limit), RangeError);
  }
});

test('below has no modulo bias where a remainder would favour the low third by half', () => {
  const random = seededRandom(3);
  const limit = 3 * 2 ** 30;
  let low = 0;
  for (let draw = 0; draw < 30_000; draw++) if (random.below(limit) < 2 ** 30) low++;

  // Without rejection about 15 000 would be low; with it 10 000, give or take 5 deviations of 82.
  assert.ok(Math.abs(low - 10_000) < 410, `${low} of 30000 are in the low third`);
});

test('a fork depends on seed and label, never on how much its parent was used', () => {
  fc.assert(
    fc.property(anySeed, fc.string(), fc.nat(20), (seed, label, uses) => {
      const used = seededRandom(seed);
      for (let use = 0; use < uses; use++) used.u32();
      assert.deepEqual(used.fork(label).bytes(16), seededRandom(seed).fork(label).bytes(16));
    }),
  );
});

test('making a fork does not change what its parent draws', () => {
  const plain = seededRandom(5);
  const forking = seededRandom(5);
  forking.fork('a').u32();

  assert.equal(forking.u32(), plain.u32());
});

test('forks of other labels, seeds and depths are other streams', () => {
  const seeds = new Set<number>();
  let count = 0;
  for (let seed = 0; seed < 40; seed++) {
    const parent = seededRandom(seed);
    for (let label = 0; label < 250; label++) {
      seeds.add(parent.fork(`label-${label}`).seed);
      count++;
    }
    for (const fork of [parent.fork(''), parent.fork('').fork(''), parent.fork('a').fork('b')]) {
      seeds.add(fork.seed);
      count++;
    }
    seeds.add(parent.fork('ab').seed).add(parent.seed);
    count += 2;
  }

  assert.equal(seeds.size, count);
});

test('the first bits of neighbouring forks are as often 1 as 0', () => {
  const parent = seededRandom(99);
  const ones = Array.from({ length: 32 }, () => 0);
  for (let label = 0; label < 4_000; label++) {
    const drawn = parent.fork(String(label)).u32();
    for (let bit = 0; bit < 32; bit++) ones[bit] = (ones[bit] ?? 0) + ((drawn >>> bit) & 1);
  }

  // 5 deviations of 31.6 around 2000.
  for (const [bit, count] of ones.entries()) {
    assert.ok(Math.abs(count - 2_000) < 160, `bit ${bit} is 1 in ${count} of 4000`);
  }
});

test('a seed of 0, negative or of 53 bits is kept as given', () => {
  for (const seed of [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    assert.equal(seededRandom(seed).seed, seed);
  }
});
