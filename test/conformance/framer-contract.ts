/**
 * What every framer keeps, as claims with their checks. A new framer is proved by adding a row to
 * `test/unit/framing/framer-contract.test.ts`: a maker and payloads that it can carry.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TcpError } from '../../src/base/errors';
import { FrameReader } from '../../src/framing/frame-reader';
import type { Framer } from '../../src/framing/framer';

/** One framer to prove. */
export interface FramerSubject {
  readonly make: (options?: { readonly max?: number }) => Framer;
  /** Payloads that the framer carries, short ones. */
  readonly payloads: fc.Arbitrary<Uint8Array>;
  /** What a payload reads back as; default the payload itself. */
  readonly readsAs?: (payload: Uint8Array) => Uint8Array;
  /** A payload longer on the wire than `limit` bytes; absent when frames cannot be that long. */
  readonly tooLong?: (limit: number) => Uint8Array;
  /** Bytes near the borders of the protocol, to break streams with. */
  readonly noise?: fc.Arbitrary<Uint8Array>;
}

/** A claim about a framer, and the check that fails when it is not so. */
export interface FramerLaw {
  readonly claim: string;
  readonly check: () => void;
}

/** The laws of a framer whose frames end with their last byte. */
export function framerContract(subject: FramerSubject): FramerLaw[] {
  const laws = [
    { claim: 'decode gives back what encode wrote', check: roundTrip },
    { claim: 'decode finds all frames of a buffer, with their offsets', check: offsets },
    { claim: 'frames do not depend on how the stream is cut', check: anyCut },
    { claim: 'a frame is given with its last byte, not later and not earlier', check: onTime },
    { claim: 'a frame cut by the end of the stream is an incomplete frame', check: cutByEnd },
    { claim: 'a resumed look gives what a fresh one gives', check: resumes },
    { claim: 'payloads share no memory with a buffer or an argument', check: ownsItsBytes },
    { claim: 'noise gives the same frames and problem in any chunks, never a throw', check: noise },
    { claim: 'one changed byte is met alike by every chunking', check: changedByte },
    { claim: 'no more than the limit is kept without a frame', check: bounded },
  ].map(({ claim, check }) => ({ claim, check: () => check(subject) }));
  const { tooLong } = subject;
  if (tooLong === undefined) return laws;
  const claim = 'a frame longer than the limit is refused on both ways, however it is cut';
  return [...laws, { claim, check: () => limited(subject, tooLong) }];
}

function roundTrip({ make, payloads, readsAs = same }: FramerSubject): void {
  fc.assert(
    fc.property(payloads, (payload) => {
      const bytes = make().encode(payload);

      const { frames, consumed, error } = make().decode(bytes, false);

      assert.equal(error, undefined);
      assert.equal(consumed, bytes.length);
      assert.equal(frames.length, 1);
      assert.equal(hex(frames[0]?.payload), hex(readsAs(payload)));
    }),
  );
}

function offsets({ make, payloads, readsAs = same }: FramerSubject): void {
  fc.assert(
    fc.property(listOf(payloads), (list) => {
      const parts = list.map((payload) => make().encode(payload));
      const buffer = Buffer.concat(parts);

      const { frames, consumed, error } = make().decode(buffer, true);

      assert.equal(error, undefined);
      assert.equal(consumed, buffer.length);
      let offset = 0;
      for (const [index, part] of parts.entries()) {
        const [start, end] = [offset, offset + part.length];
        const { payload, ...place } = frames[index] ?? {};
        assert.deepEqual(place, { start, end });
        assert.equal(hex(payload), hex(readsAs(list[index] ?? payload ?? part)));
        offset = end;
      }
      assert.equal(frames.length, parts.length);
    }),
  );
}

function anyCut({ make, payloads, readsAs = same }: FramerSubject): void {
  fc.assert(
    fc.property(listOf(payloads), chunkSizes, (list, sizes) => {
      const stream = Buffer.concat(list.map((payload) => make().encode(payload)));

      assert.deepEqual(outcome(make(), stream, sizes), {
        frames: list.map((payload) => hex(readsAs(payload))),
        problem: undefined,
        rest: '',
      });
    }),
  );
}

function onTime({ make, payloads }: FramerSubject): void {
  fc.assert(
    fc.property(listOf(payloads), (list) => {
      const reader = new FrameReader(make());
      for (const [index, payload] of list.entries()) {
        const part = make().encode(payload);
        for (const [at, byte] of part.entries()) {
          reader.push(Uint8Array.of(byte));
          assert.equal(reader.ready, at + 1 < part.length ? index : index + 1);
        }
      }
    }),
  );
}

function cutByEnd({ make, payloads }: FramerSubject): void {
  fc.assert(
    fc.property(listOf(payloads), fc.nat(), (list, where) => {
      const parts = list.map((payload) => make().encode(payload));
      const last = parts.at(-1) ?? new Uint8Array();
      fc.pre(last.length > 1);
      const kept = last.subarray(0, 1 + (where % (last.length - 1)));
      const before = Buffer.concat(parts.slice(0, -1));
      const stream = Buffer.concat([before, kept]);

      const { frames, consumed, error } = make().decode(stream, true);

      assert.equal(frames.length, list.length - 1);
      assert.equal(consumed, before.length);
      assert.equal(error?.code, 'incomplete');
      assert.equal(error?.offset, before.length);
      const reader = new FrameReader(make());
      reader.push(stream);
      reader.end();
      const failure = reader.error();
      assert.ok(TcpError.is(failure));
      assert.equal(failure.code, 'EPEERCLOSED');
      assert.equal(hex(failure.partial), hex(kept));
    }),
  );
}

function resumes({ make, payloads }: FramerSubject): void {
  fc.assert(
    fc.property(listOf(payloads), fc.nat(), fc.nat(), (list, first, second) => {
      const stream = Buffer.concat(list.map((payload) => make().encode(payload)));
      const cut = first % (stream.length + 1);
      const until = cut + (second % (stream.length - cut + 1));
      const before = make().decode(stream.subarray(0, cut), false);
      const rest = stream.subarray(before.consumed, until);

      const resumed = make().decode(rest, false, before.resume);
      const again = make().decode(rest, false, before.resume);

      assert.deepEqual(resumed.frames, make().decode(rest, false).frames);
      assert.deepEqual(again, resumed);
    }),
  );
}

function ownsItsBytes({ make, payloads, readsAs = same }: FramerSubject): void {
  fc.assert(
    fc.property(payloads, (payload) => {
      const given = Buffer.from(payload);
      const bytes = make().encode(given);
      const wire = hex(bytes);
      given.fill(0xee);
      assert.equal(hex(bytes), wire);

      const buffer = Buffer.from(bytes);
      const [frame] = make().decode(buffer, false).frames;
      buffer.fill(0xee);
      assert.equal(hex(frame?.payload), hex(readsAs(payload)));
    }),
  );
}

function noise({ make, payloads, noise: own = fc.uint8Array() }: FramerSubject): void {
  const inserted = fc.oneof(fc.uint8Array({ maxLength: 60 }), own);
  fc.assert(
    fc.property(listOf(payloads), inserted, fc.nat(), chunkSizes, (list, bytes, where, sizes) => {
      const stream = Buffer.concat(list.map((payload) => make().encode(payload)));
      const at = where % (stream.length + 1);
      const broken = Buffer.concat([stream.subarray(0, at), bytes, stream.subarray(at)]);
      const framer = make({ max: 4_096 });

      const whole = outcome(framer, broken, [broken.length]);

      assert.deepEqual(outcome(framer, broken, sizes), whole);
      assert.deepEqual(outcome(framer, broken, [1]), whole);
    }),
    { numRuns: 300 },
  );
}

function changedByte({ make, payloads }: FramerSubject): void {
  fc.assert(
    fc.property(
      listOf(payloads),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (list, where, flip) => {
        const stream = Buffer.concat(list.map((payload) => make().encode(payload)));
        const at = where % stream.length;
        stream[at] = (stream[at] ?? 0) ^ flip;
        const framer = make({ max: 4_096 });

        assert.deepEqual(outcome(framer, stream, [1]), outcome(framer, stream, [stream.length]));
      },
    ),
    { numRuns: 300 },
  );
}

function bounded({ make, payloads }: FramerSubject): void {
  const max = 64;
  fc.assert(
    fc.property(
      listOf(payloads),
      fc.uint8Array({ maxLength: 30 }),
      chunkSizes,
      (list, noise, sizes) => {
        const parts = list.map((payload) => make().encode(payload));
        const stream = Buffer.concat([...parts, noise, ...parts, ...parts, noise]);
        const reader = new FrameReader(make({ max }));
        for (const chunk of chunksOf(stream, sizes)) {
          reader.push(chunk);
          const kept = reader.buffered;
          if (reader.problem !== undefined) {
            assert.ok(kept < max + chunk.length, `${kept} bytes kept`);
            break;
          }
          assert.ok(kept < max, `${kept} bytes kept`);
        }
      },
    ),
  );
}

function limited({ make }: FramerSubject, tooLong: (limit: number) => Uint8Array): void {
  const limit = 200;
  const payload = tooLong(limit);
  const bytes = make().encode(payload);

  assert.ok(bytes.length > limit);
  assert.equal(make({ max: bytes.length }).decode(bytes, false).frames.length, 1);
  assert.throws(() => make({ max: limit }).encode(payload), { code: 'EFRAME', phase: 'write' });
  for (const size of [1, 7, limit, bytes.length]) {
    const reader = new FrameReader(make({ max: limit }));
    for (const chunk of chunksOf(bytes, [size])) reader.push(chunk);
    assert.equal(reader.ready, 0);
    assert.throws(() => reader.take(), { code: 'ELIMIT', phase: 'read' });
  }
}

/** What a stream gives: its frames and what is wrong behind them. */
interface Outcome {
  readonly frames: readonly string[];
  readonly problem: string | undefined;
  /** Bytes behind the last frame; what arrives behind a problem is dropped, so not then. */
  readonly rest: string;
}

/** Feeds a stream in chunks of the given sizes, over and over, and ends it. */
function outcome(framer: Framer, stream: Uint8Array, sizes: readonly number[]): Outcome {
  const reader = new FrameReader(framer);
  for (const chunk of chunksOf(stream, sizes)) reader.push(chunk);
  reader.end();
  const frames: string[] = [];
  while (reader.ready > 0) frames.push(hex(reader.take()));
  const { problem } = reader;
  if (problem === undefined) return { frames, problem, rest: hex(reader.rest()) };
  return { frames, problem: `${problem.code} at ${problem.offset}`, rest: '' };
}

function* chunksOf(stream: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let offset = 0, turn = 0; offset < stream.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    yield stream.subarray(offset, offset + size);
    offset += size;
  }
}

const chunkSizes = fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1, maxLength: 6 });

function listOf(payloads: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array[]> {
  return fc.array(payloads, { minLength: 1, maxLength: 5 });
}

function same(payload: Uint8Array): Uint8Array {
  return payload;
}

function hex(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes).toString('hex');
}
