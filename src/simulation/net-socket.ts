import type { Address } from '../base/address';
import type { OnRead } from '../network/network';
import type { Handle } from './handle';
import type { IdleTimer } from './idle-timer';
import { SocketFace } from './socket-face';
import { nodeError, type SystemCode, systemError } from './system-errors';

type Callback = (error?: Error | null) => void;

/** As much as one read of the system gives at most. */
const systemReadSize = 65_536;

/**
 * A Duplex over a handle: what Node's net.js does, down to the order of callbacks, because drivers
 * depend on it.
 *
 * It is the user of its handle, which checks that. It does not say so with `implements`, because the
 * members of a HandleUser are internal and so missing from the published types.
 *
 * @source https://nodejs.org/api/net.html#class-netsocket
 */
export abstract class NetSocket extends SocketFace {
  protected handle: Handle | undefined;
  protected abstract readonly idle: IdleTimer;
  protected abstract readonly onread: OnRead | undefined;
  /** Memory of the caller that is read into. */
  protected memory: Uint8Array | undefined;
  /** Bytes of a write that the handle still works on. */
  protected bytesInHandle = 0;
  /** Bytes of it that waited when the idle timer last looked. */
  protected waitingBefore = 0;
  protected resetting = false;
  protected endEmitted = false;

  protected constructor(
    allowHalfOpen: boolean,
    highWaterMark: number | undefined,
    local: Address,
    remote: Address,
  ) {
    const options = { allowHalfOpen, emitClose: false, autoDestroy: true };
    super(highWaterMark === undefined ? options : { ...options, highWaterMark }, local, remote);
  }

  get pending(): boolean {
    return this.handle === undefined;
  }

  // Reading.

  get readSize(): number {
    return this.memory?.length ?? systemReadSize;
  }

  /** @internal */
  bytes(chunk: Buffer): boolean {
    this.idle.touch();
    if (this.destroyed) return false;
    const { onread, memory } = this;
    if (onread === undefined || memory === undefined) return this.push(chunk);
    memory.set(chunk);
    const goOn = onread.callback(chunk.length, memory) !== false;
    if (typeof onread.buffer === 'function') this.memory = onread.buffer();
    return goOn;
  }

  /** @internal */
  ended(): void {
    this.idle.touch();
    this.push(null);
    this.read(0);
  }

  /** @internal */
  readFailed(code: SystemCode): void {
    this.idle.touch();
    this.destroy(systemError(code, 'read'));
  }

  override _read(size: number): void {
    if (this.handle === undefined) {
      this.once('connect', () => this._read(size));
    } else if (!this.handle.reading) {
      this.handle.readStart();
    }
  }

  override pause(): this {
    if (this.memory !== undefined) this.handle?.readStop();
    return super.pause();
  }

  override resume(): this {
    this.#readIntoMemory();
    return super.resume();
  }

  override read(size?: number): unknown {
    this.#readIntoMemory();
    return super.read(size);
  }

  #readIntoMemory(): void {
    if (this.memory !== undefined && this.handle?.reading === false) this.handle.readStart();
  }

  // Writing.

  override write(chunk: unknown, encoding?: BufferEncoding | Callback, done?: Callback): boolean {
    if (this.endEmitted && !this.allowHalfOpen && this.writableEnded) {
      const error = nodeError('EPIPE', 'This socket has been ended by the other party');
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback !== undefined) process.nextTick(callback, error);
      this.destroy(error);
      return false;
    }
    return super.write(chunk, encoding as BufferEncoding, done);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Callback): void {
    // The caller may use its memory again once the callback has run.
    this.#send(Buffer.from(chunk), done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Callback): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  #send(bytes: Buffer, done: Callback): void {
    if (this.connecting) {
      this.#sendWhenConnected(bytes, done);
      return;
    }
    if (this.handle === undefined) {
      done(nodeError('ERR_SOCKET_CLOSED', 'Socket is closed'));
      return;
    }
    this.idle.touch();
    const written = this.handle.write(bytes, (code) => this.#written(code, done));
    if (written === 'later') {
      this.bytesInHandle = bytes.length;
      this.waitingBefore = bytes.length;
    } else {
      done(written === 'done' ? null : systemError(written, 'write'));
    }
  }

  #written(code: SystemCode | undefined, done: Callback): void {
    this.bytesInHandle = 0;
    this.waitingBefore = 0;
    if (code === undefined) this.idle.touch();
    done(code === undefined ? null : systemError(code, 'write'));
  }

  #sendWhenConnected(bytes: Buffer, done: Callback): void {
    const onClose = (): void => {
      const text = 'Socket closed before the connection was established';
      done(nodeError('ERR_SOCKET_CLOSED_BEFORE_CONNECTION', text));
    };
    this.once('connect', () => {
      this.off('close', onClose);
      this.#send(bytes, done);
    });
    this.once('close', onClose);
  }

  // Ending.

  override _final(done: Callback): void {
    if (this.connecting) this.once('connect', () => this._final(done));
    else if (this.handle === undefined) done();
    else this.handle.shutdown(done);
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  resetAndDestroy(): this {
    const reset = (): void => {
      this.resetting = true;
      this.destroy();
    };
    if (this.connecting) this.destroy();
    else if (this.handle !== undefined) reset();
    else this.destroy(nodeError('ERR_SOCKET_CLOSED', 'Socket is closed'));
    return this;
  }
}
