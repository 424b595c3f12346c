import type { Duplex } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import type { Address } from '../base/address';
import type { BytesLike } from '../base/bytes';
import { readBytesLike, readCount } from '../base/option-reader';
import type { Framer } from '../framing/framer';
import type { TlsInfo } from '../network/tls-info';
import type { WireSource } from '../network/wire-source';
import type { ByteChannel, ReadUntilOptions } from './byte-channel';
import { busyError, callAborted, describeRead } from './call-errors';
import { type CallLimit, type CallOptions, readCallOptions } from './call-options';
import { ChunkIterator, framesOf } from './channel-iteration';
import { duplexOf, webStreamsOf } from './channel-streams';
import type { CloseInfo } from './close-info';
import { chunkBytes } from './intake';
import type { Want } from './read-call';
import type { ClientSecureSocket, ListenerSecureSocket } from './secure-socket';
import type { Wire } from './wire';
import { upgradeToTls } from './wire-upgrade';
import { copyOf } from './write-copies';

export type { CloseInfo } from './close-info';

const oneChunk: Want = { kind: 'chunk', most: chunkBytes };
const defaultMaxBytes = 1_048_576;

/** What Client and Caller have in common: the members of {@link ByteChannel} over one wire. */
export class Channel implements ByteChannel {
  readonly #wire: Wire;

  protected constructor(wire: Wire) {
    this.#wire = wire;
  }

  get id(): string {
    return this.#wire.id;
  }

  get remote(): Address {
    return this.#wire.remote;
  }

  get local(): Address {
    return this.#wire.local;
  }

  get remoteHost(): string {
    return this.#wire.remote.host;
  }

  get remotePort(): number {
    return this.#wire.remote.port;
  }

  get localHost(): string {
    return this.#wire.local.host;
  }

  get localPort(): number {
    return this.#wire.local.port;
  }

  get tls(): TlsInfo | undefined {
    return this.#wire.tls;
  }

  /** The connection as a part of its world, to be captured: `capture(client, path)`. */
  get wire(): WireSource {
    const { world, id, connection } = this.#wire;
    return { world, label: connection.label, owns: (event) => event.connection === id };
  }

  get bytesRead(): number {
    return this.#wire.bytesRead;
  }

  get bytesFlushed(): number {
    return this.#wire.bytesFlushed;
  }

  get closed(): Promise<CloseInfo> {
    return this.#wire.closed;
  }

  get signal(): AbortSignal {
    return this.#wire.signal;
  }

  writeBytes(data: BytesLike, options?: CallOptions): Promise<void> {
    const wire = this.#wire;
    return new Promise((resolve, reject) => {
      const bytes = readBytesLike('data', data);
      const limit = readCallOptions(options, wire.settings.write);
      if (wire.writer !== undefined) {
        throw busyError('write', 'write', wire.writer.name, wire.facts());
      }
      if (limit.signal?.aborted) {
        throw callAborted('write', 'write', limit.signal.reason, wire.facts());
      }
      const copy = copyOf(bytes);
      const flushed = (): void => {
        copy.release();
        resolve();
      };
      wire.outlet.write(copy.bytes, limit, { resolve: flushed, reject });
    });
  }

  readBytes(options?: CallOptions): Promise<Uint8Array>;
  readBytes(length: number, options?: CallOptions): Promise<Uint8Array>;
  readBytes(first?: number | CallOptions, second?: CallOptions): Promise<Uint8Array> {
    try {
      if (typeof first !== 'number') return this.#read(oneChunk, this.#limit(first));
      const want: Want = { kind: 'exact', length: readCount('length', first) };
      return this.#read(want, this.#limit(second));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  readUntil(delimiter: BytesLike, options?: ReadUntilOptions): Promise<Uint8Array> {
    try {
      const wanted = readBytesLike('delimiter', delimiter);
      readCount('delimiter.byteLength', wanted.byteLength, 1);
      const limit = readCallOptions(options, this.#wire.settings.read, ['maxBytes']);
      const most = readCount('maxBytes', options?.maxBytes ?? defaultMaxBytes, 1, true);
      return this.#read({ kind: 'until', delimiter: wanted.slice(), most, scanned: 0 }, limit);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  frames<F>(framer: Framer<F>, options?: CallOptions): AsyncIterable<F> {
    return framesOf(this.#wire, framer, this.#limit(options));
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return new ChunkIterator(this.#wire, oneChunk);
  }

  pause(): void {
    this.#wire.intake.hold(true);
  }

  resume(): void {
    this.#wire.intake.hold(false);
  }

  async end(options?: CallOptions): Promise<void> {
    const limit = readCallOptions(options, this.#wire.settings.write);
    if (limit.signal?.aborted) {
      throw callAborted('end', 'close', limit.signal.reason, this.#wire.facts());
    }
    return await this.#wire.end(limit);
  }

  reset(): void {
    this.#wire.reset();
  }

  async close(): Promise<void> {
    await this.#wire.close();
  }

  upgradeToTls(options: ClientSecureSocket | ListenerSecureSocket): Promise<TlsInfo> {
    return upgradeToTls(this.#wire, options);
  }

  toDuplex(): Duplex {
    return duplexOf(this.#wire);
  }

  toWeb(): { readable: ReadableStream<Uint8Array>; writable: WritableStream<Uint8Array> } {
    return webStreamsOf(this.#wire);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #limit(options: CallOptions | undefined): CallLimit {
    return readCallOptions(options, this.#wire.settings.read);
  }

  #read(want: Want, limit: CallLimit): Promise<Uint8Array> {
    const wire = this.#wire;
    if (wire.reader !== undefined) {
      throw busyError(describeRead(want), 'read', wire.reader.name, wire.facts());
    }
    if (want.kind === 'exact' && want.length === 0 && !wire.closing) {
      return Promise.resolve(Buffer.alloc(0));
    }
    return wire.read(want, limit);
  }
}
