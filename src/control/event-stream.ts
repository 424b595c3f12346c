/** Events as they happen: server-sent events, or one JSON object a line. */
import type { World } from '../network/world';
import { apiError } from './api-errors';
import { type EventFilter, type EventLog, isWanted } from './event-log';
import { type EventForm, EventReader, jsonLines } from './event-reader';

const mostReaders = 64;

/** The streams of a control API. */
export class EventStreams {
  readonly #world: World;
  readonly #log: EventLog;
  readonly #readers = new Set<EventReader>();

  constructor(world: World, log: EventLog) {
    this.#world = world;
    this.#log = log;
  }

  /**
   * The answer to somebody who wants events.
   *
   * @param after - replays what came behind that number; absent: only what comes
   * @throws ApiError 503
   */
  open(form: EventForm, filter: EventFilter, after?: number): Response {
    if (this.#readers.size >= mostReaders) throw apiError('tooManyReaders');
    const reader = new EventReader(this.#world, form, () => {
      this.#readers.delete(reader);
      end();
    });
    const end = this.#log.hear((event) => {
      if (isWanted(event, filter)) reader.tell(event);
    });
    this.#readers.add(reader);
    if (after !== undefined) this.#replay(reader, filter, after);
    return new Response(reader.stream, { headers: { 'content-type': form.contentType } });
  }

  /** The answer to somebody who wants lines: those that are there, and those that come. */
  lines(first: readonly string[], hear: (write: (line: string) => void) => () => void): Response {
    if (this.#readers.size >= mostReaders) throw apiError('tooManyReaders');
    const reader = new EventReader(this.#world, jsonLines, () => {
      this.#readers.delete(reader);
      end();
    });
    this.#readers.add(reader);
    for (const line of first) reader.line(line, false);
    const end = hear((line) => reader.line(line, true));
    return new Response(reader.stream, { headers: { 'content-type': jsonLines.contentType } });
  }

  close(): void {
    for (const reader of [...this.#readers]) reader.end();
  }

  #replay(reader: EventReader, filter: EventFilter, after: number): void {
    const { events, gap } = this.#log.after(after);
    if (gap) reader.say('gap', { type: 'gap', after, next: events[0]?.id });
    for (const event of events) if (isWanted(event, filter)) reader.replay(event);
  }
}
