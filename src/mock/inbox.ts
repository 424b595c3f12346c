import { type Deferred, deferred } from '../base/deferred';
import { TcpError } from '../base/errors';
import { FrameReader } from '../framing/frame-reader';
import type { ClockTimer } from '../network/clock';
import type { InboxItem, InboxSettings } from './inbox-item';

/**
 * Reads a connection ahead of whoever takes the frames, so that what comes while a reply waits is
 * seen when it comes. Reading stops while too much is unread, while it is paused, and for TLS.
 */
export class Inbox {
  readonly #settings: InboxSettings;
  #reader: FrameReader;
  #items: InboxItem[] = [];
  #unread = 0;
  #waiting: Deferred<void> | undefined;
  #free = deferred<void>();
  #paused = false;
  #held = false;
  #over = false;
  #begun = false;
  #abort = new AbortController();
  #idle = deferred<void>();
  #gap: ClockTimer | undefined;

  constructor(settings: InboxSettings) {
    this.#settings = settings;
    this.#reader = new FrameReader(settings.framer);
    this.#idle.resolve();
  }

  /** Begins to read. */
  start(): void {
    void this.#pump();
    // While nothing is read, nobody else tells that the connection is over.
    void this.#settings.caller.closed.then(({ received }) =>
      this.#finish({
        kind: received === 'rst' ? 'reset' : 'closed',
        leftover: this.#reader.rest(),
      }),
    );
  }

  /** Resolves when something is there to take, or nothing will be any more. */
  async available(): Promise<void> {
    while (this.#items.length === 0 && !this.#over) {
      this.#waiting ??= deferred<void>();
      await this.#waiting.promise;
    }
  }

  /** What is there, without taking it. */
  peek(): readonly InboxItem[] {
    return this.#items;
  }

  /** Takes what is there. */
  take(): InboxItem | undefined {
    const item = this.#items.shift();
    if (item?.kind === 'frame') this.#unread -= item.bytes.length;
    this.#wake();
    return item;
  }

  /** Puts a frame, or what is left of one, back in front. */
  putBack(item: InboxItem): void {
    this.#items.unshift(item);
    if (item.kind === 'frame') this.#unread += item.bytes.length;
  }

  /** Bytes that came and were not taken, whole frames and the rest. */
  get unread(): number {
    return this.#unread + this.#reader.buffered;
  }

  pause(on: boolean): void {
    this.#paused = on;
    if (on) this.#abort.abort();
    else this.#wake();
  }

  /** Stops reading and gives the reader back, as the start of TLS needs it. */
  async hold(): Promise<void> {
    this.#held = true;
    this.#abort.abort();
    await this.#idle.promise;
  }

  /** Reads on, with nothing kept of before. */
  release(): void {
    this.#reader = new FrameReader(this.#settings.framer);
    this.#held = false;
    this.#wake();
  }

  async #pump(): Promise<void> {
    while (!this.#over) {
      if (this.#paused || this.#held || this.#unread > this.#settings.most) {
        this.#free = deferred<void>();
        await this.#free.promise;
        continue;
      }
      await this.#readOnce();
    }
  }

  async #readOnce(): Promise<void> {
    const idle = deferred<void>();
    this.#idle = idle;
    if (this.#abort.signal.aborted) this.#abort = new AbortController();
    try {
      this.#push(await this.#settings.caller.readBytes({ timeout: 0, signal: this.#abort.signal }));
    } catch (error) {
      this.#failed(error);
    } finally {
      idle.resolve();
    }
  }

  #push(chunk: Uint8Array): void {
    if (!this.#begun) this.#settings.onFirst(chunk);
    this.#begun = true;
    this.#reader.push(chunk);
    this.#deliver();
    const { gapMs } = this.#settings.framer;
    if (gapMs === undefined || this.#over) return;
    this.#gap ??= this.#settings.clock.after(gapMs * 1_000, () => this.#silence(), 'idle gap');
    this.#gap.restart(Math.round(gapMs * 1_000));
  }

  #silence(): void {
    this.#reader.silence();
    this.#deliver();
  }

  /** Hands on whole frames, then what is wrong behind them. */
  #deliver(): void {
    while (this.#reader.ready > 0) {
      const bytes = this.#reader.take();
      if (bytes !== undefined) this.#add({ kind: 'frame', bytes });
    }
    const error = this.#reader.error();
    if (error === undefined || error.code === 'EPEERCLOSED') return;
    this.#finish({ kind: 'problem', error });
  }

  #failed(error: unknown): void {
    const code = TcpError.is(error) ? error.code : undefined;
    if (code === 'ABORT_ERR') return;
    this.#gap?.cancel();
    const ended = code === 'EPEERCLOSED';
    if (ended) {
      this.#reader.end();
      this.#deliver();
    }
    if (this.#over) return;
    const leftover = this.#reader.rest();
    if (ended) this.#finish({ kind: 'end', leftover });
    else if (code === 'ECONNRESET') this.#finish({ kind: 'reset', leftover });
    else if (TcpError.is(error) && code !== 'ECLOSED') this.#finish({ kind: 'problem', error });
    else this.#finish({ kind: 'closed', leftover });
  }

  #finish(item: InboxItem): void {
    if (this.#over) return;
    this.#over = true;
    this.#gap?.cancel();
    this.#free.resolve();
    this.#add(item);
  }

  #add(item: InboxItem): void {
    this.#items.push(item);
    if (item.kind === 'frame') this.#unread += item.bytes.length;
    this.#settings.onItem(item);
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  #wake(): void {
    if (!this.#paused && !this.#held && this.#unread <= this.#settings.most) this.#free.resolve();
  }
}
