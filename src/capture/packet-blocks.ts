import { sumRange, wordsOf } from './internet-checksum';
import { headerLength, withoutChecksums, withoutPayload, writeHeaders } from './packet-headers';
import type { PacketMemory } from './packet-memory';
import type { PacketTimes } from './packet-times';
import { blockTypes, optionCodes } from './pcapng-blocks';
import type { Segment } from './segment';

export interface PacketSettings {
  /** Right checksums, else zeros. */
  readonly checksums: boolean;
  /** Bytes of each packet that are kept; all headers are. */
  readonly packetBytes: number;
}

/** Larger payloads are written from where they are. */
const copiedUpTo = 4_096;

const inbound = 1;
const outbound = 2;

/**
 * Writes packets as enhanced packet blocks.
 *
 * Nothing is made per packet but what a large payload needs: numbers go straight into the slab.
 *
 * @source https://github.com/pcapng/pcapng
 */
export class PacketBlocks {
  readonly #memory: PacketMemory;
  readonly #settings: PacketSettings;
  /** The memory in which the last large payload was, as words. */
  #words: Uint32Array = new Uint32Array(0);

  constructor(memory: PacketMemory, settings: PacketSettings) {
    this.#memory = memory;
    this.#settings = settings;
  }

  /** Bytes of payload that a packet would keep. */
  keptOf({ payload, length }: Readonly<Segment>): number {
    return payload === undefined ? 0 : Math.min(length, this.#settings.packetBytes);
  }

  /** Bytes of the block. */
  lengthOf(segment: Readonly<Segment>, kept: number, comments: readonly Uint8Array[]): number {
    return 28 + padded(headerLength(segment) + kept) + optionsLength(segment, comments) + 4;
  }

  write(
    segment: Readonly<Segment>,
    kept: number,
    times: PacketTimes,
    comments: readonly Uint8Array[],
  ): void {
    const memory = this.#memory;
    const headers = headerLength(segment);
    const captured = headers + kept;
    const total = this.lengthOf(segment, kept, comments);
    const isReferenced = kept > copiedUpTo;
    memory.reserve(isReferenced ? 28 + headers : total);
    const { view } = memory.slab;
    const at = memory.at;
    view.setUint32(at, blockTypes.packet, true);
    view.setUint32(at + 4, total, true);
    view.setUint32(at + 8, segment.flow.leg, true);
    view.setUint32(at + 12, times.high, true);
    view.setUint32(at + 16, times.low, true);
    view.setUint32(at + 20, captured, true);
    view.setUint32(at + 24, headers + segment.length, true);
    const payloadAt = at + 28 + headers;
    if (kept > 0 && !isReferenced) {
      this.#copy(segment, kept, payloadAt);
    }
    const isWhole = kept === segment.length;
    const sum =
      isWhole && !isReferenced ? this.#sumInSlab(payloadAt, kept) : this.#sumInPlace(segment);
    writeHeaders(view, at + 28, segment, sum);
    memory.at = payloadAt + (isReferenced ? 0 : kept);
    if (isReferenced && segment.payload !== undefined) {
      memory.reference(segment.payload.subarray(segment.from, segment.from + kept));
      memory.reserve(total - 28 - captured);
    }
    this.#finish(segment, comments, -captured & 3, total);
  }

  #copy({ payload, from }: Readonly<Segment>, kept: number, at: number): void {
    const { bytes } = this.#memory.slab;
    if (kept > 64) bytes.set((payload as Uint8Array).subarray(from, from + kept), at);
    else {
      // For a few bytes a view costs more than they do.
      for (let index = 0; index < kept; index++) {
        bytes[at + index] = (payload as Uint8Array)[from + index] as number;
      }
    }
  }

  #sumInSlab(at: number, length: number): number {
    if (!this.#settings.checksums) return withoutChecksums;
    const { bytes, words } = this.#memory.slab;
    return length === 0 ? 0 : sumRange(bytes, words, at, at + length);
  }

  #sumInPlace({ payload, from, length }: Readonly<Segment>): number {
    if (!this.#settings.checksums) return withoutChecksums;
    if (payload === undefined) return withoutPayload;
    if (this.#words.buffer !== payload.buffer) this.#words = wordsOf(payload);
    return sumRange(payload, this.#words, from, from + length);
  }

  /** Padding, options and the length again. */
  #finish(
    segment: Readonly<Segment>,
    comments: readonly Uint8Array[],
    padding: number,
    total: number,
  ): void {
    const { view, bytes } = this.#memory.slab;
    let { at } = this.#memory;
    at = pad(view, at, padding);
    view.setUint32(at, optionCodes.packetFlags | (4 << 16), true);
    view.setUint32(at + 4, segment.out ? outbound : inbound, true);
    at += 8;
    if (segment.event >= 0) at = writeIndex(view, at, segment.event);
    for (const comment of comments) {
      view.setUint32(at, optionCodes.comment | (comment.byteLength << 16), true);
      bytes.set(comment, at + 4);
      at = pad(view, at + 4 + comment.byteLength, -comment.byteLength & 3);
    }
    view.setUint32(at, optionCodes.end, true);
    view.setUint32(at + 4, total, true);
    this.#memory.at = at + 8;
  }
}

function optionsLength(segment: Readonly<Segment>, comments: readonly Uint8Array[]): number {
  let length = 8 + 4;
  if (segment.event >= 0) length += 4 + padded(1 + digitsOf(segment.event));
  for (const comment of comments) length += 4 + padded(comment.byteLength);
  return length;
}

/** The comment `#12`, without a string. */
function writeIndex(view: DataView, at: number, index: number): number {
  const digits = digitsOf(index);
  view.setUint32(at, optionCodes.comment | ((1 + digits) << 16), true);
  view.setUint8(at + 4, 0x23);
  let rest = index;
  for (let place = digits; place > 0; place--) {
    view.setUint8(at + 4 + place, 0x30 + (rest % 10));
    rest = Math.floor(rest / 10);
  }
  return pad(view, at + 5 + digits, -(1 + digits) & 3);
}

/** Zeros; the place in the slab says nothing about the place in the block. */
function pad(view: DataView, at: number, count: number): number {
  for (let index = 0; index < count; index++) view.setUint8(at + index, 0);
  return at + count;
}

function digitsOf(count: number): number {
  let digits = 1;
  for (let limit = 10; count >= limit; limit *= 10) digits++;
  return digits;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
