import fc from 'fast-check';
import { FrameReader } from '../../framing/frame-reader';
import type { Framer } from '../../framing/framer';
import { messages } from '../arbitraries/message';
import { hexOf } from '../hex';
import { PropertyViolation } from '../property-violation';
import { defineProperty, type WireProperty } from '../wire-property';

/** Messages in the bytes that carry them, and the sizes of the pieces that they arrive in. */
export interface FramedStream {
  readonly frames: readonly Uint8Array[];
  readonly payloads: readonly Uint8Array[];
  readonly sizes: readonly number[];
}

/**
 * P4: a framer finds the same messages in a stream however it is cut, each with its last byte.
 *
 * Nothing is given before a message's last byte has come, and nothing waits for a byte beyond it.
 * Framers whose messages end with silence or with the stream are not for this.
 *
 * @param makeFramer - a fresh framer, so that one that wrongly keeps state is found
 * @source docs/fuzzing.md#the-properties-that-are-there
 */
export function framing(makeFramer: () => Framer): WireProperty<FramedStream> {
  return defineProperty({
    id: 'P4',
    title: 'framing',
    statement: 'messages do not depend on how their bytes were cut, and come with their last byte',
    worlds: ['simulated'],
    arbitrary: fc
      .record({
        list: messages(makeFramer()),
        sizes: fc.array(fc.integer({ min: 1, max: 16 }), { maxLength: 12 }),
      })
      .map(({ list, sizes }) => ({
        frames: list.map(({ frame }) => frame),
        payloads: list.map(({ payload }) => payload),
        sizes,
      })),
    toPlan: () => ({ v: 1 }),
    toScenario: () => undefined,
    async check(_world, { frames, payloads, sizes }, probe) {
      const reader = new FrameReader(makeFramer());
      const ends = endsOf(frames);
      const stream = Buffer.concat(frames);
      let at = 0;
      for (const size of [...sizes, stream.length]) {
        const chunk = stream.subarray(at, at + size);
        at += chunk.length;
        reader.push(chunk);
        const due = ends.filter((end) => end <= at).length;
        probe.sometimes('split inside a message', !ends.includes(at));
        refuseProblem(reader);
        if (reader.ready !== due) {
          throw new PropertyViolation(
            `${reader.ready} messages were given of the ${due} that ended in the first ${at} bytes`,
          );
        }
      }
      for (const payload of payloads) sameMessage(payload, reader.take());
    },
  });
}

/** Where each frame ends in the stream. */
function endsOf(frames: readonly Uint8Array[]): readonly number[] {
  let end = 0;
  return frames.map((frame) => {
    end += frame.length;
    return end;
  });
}

function refuseProblem(reader: FrameReader): void {
  const { problem } = reader;
  if (problem !== undefined) {
    throw new PropertyViolation(`the framer refused what it had made: ${problem.code}`);
  }
}

function sameMessage(expected: Uint8Array, actual: Uint8Array | undefined): void {
  if (actual !== undefined && Buffer.from(actual).equals(expected)) return;
  throw new PropertyViolation('a message was read back as another', {
    expected: hexOf(expected),
    actual: actual === undefined ? 'no message' : hexOf(actual),
  });
}
