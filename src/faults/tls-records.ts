import { asBuffer } from '../base/bytes';
import { RecordReader, type TlsRecord } from '../base/tls-record-reader';
import type { FramerMaker } from '../framing/framer-from';
import { lengthPrefix } from '../framing/length-prefix';

/** A record with all its bytes, the header included. */
export interface WholeRecord extends TlsRecord {
  readonly bytes: Buffer;
}

const headerBytes = 5;

/**
 * Splits a stream of TLS into its records; what does not fit into one is handed on as it is.
 *
 * @source https://www.rfc-editor.org/rfc/rfc8446#section-5.1
 */
export class RecordSplitter {
  readonly #reader = new RecordReader();
  #waiting: Buffer = Buffer.alloc(0);

  /** Whether the stream began with something that is no TLS. */
  get foreign(): boolean {
    return this.#reader.foreign;
  }

  /** Bytes of a record that is not complete. */
  get length(): number {
    return this.#waiting.length;
  }

  /**
   * Takes bytes of the stream.
   *
   * @returns the records that are complete with them, in order
   */
  feed(chunk: Uint8Array): readonly WholeRecord[] {
    const records: WholeRecord[] = [];
    this.#waiting =
      this.#waiting.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#waiting, chunk]);
    this.#reader.feed(chunk, (record) => {
      const end = headerBytes + record.length;
      records.push({ ...record, bytes: this.#waiting.subarray(0, end) });
      this.#waiting = this.#waiting.subarray(end);
    });
    return records;
  }

  /** Takes out what is left: the beginning of a record, or everything of a stream that is no TLS. */
  rest(): Buffer {
    const rest = this.#waiting;
    this.#waiting = Buffer.alloc(0);
    return rest;
  }
}

/** A record in the clear. */
export function recordOf(type: number, body: Uint8Array, version = 0x0303): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(type, 0);
  header.writeUInt16BE(version, 1);
  header.writeUInt16BE(body.byteLength, 3);
  return Buffer.concat([header, body]);
}

/** A record as several, with the same type and version. */
export function fragmentsOf({ type, bytes }: WholeRecord, size: number): readonly Buffer[] {
  const version = bytes.readUInt16BE(1);
  const fragments: Buffer[] = [];
  for (let at = headerBytes; at < bytes.length; at += size) {
    fragments.push(recordOf(type, bytes.subarray(at, Math.min(at + size, bytes.length)), version));
  }
  return fragments;
}

/** Framings that faults know beside those with a name of their own: `tls`, its records. */
export const faultFramings: Readonly<Record<string, FramerMaker>> = {
  tls: () => lengthPrefix('u16be', { offset: 3 }),
};
