import { toMicroseconds } from '../base/duration';
import type { ClockTimer } from '../network/clock';
import type { World } from '../network/world';
import type { ProxyEvent } from '../proxy/proxy-events';
import { eventLine } from './event-log';

/** More that waits for a slow reader ends its stream. */
const mostWaiting = 1_048_576;
const pingUs = toMicroseconds(15_000);

/** How a stream is written. */
export interface EventForm {
  readonly contentType: string;
  event(id: number | undefined, type: string, data: string): string;
  readonly ping: string;
}

/** `id:`, `event:`, `data:`, and an empty line. */
export const serverSent: EventForm = {
  contentType: 'text/event-stream',
  event: (id, type, data) =>
    `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${data}\n\n`,
  ping: ': ping\n\n',
};

/** One JSON object a line. */
export const jsonLines: EventForm = {
  contentType: 'application/x-ndjson',
  event: (_id, _type, data) => `${data}\n`,
  ping: '\n',
};

/** A piece of a stream, and how much it counts towards the limit. */
interface Waiting {
  readonly bytes: Buffer;
  readonly counts: number;
}

/** One reader: what waits for it, up to a limit. It never slows down whoever tells. */
export class EventReader {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #form: EventForm;
  readonly #left: () => void;
  readonly #ping: ClockTimer;
  #waiting: Waiting[] = [];
  /** What was told since it began to read; what is replayed has its limit in the log. */
  #bytes = 0;
  #wake: (() => void) | undefined;
  #over = false;

  constructor(world: World, form: EventForm, left: () => void) {
    this.#form = form;
    this.#left = left;
    this.stream = new ReadableStream<Uint8Array>(
      { pull: (controller) => this.#pull(controller), cancel: () => this.end() },
      { highWaterMark: 0 },
    );
    this.#ping = world.clock.after(
      pingUs,
      () => {
        this.#push(form.ping);
        if (!this.#over) this.#ping.restart();
      },
      'ping of a reader of events',
    );
  }

  tell(event: ProxyEvent): void {
    this.#push(this.#form.event(event.id, event.type, eventLine(event)));
  }

  /** @param counts - whether it counts towards the limit */
  line(text: string, counts: boolean): void {
    if (counts) this.#push(`${text}\n`);
    else this.#waiting.push({ bytes: Buffer.from(`${text}\n`), counts: 0 });
  }

  replay(event: ProxyEvent): void {
    const bytes = Buffer.from(this.#form.event(event.id, event.type, eventLine(event)));
    this.#waiting.push({ bytes, counts: 0 });
  }

  say(type: string, data: object): void {
    this.#push(this.#form.event(undefined, type, JSON.stringify(data)));
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#ping.cancel();
    this.#left();
    this.#wake?.();
  }

  #push(text: string): void {
    if (this.#over) return;
    const bytes = Buffer.from(text);
    this.#waiting.push({ bytes, counts: bytes.length });
    this.#bytes += bytes.length;
    if (this.#bytes > mostWaiting) this.#drop();
    this.#wake?.();
  }

  /** Too slow: what waits is let go of, and the stream ends with a word about it. */
  #drop(): void {
    const data = JSON.stringify({ type: 'dropped' });
    const bytes = Buffer.from(this.#form.event(undefined, 'dropped', data));
    this.#waiting = [{ bytes, counts: 0 }];
    this.#bytes = 0;
    this.end();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    while (this.#waiting.length === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const next = this.#waiting.shift();
    if (next === undefined) {
      controller.close();
      return;
    }
    this.#bytes -= next.counts;
    controller.enqueue(next.bytes);
  }
}
