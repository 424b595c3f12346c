import type { ByteSource } from './byte-source';
import { type FilePlace, formatError } from './capture-errors';
import { CaptureFacts } from './capture-facts';
import type { CapturedInterface, PacketReader, PacketRecord } from './packet-record';
import { bytesBetweenTurns, cutText } from './pcapng-reader';

const headerSize = 24;
const recordSize = 16;

/** The first four bytes as a number in little-endian order → byte order, and what a fraction counts. */
const forms: ReadonlyMap<number, { readonly little: boolean; readonly perUs: number }> = new Map([
  [0xa1b2c3d4, { little: true, perUs: 1 }],
  [0xd4c3b2a1, { little: false, perUs: 1 }],
  [0xa1b23c4d, { little: true, perUs: 1_000 }],
  [0x4d3cb2a1, { little: false, perUs: 1_000 }],
]);

/** Whether a file begins as classic pcap does. */
export function isPcap(start: Uint8Array): boolean {
  return forms.has(
    Buffer.from(start.subarray(0, 4)).reduceRight((sum, byte) => sum * 256 + byte, 0),
  );
}

/**
 * Reads classic pcap files, in both byte orders, with microseconds or nanoseconds.
 *
 * @source https://www.tcpdump.org/manpages/pcap-savefile.5.html
 */
export class PcapReader implements PacketReader {
  readonly interfaces: readonly CapturedInterface[];
  readonly facts: CaptureFacts = new CaptureFacts();
  offset: number = headerSize;
  readonly #source: ByteSource;
  readonly #little: boolean;
  readonly #perUs: number;

  /** @throws TcpError `ECAPTUREFORMAT` - the header is cut, or of an unknown version */
  constructor(source: ByteSource, place: FilePlace) {
    this.#source = source;
    const head = viewOf(source.read(0, headerSize));
    const form = head.byteLength < headerSize ? undefined : forms.get(head.getUint32(0, true));
    if (form === undefined) throw formatError('the header of the capture is cut', place);
    this.#little = form.little;
    this.#perUs = form.perUs;
    const major = head.getUint16(4, form.little);
    if (major !== 2) throw formatError(`pcap version ${major} is not read`, place);
    this.interfaces = [
      {
        name: '',
        description: '',
        // The upper bits tell of frame check sequences.
        linkType: head.getUint32(20, form.little) & 0xffff,
        snapshot: head.getUint32(16, form.little),
        packets: 0,
      },
    ];
  }

  *scan(take: (packet: PacketRecord) => void): Generator<void, void, undefined> {
    const { size } = this.#source;
    let turn = this.offset + bytesBetweenTurns;
    for (let number = 0; this.offset < size; number++) {
      if (this.offset >= turn) {
        turn = this.offset + bytesBetweenTurns;
        yield;
      }
      const at = this.offset;
      const head = viewOf(this.#source.read(at, recordSize));
      const captured = head.byteLength < recordSize ? Infinity : head.getUint32(8, this.#little);
      if (at + recordSize + captured > size) {
        this.facts.warn(cutText(at, size));
        return;
      }
      const [seconds, fraction, original] = [0, 4, 12].map((field) =>
        head.getUint32(field, this.#little),
      ) as [number, number, number];
      const [wire] = this.interfaces as [CapturedInterface];
      wire.packets++;
      this.offset = at + recordSize + captured;
      take({
        number,
        interface: 0,
        atUs: seconds * 1_000_000 + Math.floor(fraction / this.#perUs),
        offset: at + recordSize,
        bytes: this.#source.read(at + recordSize, captured),
        original,
        comments: [],
      });
    }
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
