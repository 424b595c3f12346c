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
  /** Nothing is left to read of the connection. */
  #sourceOver = false;
  #abort = new AbortController();
  #idle = deferred<void>();
  #gap: ClockTimer | undefined;

  constructor(settings: InboxSettings) {
    this.#settings = settings;
    this.#reader = new FrameReader(settings.framer);
    this.#idle.resolve();
    settings.lane?.into({
      chunk: (bytes) => this.#push(bytes),
      fin: () => this.#ended('end'),
      broken: () => this.#ended('reset'),
      close: () => void settings.caller.close(),
      reset: () => settings.caller.reset(),
      moved: () => this.#wake(),
    });
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

  /** Bytes that came and were not taken, whole frames and the rest. */
  get unread(): number {
    return this.#unread + this.#reader.buffered + (this.#settings.lane?.held ?? 0);
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
      if (!this.#mayRead()) {
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
      this.#take(await this.#settings.caller.readBytes({ timeout: 0, signal: this.#abort.signal }));
    } catch (error) {
      this.#failed(error);
    } finally {
      idle.resolve();
    }
  }

  #take(chunk: Uint8Array): void {
    const { lane } = this.#settings;
    this.#settings.onChunk(chunk, !this.#begun);
    this.#begun = true;
    if (lane === undefined || lane.empty) this.#push(chunk);
    else lane.push(chunk);
  }

  #push(chunk: Uint8Array): void {
    if (this.#over) return;
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
    this.#sourceOver = true;
    const { lane } = this.#settings;
    const isEnd = code === 'EPEERCLOSED';
    if ((isEnd || code === 'ECONNRESET') && lane !== undefined && !lane.empty) {
      lane.finish(isEnd ? 'fin' : 'broken');
    } else if (isEnd) this.#ended('end');
    else if (code === 'ECONNRESET') this.#ended('reset');
    else if (TcpError.is(error) && code !== 'ECLOSED') this.#finish({ kind: 'problem', error });
    else this.#ended('closed');
  }

  /** Nothing more comes. */
  #ended(kind: 'end' | 'reset' | 'closed'): void {
    this.#gap?.cancel();
    if (this.#over) return;
    if (kind === 'end') {
      this.#reader.end();
      this.#deliver();
    }
    this.#finish({ kind, leftover: this.#reader.rest() });
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
    if (this.#mayRead()) this.#free.resolve();
  }

  #mayRead(): boolean {
    const { most, lane } = this.#settings;
    if (this.#paused || this.#held || this.#sourceOver || this.#unread > most) return false;
    return lane === undefined || lane.mayRead(most);
  }
}
