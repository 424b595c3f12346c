import { deferred } from '../base/deferred';
import { type Duration, readTimeLimit, toMicroseconds } from '../base/duration';
import { TcpError } from '../base/errors';
import type { Decision } from '../faults/decisions';
import type { Stream } from '../faults/fault';
import type { World } from '../network/world';

/** What can happen to a proxy. */
export type ProxyEventName =
  | 'proxy.started'
  | 'proxy.stopped'
  | 'proxy.failed'
  | 'connection.accepted'
  | 'connection.dialled'
  | 'connection.dialFailed'
  | 'connection.halfClosed'
  | 'connection.closed'
  | 'toxic.added'
  | 'toxic.updated'
  | 'toxic.removed'
  | 'toxic.expired'
  | 'toxic.acted'
  | 'toxic.triggered'
  | 'toxic.neverFired'
  | 'decision'
  | 'probe'
  | 'warning';

/** One thing that happened, as data. */
export interface ProxyEvent {
  /** Only grows; one row of numbers for all proxies of a set. */
  readonly id: number;
  /** Wall clock, ms since 1970. */
  readonly time: number;
  /** The world's clock. */
  readonly atUs: number;
  readonly proxy: string;
  readonly type: ProxyEventName;
  /** Id of the connection, such as `mail#3`. */
  readonly connection?: string;
  readonly stream?: Stream;
  /** Name of the toxic. */
  readonly toxic?: string;
  readonly [fact: string]: unknown;
}

/** What who tells an event knows of it. */
export type ProxyEventFacts = {
  readonly connection?: string | undefined;
  readonly stream?: Stream | undefined;
  readonly toxic?: string | undefined;
  readonly [fact: string]: unknown;
};

type Hear = (event: ProxyEvent) => void;

/**
 * The events of all proxies of a set, in the order in which they happened.
 *
 * Listeners are called in a microtask of their own, so that none of them meets a link in the middle
 * of its work.
 */
export class EventRow {
  #next = 1;
  #listeners: readonly Hear[] = [];
  #waiting: (() => void)[] = [];

  get heard(): boolean {
    return this.#listeners.length > 0;
  }

  number(): number {
    return this.#next++;
  }

  hear(listener: Hear): () => void {
    // An entry of its own, so that the same function may listen twice.
    const entry: Hear = (event) => listener(event);
    this.#listeners = [...this.#listeners, entry];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    };
  }

  /** Hands an event out, to those who hear one proxy and then to those who hear all. */
  post(event: ProxyEvent, own: () => readonly Hear[], failed: (error: unknown) => void): void {
    this.#waiting.push(() => {
      for (const listener of [...own(), ...this.#listeners]) {
        try {
          listener(event);
        } catch (error) {
          failed(error);
        }
      }
    });
    if (this.#waiting.length === 1) queueMicrotask(() => this.#handOut());
  }

  #handOut(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const handOut of waiting) handOut();
  }
}

/** The events of a proxy. Without a listener nothing is built. */
export class ProxyEvents {
  readonly #world: World;
  readonly #proxy: string;
  readonly #row: EventRow;
  #listeners: readonly Hear[] = [];

  constructor(world: World, proxy: string, row: EventRow) {
    this.#world = world;
    this.#proxy = proxy;
    this.#row = row;
  }

  /** Whether anybody listens; asked before facts are put together. */
  get heard(): boolean {
    return this.#listeners.length > 0 || this.#row.heard;
  }

  tell(type: ProxyEventName, facts: ProxyEventFacts = {}): void {
    if (!this.heard) return;
    const { clock } = this.#world;
    const event = {
      id: this.#row.number(),
      time: clock.wallTime(),
      atUs: clock.now(),
      proxy: this.#proxy,
      type,
    };
    const known = Object.entries(facts).filter(([, value]) => value !== undefined);
    const whole: ProxyEvent = { ...Object.fromEntries(known), ...event };
    this.#row.post(
      whole,
      () => this.#listeners,
      (error) => {
        // A listener of warnings that throws must not call itself for ever.
        if (type !== 'warning') this.tell('warning', { message: String(error), cause: error });
      },
    );
  }

  /** Chance has decided something about a connection. */
  decided(decision: Decision): void {
    const connection = `${this.#proxy}#${decision.connection}`;
    this.tell('decision', { ...decision, connection, stream: decision.stream as Stream });
  }

  /** Calls back for every event from now on; the returned function ends that. */
  hear(listener: Hear): () => void {
    // An entry of its own, so that the same function may listen twice.
    const entry: Hear = (event) => listener(event);
    this.#listeners = [...this.#listeners, entry];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    };
  }

  /** The next event of a kind with these facts. */
  async next(
    type: ProxyEventName,
    where: object = {},
    options: { readonly timeout?: Duration } = {},
  ): Promise<ProxyEvent> {
    const limit = readTimeLimit('timeout', options.timeout ?? '2s');
    const found = deferred<ProxyEvent>();
    const end = this.hear((event) => {
      if (event.type === type && matches(event, where)) found.resolve(event);
    });
    const timer = Number.isFinite(limit)
      ? this.#world.clock.after(
          toMicroseconds(limit),
          () => found.reject(noEvent(this.#proxy, type, limit)),
          `wait for ${type} of ${this.#proxy}`,
          { hold: true },
        )
      : undefined;
    try {
      return await found.promise;
    } finally {
      timer?.cancel();
      end();
    }
  }

  /** Every event from now on that has these facts. */
  async *all(where: object = {}): AsyncGenerator<ProxyEvent, void, undefined> {
    const queue: ProxyEvent[] = [];
    let more = deferred();
    const end = this.hear((event) => {
      if (!matches(event, where)) return;
      queue.push(event);
      more.resolve();
    });
    try {
      for (;;) {
        await more.promise;
        more = deferred();
        yield* queue.splice(0);
      }
    } finally {
      end();
    }
  }
}

/** Whether an event has certain facts. */
export function matches(event: ProxyEvent, where: object): boolean {
  return Object.entries(where).every(([key, value]) => event[key] === value);
}

function noEvent(proxy: string, type: string, ms: number): TcpError {
  return new TcpError(`no event ${type} of proxy ${proxy} within ${ms} ms`, {
    code: 'EDEADLINE',
    phase: 'deadline',
  });
}
