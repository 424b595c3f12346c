import { formatAddress } from '../base/address';
import { pairConnections, type WirePair } from '../capture/wire-pairs';
import type { WireEvent } from '../network/wire-event';
import { proxiedPairs } from './proxied-pairs';
import type { TimelineFacts } from './timeline-facts';
import type { LaneRole, TimelineConnection, TimelineLane } from './timeline-model';

/** Lanes side by side that can still be read; more become the busiest ones and one for the rest. */
const mostLanes = 6;

/** Who took part, and between whom each connection runs. */
export interface Participants {
  readonly lanes: readonly TimelineLane[];
  readonly connections: readonly TimelineConnection[];
  /** The connection of an end's id. */
  readonly connectionOf: (id: string) => number | undefined;
  /** The lane of a label; the connection's lane for an end without one. */
  readonly laneOf: (label: string, id: string) => number;
  /** The lane of a proxy, by the name it was given. */
  readonly proxyLane: (name: string) => number | undefined;
  /** Ids of the ends that told of a connection. */
  readonly pairOf: (id: string) => WirePair | undefined;
}

interface DraftLane extends TimelineLane {
  address?: string;
  events: number;
  dials: boolean;
}

/** Finds lanes and connections. Clients stand left, then proxies, then whoever accepts. */
export function findParticipants(
  events: readonly WireEvent[],
  facts: Pick<TimelineFacts, 'names' | 'pairs'>,
): Participants {
  return new ParticipantFinder(events, facts).find();
}

class ParticipantFinder {
  readonly #events: readonly WireEvent[];
  readonly #facts: Pick<TimelineFacts, 'names' | 'pairs'>;
  readonly #pairs: ReadonlyMap<string, WirePair>;
  readonly #lanes = new Map<string, DraftLane>();
  readonly #ends = new Map<WirePair, { a: string; b: string }>();
  /** Where the accepting end listens. */
  readonly #addresses = new Map<WirePair, string>();

  constructor(events: readonly WireEvent[], facts: Pick<TimelineFacts, 'names' | 'pairs'>) {
    this.#events = events;
    this.#facts = facts;
    this.#pairs = pairConnections(events);
  }

  find(): Participants {
    for (const event of this.#events) this.#see(event);
    for (const [pair, { a, b }] of this.#ends) {
      this.#lane(a, true, pair.dialled);
      this.#lane(b, false, pair.accepted);
    }
    for (const event of this.#events) this.#count(event);
    const order = [...this.#lanes.entries()].sort(([, x], [, y]) => rankOf(x) - rankOf(y));
    const { lanes, indexes } = withRest(order);
    const list = [...this.#ends.entries()];
    const places = new Map(list.map(([pair], index) => [pair, index]));
    const connectionOf = (id: string) => {
      const pair = this.#pairs.get(id);
      return pair === undefined ? undefined : places.get(pair);
    };
    const laneAt = (key: string) => indexes.get(key) ?? 0;
    const connections = list.map(([pair, { a, b }]) => ({
      id: pair.dialled ?? pair.accepted ?? '',
      number: pair.number,
      a: laneAt(this.#key(a, pair.dialled)),
      b: laneAt(this.#key(b, pair.accepted)),
    }));
    return {
      lanes,
      connections: withPairs(connections, connectionOf, this.#facts.pairs ?? this.#proxied()),
      connectionOf,
      laneOf: (label, id) => {
        const known = indexes.get(this.#key(label, id));
        if (known !== undefined) return known;
        const pair = this.#pairs.get(id);
        const own = pair === undefined ? undefined : connections[places.get(pair) ?? -1];
        return (id === pair?.dialled ? own?.a : own?.b) ?? 0;
      },
      proxyLane: (name) => indexes.get(`proxy ${name}`) ?? indexes.get(`proxy "${name}"`),
      pairOf: (id) => this.#pairs.get(id),
    };
  }

  #proxied(): readonly (readonly [string, string])[] {
    return proxiedPairs(this.#events, this.#pairs, (label) => roleOf(label)?.role === 'proxy');
  }

  /** Labels of ends, the best that any event has: an address only until a name is known. */
  #see({ connection, from, to, local, remote, kind }: WireEvent): void {
    const pair = this.#pairs.get(connection);
    if (pair === undefined) {
      if (from !== '') this.#lane(from, true, undefined);
      return;
    }
    // Who tells of a fault names those between whom it acted, not its own end.
    if (kind === 'fault' || kind === 'control' || kind === 'note') return;
    const isDialled = connection === pair.dialled;
    const ends = this.#ends.get(pair) ?? { a: '', b: '' };
    this.#ends.set(pair, ends);
    const [mine, other] = isDialled ? (['a', 'b'] as const) : (['b', 'a'] as const);
    if (from !== '') ends[mine] = this.#short(from, local, isDialled);
    const isKnown = (isDialled ? pair.accepted : pair.dialled) !== undefined && ends[other] !== '';
    if (to !== '' && !isKnown) ends[other] = this.#short(to, remote, !isDialled);
    const at = isDialled ? remote : local;
    if (at !== undefined && (kind === 'syn' || kind === 'accepted')) {
      this.#addresses.set(pair, formatAddress(at));
    }
  }

  /** Ports of clients are made up for one connection, so that their hosts make the lane. */
  #short(label: string, address: WireEvent['local'], dials: boolean): string {
    if (!dials || this.#facts.names?.[label] !== undefined) return label;
    const port = /^(?:\[(.+)\]|([\d.]+)):\d+$/.exec(label);
    if (port === null) return label;
    const host = port[1] ?? port[2] ?? label;
    return address === undefined || address.host === host ? host : label;
  }

  /** An end that was given no name is called by its id; all of these share a lane. */
  #key(label: string, id: string | undefined): string {
    if (label === '' || label === id) return id?.startsWith('s') ? 'listener' : 'client';
    return label;
  }

  #lane(label: string, dials: boolean, id: string | undefined): DraftLane {
    const key = this.#key(label, id);
    const lane = this.#lanes.get(key) ?? { ...this.#named(key), events: 0, dials };
    this.#lanes.set(key, lane);
    return lane;
  }

  #named(key: string): TimelineLane {
    const name = this.#facts.names?.[key];
    const known = roleOf(key);
    return { name: name ?? known?.name ?? key, role: known?.role ?? 'peer' };
  }

  #count({ connection, from }: WireEvent): void {
    const pair = this.#pairs.get(connection);
    const ends = pair === undefined ? undefined : this.#ends.get(pair);
    const label = ends === undefined ? from : connection === pair?.dialled ? ends.a : ends.b;
    const lane = this.#lanes.get(this.#key(label, connection));
    if (lane !== undefined) lane.events++;
    if (pair === undefined) return;
    const server = this.#lanes.get(this.#key(ends?.b ?? '', pair.accepted));
    const address = this.#addresses.get(pair);
    if (server === undefined) return;
    server.dials = false;
    if (address !== undefined && address !== server.name) server.address ??= address;
  }
}

/** Role and name in a label: `client "alice"`, `proxy edge`, `listener`. */
function roleOf(label: string): { role: LaneRole; name: string } | undefined {
  const match = /^(client|command|proxy|listener|mock)(?: "(.*)"| (.*))?$/s.exec(label);
  if (match === null) return undefined;
  return { role: match[1] as LaneRole, name: match[2] ?? match[3] ?? label };
}

function rankOf({ role, dials }: DraftLane): number {
  if (role === 'client' || role === 'command' || (role === 'peer' && dials)) return 0;
  return role === 'proxy' ? 1 : 2;
}

function withRest(order: readonly (readonly [string, DraftLane])[]): {
  lanes: readonly TimelineLane[];
  indexes: ReadonlyMap<string, number>;
} {
  const busiest = [...order].sort(([, x], [, y]) => y.events - x.events).slice(0, mostLanes - 1);
  const shown =
    order.length <= mostLanes ? order : order.filter((entry) => busiest.includes(entry));
  const rest = order.length - shown.length;
  const lanes: TimelineLane[] = shown.map(([, { name, role, address }]) => ({
    name,
    role,
    ...(address !== undefined && { address }),
  }));
  const indexes = new Map(
    order.map((entry) => {
      const place = shown.indexOf(entry);
      return [entry[0], place < 0 ? shown.length : place];
    }),
  );
  if (rest > 0) lanes.push({ name: `${rest} others`, role: 'others' });
  return { lanes, indexes };
}

function withPairs(
  connections: readonly TimelineConnection[],
  connectionOf: (id: string) => number | undefined,
  pairs: readonly (readonly [string, string])[],
): readonly TimelineConnection[] {
  const others = new Map<number, number>();
  for (const [one, other] of pairs) {
    const [left, right] = [connectionOf(one), connectionOf(other)];
    if (left === undefined || right === undefined || left === right) continue;
    others.set(left, right).set(right, left);
  }
  return connections.map((connection, index) => {
    const pair = others.get(index);
    return pair === undefined ? connection : { ...connection, pair };
  });
}
