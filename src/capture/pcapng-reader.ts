import { formatByteCount } from '../base/size';
import type { ByteSource } from './byte-source';
import { type FilePlace, formatError } from './capture-errors';
import { CaptureFacts } from './capture-facts';
import type { CapturedInterface, PacketReader, PacketRecord } from './packet-record';
import { blockTypes, byteOrderMagic, optionCodes } from './pcapng-blocks';
import { optionsIn, textsOf } from './pcapng-options';
import { microseconds, microsecondsOf, type TimeForm } from './pcapng-times';

/** After so many bytes others get a turn. */
export const bytesBetweenTurns: number = 2 ** 20;

/** A block that is longer is damage, and would only fill the memory. */
const longestBlock = 256 * 2 ** 20;

/** What a cut file lacks, in words. */
export function cutText(at: number, size: number): string {
  return `cut at byte ${size}: ${formatByteCount(size - at)} lost`;
}

/** Whether a file begins as pcapng does. */
export function isPcapng(start: Uint8Array): boolean {
  return Buffer.from(start.subarray(0, 4)).equals(Buffer.of(0x0a, 0x0d, 0x0d, 0x0a));
}

interface Interface extends CapturedInterface {
  readonly index: number;
  readonly time: TimeForm;
}

type Take = (packet: PacketRecord) => void;

const noComments: readonly string[] = [];

/**
 * Reads pcapng files, in both byte orders, with any number of sections.
 *
 * @source https://github.com/pcapng/pcapng
 */
export class PcapngReader implements PacketReader {
  readonly facts: CaptureFacts = new CaptureFacts();
  readonly interfaces: Interface[] = [];
  offset = 0;
  readonly #source: ByteSource;
  readonly #place: FilePlace;
  #little = true;
  /** Place of the first interface of the section among all. */
  #firstInterface = 0;
  #packets = 0;
  #lastUs = 0;
  #finished = false;

  constructor(source: ByteSource, place: FilePlace) {
    this.#source = source;
    this.#place = place;
  }

  /** @throws TcpError `ECAPTUREFORMAT` - the first section header is cut or of an unknown version */
  *scan(take: Take): Generator<void, void, undefined> {
    const { size } = this.#source;
    let turn = bytesBetweenTurns;
    while (this.offset < size) {
      if (this.offset >= turn) {
        turn = this.offset + bytesBetweenTurns;
        yield;
      }
      const block = this.#next(size);
      if (block === undefined) return;
      this.#take(block, take);
      this.offset += block.byteLength;
    }
    // Others need not write one.
    if (!this.#finished && this.facts.application.startsWith('brine')) {
      this.facts.warn('no statistics block: the writer did not finish');
    }
  }

  /** The block at `offset`; `undefined` when the file is cut or damaged there. */
  #next(size: number): DataView | undefined {
    const at = this.offset;
    const head = viewOf(this.#source.read(at, 12));
    if (head.byteLength < 12) return this.#stop(cutText(at, size));
    if (head.getUint32(0, true) === blockTypes.section && !this.#readOrder(head)) {
      return this.#damaged('no byte order');
    }
    const length = head.getUint32(4, this.#little);
    if (length < 12 || length % 4 !== 0 || length > longestBlock) {
      return this.#damaged(`a block of ${formatByteCount(length)}`);
    }
    if (at + length > size) return this.#stop(cutText(at, size));
    const block = viewOf(this.#source.read(at, length));
    // A file may become shorter while it is read.
    if (block.byteLength < length) return this.#stop(cutText(at, at + block.byteLength));
    if (block.getUint32(length - 4, this.#little) !== length) {
      return this.#damaged('two lengths of one block');
    }
    return this.#isOtherVersion(block) ? this.#damaged('another version of pcapng') : block;
  }

  #readOrder(head: DataView): boolean {
    this.#little = head.getUint32(8, true) === byteOrderMagic;
    return this.#little || head.getUint32(8, false) === byteOrderMagic;
  }

  #isOtherVersion(block: DataView): boolean {
    if (block.getUint32(0, true) !== blockTypes.section) return false;
    return block.byteLength < 28 || block.getUint16(12, this.#little) !== 1;
  }

  #damaged(what: string): undefined {
    return this.#stop(`damaged at byte ${this.offset}: ${what}; the rest is not read`);
  }

  /** A file of which not even the head can be read is none; else what was read counts. */
  #stop(text: string): undefined {
    if (this.offset === 0) throw formatError(text, { ...this.#place, offset: 0 });
    this.facts.warn(text);
    return undefined;
  }

  #take(block: DataView, take: Take): void {
    const type = block.getUint32(0, this.#little);
    if (type === blockTypes.packet || type === blockTypes.obsoletePacket) {
      this.#packet(block, type === blockTypes.obsoletePacket, take);
    } else if (type === blockTypes.simplePacket) this.#simplePacket(block, take);
    else if (type === blockTypes.section) {
      this.#firstInterface = this.interfaces.length;
      this.facts.section(block, this.#little);
    } else if (type === blockTypes.interface) this.#interface(block);
    else if (type === blockTypes.names) this.facts.addNames(block, this.#little);
    else if (type === blockTypes.secrets) this.facts.addSecrets(block, this.#little);
    else if (type === blockTypes.statistics) this.#finished = true;
  }

  #interface(block: DataView): void {
    if (block.byteLength < 20) return;
    const options = [...optionsIn(block, 16, block.byteLength - 4, this.#little)];
    const resolution = options.find(({ code }) => code === optionCodes.interfaceResolution);
    const offset = options.find(({ code }) => code === optionCodes.interfaceOffset);
    const seconds = offset?.value.byteLength === 8 ? viewOf(offset.value) : undefined;
    this.interfaces.push({
      index: this.interfaces.length,
      name: textsOf(options, optionCodes.interfaceName)[0] ?? '',
      description: textsOf(options, optionCodes.interfaceDescription)[0] ?? '',
      linkType: block.getUint16(8, this.#little),
      snapshot: block.getUint32(12, this.#little),
      packets: 0,
      time: {
        resolution: resolution?.value[0] ?? microseconds.resolution,
        offset: seconds === undefined ? 0 : Number(seconds.getBigInt64(0, this.#little)),
      },
    });
  }

  /** Enhanced packet blocks, and those that came before them, whose interface has 16 bits. */
  #packet(block: DataView, isObsolete: boolean, take: Take): void {
    const little = this.#little;
    const dataAt = 28;
    const room = block.byteLength - dataAt - 4;
    const index =
      room < 0 ? -1 : isObsolete ? block.getUint16(8, little) : block.getUint32(8, little);
    const wire = this.#interfaceOf(index);
    const captured = room < 0 ? 0 : block.getUint32(20, little);
    if (wire === undefined || captured > room) {
      this.facts.warn(`damaged at byte ${this.offset}: a packet that does not fit its block`);
      return;
    }
    const [high, low] = [block.getUint32(12, little), block.getUint32(16, little)];
    this.#lastUs = microsecondsOf(high, low, wire.time);
    const optionsAt = dataAt + ((captured + 3) & ~3);
    const end = block.byteLength - 4;
    const comments =
      optionsAt < end
        ? textsOf(optionsIn(block, optionsAt, end, little), optionCodes.comment)
        : noComments;
    const bytes = bytesOf(block, dataAt, captured);
    this.#give(wire, dataAt, bytes, block.getUint32(24, little), comments, take);
  }

  /** Without time and interface: the time of the packet before, and the first interface. */
  #simplePacket(block: DataView, take: Take): void {
    const wire = this.#interfaceOf(0);
    if (wire === undefined || block.byteLength < 16) return;
    const original = block.getUint32(8, this.#little);
    const kept = wire.snapshot === 0 ? original : Math.min(original, wire.snapshot);
    const captured = Math.min(kept, block.byteLength - 16);
    this.#give(wire, 12, bytesOf(block, 12, captured), original, noComments, take);
  }

  #give(
    wire: Interface,
    dataAt: number,
    bytes: Uint8Array,
    original: number,
    comments: readonly string[],
    take: Take,
  ): void {
    wire.packets++;
    take({
      number: this.#packets++,
      interface: wire.index,
      atUs: this.#lastUs,
      offset: this.offset + dataAt,
      bytes,
      original,
      comments,
    });
  }

  #interfaceOf(index: number): Interface | undefined {
    return this.interfaces[this.#firstInterface + index];
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(block: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(block.buffer, block.byteOffset + at, length);
}
