import { RecentMap } from '../base/recent-map';
import type { WireSource } from '../network/wire-source';
import type { World } from '../network/world';

/** As many connections may be over before the last of what they did is written down. */
const keptBehind = 10_000;

/** What is known of one end of a proxied connection. */
interface WatchedEnd {
  /** 0 is the client's, 1 the upstream's. */
  readonly leg: 0 | 1;
  /** The number of the proxied connection. */
  readonly number: number;
}

/** A proxied connection, as far as it is watched. */
interface WatchedConnection {
  readonly number: number;
  /** @internal */
  readonly traceId: string;
  /** @internal */
  readonly upstreamEnd: { readonly id: string } | undefined;
}

/** The connections of a proxy on either side of it, kept from when somebody watches. */
export class WatchedIds {
  readonly #ends = new RecentMap<string, WatchedEnd>(2 * keptBehind);
  readonly #open: Iterable<WatchedConnection>;
  #isWatched = false;

  /** @param open - the connections that are open, now and at any time */
  constructor(open: Iterable<WatchedConnection>) {
    this.#open = open;
  }

  /** A connection was accepted, or has dialled. */
  add(connection: WatchedConnection): void {
    const { number, traceId, upstreamEnd } = connection;
    if (!this.#isWatched) return;
    this.#ends.set(traceId, { leg: 0, number });
    if (upstreamEnd !== undefined) this.#ends.set(upstreamEnd.id, { leg: 1, number });
  }

  /** It is over. */
  over(connection: WatchedConnection): void {
    const { traceId, upstreamEnd } = connection;
    this.#ends.release(traceId);
    if (upstreamEnd !== undefined) this.#ends.release(upstreamEnd.id);
  }

  /** A proxy as a part of its world: clients are one leg, the upstream is the other. */
  source(world: World, name: string): WireSource {
    const isNew = !this.#isWatched;
    this.#isWatched = true;
    if (isNew) for (const connection of this.#open) this.add(connection);
    return {
      world,
      label: name,
      owns: ({ connection }) => this.#ends.has(connection),
      legs: [
        { name: `${name} in`, description: `clients of proxy ${name}` },
        { name: `${name} out`, description: `upstream of proxy ${name}` },
      ],
      legOf: (id) => this.#ends.get(id)?.leg,
      pairOf: (id) => this.#ends.get(id)?.number,
    };
  }
}
