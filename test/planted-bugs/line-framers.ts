/** Framers with one bug each. */
import { crlf } from '../../src/framing/delimiter';
import type { Framer } from '../../src/framing/framer';
import { lengthPrefix } from '../../src/framing/length-prefix';

/** What can be wrong with a framer. */
export const framerBugs = {
  B01: 'loses a line when a piece ends between CR and LF',
  B03: 'reads a length of which only the first byte has come',
  B04: 'gives the second of two messages only when more comes',
  B05: 'takes a length from 128 on for a negative one',
} as const;

export type FramerBug = keyof typeof framerBugs;

const lines = (): Framer => crlf();
const short = (): Framer => lengthPrefix('u16be');
const tiny = (): Framer => lengthPrefix('u8');

/** Makes framers with a bug, each with a state of its own. */
export const buggyFramers: Readonly<Record<FramerBug, () => Framer>> = {
  B01() {
    const framer = lines();
    return {
      ...bound(framer),
      decode(buffer, eof, resume) {
        if (buffer.at(-1) === 0x0d) return { frames: [], consumed: buffer.length };
        return framer.decode(buffer, eof, resume);
      },
    };
  },
  B03() {
    const framer = short();
    return {
      ...bound(framer),
      decode(buffer, eof) {
        if (buffer.length === 1) return { frames: [], consumed: 1 };
        return framer.decode(buffer, eof);
      },
    };
  },
  B04() {
    const framer = short();
    return {
      ...bound(framer),
      decode(buffer, eof) {
        const decoded = framer.decode(buffer, eof);
        const [first] = decoded.frames;
        return first === undefined ? decoded : { frames: [first], consumed: first.end };
      },
    };
  },
  B05() {
    const framer = tiny();
    return {
      ...bound(framer),
      decode(buffer, eof) {
        const decoded = framer.decode(buffer, eof);
        const bad = decoded.frames.find(({ payload }) => payload.length > 127);
        if (bad === undefined) return decoded;
        const frames = decoded.frames.filter(({ start }) => start < bad.start);
        return { frames, consumed: bad.end };
      },
    };
  },
};

const bound = (framer: Framer): Framer => ({
  max: framer.max,
  decode: (buffer, eof, resume) => framer.decode(buffer, eof, resume),
  encode: (payload) => framer.encode(payload),
});
