const headerBytes = 5;
/** As much of an encrypted record as anybody looks at. */
const keptBytes = 8;
/** Handshake records are kept whole, since their messages are counted. */
const handshakeType = 22;

/** One record of TLS, as it passed. */
export interface TlsRecord {
  /** Counted from 0 per direction. */
  readonly index: number;
  /** 20 change_cipher_spec, 21 alert, 22 handshake, 23 application_data. */
  readonly type: number;
  /** As written in the header, such as `3.3`. */
  readonly version: string;
  /** Bytes behind the header. */
  readonly length: number;
  /** What is behind the header: of handshake records all, of others the first 8 bytes. */
  readonly start: Buffer;
}

/**
 * Finds the records in a stream of bytes that passes by in pieces.
 *
 * @source https://www.rfc-editor.org/rfc/rfc8446#section-5.1
 */
export class RecordReader {
  /** Records that are complete. */
  count = 0;
  /** Whether the stream began with something that is no record of TLS. */
  foreign = false;
  /** The first bytes of the stream, up to 5. */
  first: Buffer = Buffer.alloc(0);
  #header = Buffer.alloc(headerBytes);
  #headerLength = 0;
  #start: Buffer[] = [];
  #seen = 0;

  /** @param onRecord - told of every record when its last byte has passed */
  feed(chunk: Uint8Array, onRecord: (record: TlsRecord) => void): void {
    if (this.first.length < headerBytes) this.#keepFirst(chunk);
    let at = 0;
    while (at < chunk.byteLength && !this.foreign) {
      at += this.#headerLength < headerBytes ? this.#readHeader(chunk, at) : this.#skip(chunk, at);
      if (this.#headerLength === headerBytes && this.#seen === this.#length) {
        onRecord(this.#finish());
      }
    }
  }

  get #length(): number {
    return this.#header.readUInt16BE(3);
  }

  #keepFirst(chunk: Uint8Array): void {
    this.first = Buffer.concat([this.first, chunk.subarray(0, headerBytes)]).subarray(
      0,
      headerBytes,
    );
    const [type, major] = this.first;
    const odd = type !== undefined && (type < 20 || type > 23);
    this.foreign = odd || (major !== undefined && major !== 3);
  }

  #readHeader(chunk: Uint8Array, at: number): number {
    const taken = Math.min(headerBytes - this.#headerLength, chunk.byteLength - at);
    this.#header.set(chunk.subarray(at, at + taken), this.#headerLength);
    this.#headerLength += taken;
    return taken;
  }

  #skip(chunk: Uint8Array, at: number): number {
    const taken = Math.min(this.#length - this.#seen, chunk.byteLength - at);
    const kept = this.#header[0] === handshakeType ? this.#length : keptBytes;
    if (this.#seen < kept) {
      this.#start.push(Buffer.from(chunk.subarray(at, at + Math.min(taken, kept - this.#seen))));
    }
    this.#seen += taken;
    return taken;
  }

  #finish(): TlsRecord {
    const record: TlsRecord = {
      index: this.count++,
      type: this.#header.readUInt8(0),
      version: `${this.#header.readUInt8(1)}.${this.#header.readUInt8(2)}`,
      length: this.#length,
      start: Buffer.concat(this.#start),
    };
    this.#headerLength = 0;
    this.#seen = 0;
    this.#start = [];
    return record;
  }
}
