import type { ProxyEvent } from '../proxy/proxy-events';
import type { ProxySet } from '../proxy/proxy-set';

/** Events that are kept for those who come late. */
const kept = 10_000;

/** Which events somebody wants. */
export interface EventFilter {
  readonly proxy?: string | undefined;
  readonly types?: readonly string[] | undefined;
}

/**
 * The last events of all proxies, in a ring.
 *
 * Decisions are not kept: a jitter takes one for every chunk, which would push out all else. Who
 * asks for them by their type hears them live.
 */
export class EventLog {
  readonly #ring: ProxyEvent[] = [];
  readonly #end: () => void;
  readonly #listeners = new Set<(event: ProxyEvent) => void>();
  /** Where the oldest event stands in the ring. */
  #first = 0;
  /** Number of the last event that is not there any more. */
  #lost = 0;

  constructor(proxies: ProxySet) {
    this.#end = proxies.on((event) => this.#take(event));
  }

  /** The events behind a number that are still there, and whether some are not. */
  after(id: number): { readonly events: readonly ProxyEvent[]; readonly gap: boolean } {
    const all = [...this.#ring.slice(this.#first), ...this.#ring.slice(0, this.#first)];
    return { events: all.filter((event) => event.id > id), gap: id < this.#lost };
  }

  /** Calls back for every event from now on; the returned function ends that. */
  hear(listener: (event: ProxyEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#end();
    this.#listeners.clear();
  }

  #take(event: ProxyEvent): void {
    for (const listener of this.#listeners) listener(event);
    if (event.type === 'decision') return;
    if (this.#ring.length < kept) {
      this.#ring.push(event);
      return;
    }
    this.#lost = this.#ring[this.#first]?.id ?? 0;
    this.#ring[this.#first] = event;
    this.#first = (this.#first + 1) % kept;
  }
}

/** Whether an event is wanted. Decisions are for those who name them. */
export function isWanted({ type, proxy }: ProxyEvent, filter: EventFilter): boolean {
  if (filter.proxy !== undefined && filter.proxy !== proxy) return false;
  return filter.types === undefined ? type !== 'decision' : filter.types.includes(type);
}

/** An event in one line of JSON. */
export function eventLine(event: ProxyEvent): string {
  // An error object says nothing in JSON; its message is there as well.
  return JSON.stringify(event, (key, value: unknown) => (key === 'cause' ? undefined : value));
}
