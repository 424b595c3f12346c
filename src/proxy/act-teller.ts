import type { Stream } from '../faults/fault';
import type { World } from '../network/world';
import { type TracedConnection, traceFault } from './fault-trace';
import type { ProxyEvents } from './proxy-events';
import type { Toxic } from './toxic';

/** Acts of a fault on a connection between two events about it. */
const everyNth = 1_000;

/** Tells that faults have acted: once per connection and fault, then every 1000th time. */
export class ActTeller {
  readonly #world: World;
  readonly #proxy: string;
  readonly #events: ProxyEvents;
  readonly #counts = new WeakMap<TracedConnection, Map<Toxic, number>>();

  constructor(world: World, proxy: string, events: ProxyEvents) {
    this.#world = world;
    this.#proxy = proxy;
    this.#events = events;
  }

  /** How often a fault has acted on a connection. */
  count(connection: TracedConnection, toxic: Toxic): number {
    return this.#counts.get(connection)?.get(toxic) ?? 0;
  }

  /** @returns whether it was the first time on this connection */
  acted(
    connection: TracedConnection,
    toxic: Toxic,
    stream: Stream,
    action: string,
    bytes: number,
  ): boolean {
    toxic.acted++;
    toxic.tally.count(stream, action, bytes);
    let counts = this.#counts.get(connection);
    if (counts === undefined) {
      counts = new Map();
      this.#counts.set(connection, counts);
    }
    const count = (counts.get(toxic) ?? 0) + 1;
    counts.set(toxic, count);
    if (count !== 1 && count % everyNth !== 0) return false;
    const { name, type } = toxic;
    const facts = { connection: connection.id, stream, toxic: name, fault: type, action };
    this.#events.tell('toxic.acted', { ...facts, bytes, count });
    traceFault(this.#world, this.#proxy, connection, { toxic, stream, action, bytes });
    return count === 1;
  }
}
