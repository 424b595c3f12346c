import { TcpError } from '../base/errors';
import { formatByteCount } from '../base/size';
import type { ByteSource } from './byte-source';
import type { PieceList } from './piece-list';

/** Bytes that came together. */
export interface CapturedChunk {
  /** Microseconds since 1970. */
  readonly atUs: number;
  /** Of the first byte in its stream. */
  readonly offset: number;
  /** Where they stand in the file; orders what has the same time. */
  readonly place: number;
  readonly bytes: Uint8Array;
}

/** Everything that one end of a captured connection has sent. */
export interface CapturedStream {
  /** Bytes, up to the first gap. */
  readonly length: number;
  /** The bytes as they came: in our own files as they were written, in others by segment. */
  chunks(): Iterable<CapturedChunk>;
  /**
   * All bytes together.
   *
   * @param maxBytes - default 16 MiB
   * @throws TcpError `ELIMIT` - there are more
   */
  bytes(maxBytes?: number): Uint8Array;
}

const defaultLimit = 16 * 2 ** 20;

/** A stream that reads its bytes from the file when they are asked for. */
export class FileStream implements CapturedStream {
  readonly #source: ByteSource;
  readonly #pieces: PieceList;
  readonly #joined: boolean;

  /** @param joined - pieces belong together until PSH */
  constructor(source: ByteSource, pieces: PieceList, joined: boolean) {
    this.#source = source;
    this.#pieces = pieces;
    this.#joined = joined;
  }

  get length(): number {
    return this.#pieces.length;
  }

  *chunks(): Generator<CapturedChunk, void, undefined> {
    const { count } = this.#pieces;
    let parts: Uint8Array[] = [];
    let head: Omit<CapturedChunk, 'bytes'> | undefined;
    for (let index = 0; index < count; index++) {
      const { fileAt, length, atUs, offset, push } = this.#pieces.at(index);
      head ??= { atUs, offset, place: fileAt };
      parts.push(this.#source.read(fileAt, length));
      if (this.#joined && !push && index < count - 1) continue;
      yield { ...head, bytes: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts) };
      parts = [];
      head = undefined;
    }
  }

  bytes(maxBytes: number = defaultLimit): Uint8Array {
    if (this.length > maxBytes) {
      const text = `the stream has ${formatByteCount(this.length)}, more than ${formatByteCount(maxBytes)}`;
      throw new TcpError(text, { code: 'ELIMIT', phase: 'read' });
    }
    return Buffer.concat([...this.chunks()].map(({ bytes }) => bytes));
  }
}
