/**
 * One end of a simulated connection, as a program sees it: a Duplex that behaves like `net.Socket`.
 *
 * Three layers make it, as below a real socket: `net-socket.ts` is Node's net.js, `handle.ts` is
 * libuv, `tcp-end.ts` is the kernel. This file opens and closes it, and tells about it.
 */
import { AsyncResource } from 'node:async_hooks';
import { addAbortSignal } from 'node:stream';
import type { Address } from '../base/address';
import type { Connection, ConnectionInfo } from '../network/connection';
import type { OnRead } from '../network/network';
import type { ConnectionLog } from './connection-log';
import type { Engine } from './engine';
import { priorities } from './event-queue';
import { Handle } from './handle';
import type { Host } from './host';
import { IdleTimer, readIdleLimitUs } from './idle-timer';
import { NetSocket } from './net-socket';
import { nodeError } from './system-errors';
import type { TcpEnd } from './tcp-end';
import { UnheardError } from './verdicts';

/** What a connection is made of. */
export interface ConnectionParts {
  readonly engine: Engine;
  readonly host: Host;
  readonly log: ConnectionLog;
  readonly id: string;
  readonly label: string;
  readonly local: Address;
  readonly remote: Address;
  readonly allowHalfOpen: boolean;
  readonly highWaterMark?: number | undefined;
  readonly onread?: OnRead | undefined;
  readonly noDelay: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Told of a failure that nobody listens to. */
  readonly onUnheard: (error: Error) => void;
  /** Told once, right after `close` was emitted. */
  readonly onClosed: () => void;
}

/** A connection of a simulated network: Node's `net.Socket` in everything programs rely on. */
export class SimulatedConnection extends NetSocket implements Connection {
  readonly id: string;
  readonly label: string;
  protected readonly idle: IdleTimer;
  protected readonly onread: OnRead | undefined;
  readonly #parts: ConnectionParts;
  readonly #resource = new AsyncResource('BrineConnection');
  /** The end that the handle has or had. */
  #end: TcpEnd | undefined;
  /** Ends the dial; present while connecting. */
  #abandonDial: (() => void) | undefined;
  #noDelay: boolean;
  #failed = false;
  #closeEmitted = false;

  constructor(parts: ConnectionParts) {
    super(parts.allowHalfOpen, parts.highWaterMark, parts.local, parts.remote);
    this.id = parts.id;
    this.label = parts.label;
    this.#parts = parts;
    this.onread = parts.onread;
    this.#noDelay = parts.noDelay;
    this.idle = new IdleTimer(parts.engine, `idle timeout of ${parts.id}`, () => this.#onIdle());
    if (parts.signal !== undefined) addAbortSignal(parts.signal, this);
  }

  // What the network calls.

  /** A dial has begun. @internal */
  startDialling(abandon: () => void): void {
    this.#abandonDial = abandon;
  }

  /** The dial has succeeded. @internal */
  opened(end: TcpEnd): void {
    this.#abandonDial = undefined;
    this.#attach(end);
    this.idle.touch();
    this.run(() => {
      this.emit('connect');
      this.emit('ready');
      if (!this.isPaused()) this.read(0);
    });
  }

  /** An accepted end is taken over. @internal */
  accepted(end: TcpEnd, pause: boolean): void {
    this.#attach(end);
    if (pause) this.pause();
    else this.read(0);
  }

  /** Ends it with RST; resolves when `close` was emitted. @internal */
  closeForGood(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closeEmitted) {
        resolve();
        return;
      }
      this.once('close', () => resolve());
      if (this.pending) this.destroy();
      else this.resetAndDestroy();
    });
  }

  /** Calls code of the program, in the context in which the connection was made. @internal */
  run(body: () => void): void {
    this.#parts.engine.callIn(this.#resource, body);
  }

  #attach(end: TcpEnd): void {
    const { engine, id, onread } = this.#parts;
    this.#end = end;
    this.handle = new Handle(engine, end, this, (body) => this.run(body), id);
    this.connectedAs(end.local, end.remote);
    end.sender.noDelay = this.#noDelay;
    this.memory = typeof onread?.buffer === 'function' ? onread.buffer() : onread?.buffer;
  }

  // Facts.

  /** Where its program runs. @internal */
  get host(): Host {
    return this.#parts.host;
  }

  get connecting(): boolean {
    return this.#abandonDial !== undefined;
  }

  get bytesRead(): number {
    return this.#end?.received.taken ?? 0;
  }

  get bytesWritten(): number {
    return (this.#end?.sender.begun ?? 0) + this.writableLength - this.bytesInHandle;
  }

  info(): ConnectionInfo {
    const end = this.#end;
    return {
      id: this.id,
      label: this.label,
      state: this.#state(),
      ended: this.#howEnded(),
      unreadInReceiveBuffer: end?.received.unread ?? 0,
      unreadInStream: this.readableLength,
      unsent: (end?.sender.unsent ?? 0) + (this.handle?.waiting ?? 0),
      inFlight: end?.wire.bytesInFlight ?? 0,
      finSent: end?.sender.finSent ?? false,
      finReceived: end?.finReceived ?? false,
    };
  }

  #state(): ConnectionInfo['state'] {
    const state = this.#end?.state;
    if (state === 'reset') return 'reset';
    if (this.destroyed) return 'closed';
    return state === undefined || state === 'synReceived' ? 'connecting' : state;
  }

  #howEnded(): ConnectionInfo['ended'] {
    if (!this.destroyed) return 'none';
    if (this.#end?.wasReset === true) return 'rst';
    if (this.#failed) return 'error';
    return this.#end === undefined ? 'none' : 'fin';
  }

  // Settings.

  override pause(): this {
    if (!this.isPaused() && !this.destroyed) this.#parts.log.note('pause');
    return super.pause();
  }

  override resume(): this {
    if (this.isPaused() && !this.destroyed) this.#parts.log.note('resume');
    return super.resume();
  }

  setTimeout(ms: number, listener?: () => void): this {
    if (this.destroyed) return this;
    const limitUs = readIdleLimitUs(ms);
    this.timeout = ms;
    this.idle.set(limitUs);
    if (listener !== undefined) {
      if (limitUs === 0) this.removeListener('timeout', listener);
      else this.once('timeout', listener);
    }
    return this;
  }

  setNoDelay(on = true): this {
    this.#noDelay = on;
    const sender = this.#end?.sender;
    if (sender !== undefined) {
      sender.noDelay = on;
      if (on) sender.pump();
    }
    return this;
  }

  /** Changes nothing: probes are not simulated, their effect is. */
  setKeepAlive(_on?: boolean, _initialDelayMs?: number): this {
    return this;
  }

  #onIdle(): void {
    const waiting = this.handle?.waiting ?? 0;
    if (this.waitingBefore > 0 && this.waitingBefore !== waiting) {
      // A long write makes progress: that is activity too.
      this.waitingBefore = waiting;
      this.idle.touch();
      return;
    }
    this.#parts.log.note('timeout', { ms: this.timeout ?? 0 });
    this.run(() => {
      this.emit('timeout');
    });
  }

  // Ending.

  halfClose(): Promise<void> {
    return new Promise((resolve, reject) => {
      const closed = (): void => reject(nodeError('ERR_SOCKET_CLOSED', 'Socket is closed'));
      if (this.writableFinished) resolve();
      else if (this.destroyed) closed();
      else {
        this.once('finish', () => {
          this.off('close', closed).off('error', reject);
          resolve();
        });
        this.once('close', closed).once('error', reject);
        this.end();
      }
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const hadError = error !== null;
    this.#failed = hadError;
    this.idle.stop();
    const { handle } = this;
    const abandon = this.#abandonDial;
    this.#abandonDial = undefined;
    this.handle = undefined;
    abandon?.();
    if (error !== null) this.#parts.log.note('error', facts(error));
    const close = (): void => this.#emitClose(hadError);
    if (handle !== undefined) handle.close(this.resetting, close);
    else this.#later(() => this.run(close));
    done(error);
  }

  #emitClose(hadError: boolean): void {
    this.#parts.log.note('close', { hadError });
    this.#closeEmitted = true;
    this.emit('close', hadError);
    this.#parts.onClosed();
  }

  #later(run: () => void): void {
    this.#parts.engine.schedule(0, priorities.delivery, run, `close of ${this.id}`);
  }

  /** A failure that nobody listens to ends the run, and so does what a listener throws. */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    const { engine, onUnheard } = this.#parts;
    if (event === 'error' && this.listenerCount('error') === 0) {
      const error = values[0] as Error;
      onUnheard(error);
      engine.fail(new UnheardError(this.id, this.label, error));
      return false;
    }
    if (event === 'end') this.endEmitted = true;
    try {
      return super.emit(event, ...values);
    } catch (error) {
      engine.fail(error);
      return true;
    }
  }
}

function facts({ code, name, message, syscall }: NodeJS.ErrnoException): Record<string, string> {
  return { code: code ?? name, message, ...(syscall === undefined ? {} : { syscall }) };
}
