import { configError } from '../base/errors';
import { readCount, readFlag, readOneOf, refuseUnknownKeys } from '../base/option-reader';
import { copyOf, encodeWhole, type FrameRules, framerOf, joined } from './frame-rules';
import type { Framer, FramerOptions } from './framer';
import { readMax } from './framer-limit';
import { countBytes, encodeError } from './framing-problem';
import { type LengthField, type LengthType, lengthField, lengthTypes } from './length-field';

/** What the value of a length field counts: the bytes behind it, itself too, or the whole frame. */
export type LengthIncludes = 'payload' | 'prefix' | 'header';

/** What `lengthPrefix` takes beside the type of the field. */
export interface LengthPrefixOptions extends FramerOptions {
  /** Bytes in front of the field; default 0. They stay at the start of the payload. */
  readonly offset?: number;
  /** Default `payload`: the bytes behind the field. `prefix`: the field too. `header`: the whole frame. */
  readonly includes?: LengthIncludes;
  /** Added to the value that was read, may be negative; default 0. */
  readonly adjust?: number;
  /** The payload is the whole frame, length field included; default false. */
  readonly keep?: boolean;
}

/**
 * Frames that begin with their length, or with a header that holds it.
 *
 * On the wire: `offset` bytes, the length field, the rest. The payload is all of it but the field;
 * with `offset` 0 that is what follows the field.
 *
 * @param type - `u8`, `u16be`, `u16le`, `u24…`, `u32…`, `u64…`, or `varint`
 * @throws TcpError `ECONFIG` - an unknown type, a bad option
 * @remarks The length is checked against `max` before any of the body is awaited. `encode` needs at
 * least `offset` bytes; with `keep` it needs a whole frame whose length is right.
 * @source docs/framing.md#length-fields
 * @example
 * lengthPrefix('u16be').encode(Buffer.from('hi')); // 00 02 68 69
 */
export function lengthPrefix(type: LengthType, options: LengthPrefixOptions = {}): Framer {
  refuseUnknownKeys('lengthPrefix', options, ['offset', 'includes', 'adjust', 'keep', 'max']);
  const { adjust = 0 } = options;
  if (!Number.isSafeInteger(adjust)) throw configError('adjust', 'a whole number', adjust);
  return lengthFramer(lengthField(readOneOf('type', type, lengthTypes)), {
    offset: readCount('offset', options.offset ?? 0),
    includes: readOneOf('includes', options.includes ?? 'payload', ['payload', 'prefix', 'header']),
    adjust,
    keep: readFlag('keep', options.keep ?? false),
    leastBody: 0,
    max: options.max,
  });
}

/** What {@link lengthFramer} takes, all present. */
export interface LengthSettings {
  readonly offset: number;
  readonly includes: LengthIncludes;
  readonly adjust: number;
  readonly keep: boolean;
  /** Bytes behind the field that every frame has. */
  readonly leastBody: number;
  readonly max: number | string | undefined;
}

/** Frames whose length is in a field of any form. */
export function lengthFramer(field: LengthField, settings: LengthSettings): Framer {
  const { offset, leastBody, keep } = settings;
  const look: FrameRules<never>['look'] = (window) => {
    const read = field.read(window, offset);
    if (read === undefined) return {};
    if ('code' in read) return read;
    const header = offset + read.size;
    const total = countedBefore(settings, read.size) + read.value + settings.adjust;
    if (total < header + leastBody) {
      const least = header + leastBody + read.value - total;
      const message = `expected a ${field.name} of at least ${least}, got ${read.value}`;
      return { code: 'bad-length', message, offset };
    }
    if (window.length < total) return { needs: total };
    const payload = keep
      ? copyOf(window, 0, total)
      : joined(window.subarray(0, offset), window.subarray(header, total));
    return { payload, end: total };
  };
  return framerOf({
    max: readMax(settings.max, offset + field.leastBytes + leastBody),
    look,
    encode: (payload) =>
      keep
        ? encodeWhole(look, payload, `one frame with a ${field.name} length`)
        : encodeCounted(field, settings, payload),
  });
}

/** Bytes of a frame that the value does not count. */
function countedBefore({ includes, offset }: LengthSettings, size: number): number {
  if (includes === 'header') return 0;
  return includes === 'prefix' ? offset : offset + size;
}

function encodeCounted(
  field: LengthField,
  settings: LengthSettings,
  payload: Uint8Array,
): Uint8Array {
  const { offset, leastBody, adjust } = settings;
  if (payload.length < offset + leastBody) {
    const reason = `it needs at least ${countBytes(offset + leastBody)}`;
    throw encodeError(payload.length, reason);
  }
  // A varint that counts itself: its size is the one that its own value asks for.
  for (let size = field.leastBytes; size <= field.mostBytes; size++) {
    const value = payload.length + size - countedBefore(settings, size) - adjust;
    if (value < 0 || value > field.largest) {
      const reason = `its length would be ${value}, a ${field.name} holds 0 to ${field.largest}`;
      throw encodeError(payload.length, reason);
    }
    const prefix = field.write(value, size);
    if (prefix === undefined) continue;
    return joined(payload.subarray(0, offset), prefix, payload.subarray(offset));
  }
  throw encodeError(payload.length, `no ${field.name} states its length`);
}
