import { pairConnections } from '../capture/wire-pairs';
import type { Entity } from './named-entities';
import type { StepWorld } from './step-world';

/** The two ends of a proxied connection that belong to the proxy, by their ids in the trace. */
export interface ConnectionLegs {
  readonly client: string;
  /** `undefined` when nobody was dialled. */
  readonly upstream: string | undefined;
}

interface WithLegs extends Entity {
  readonly legs: readonly ConnectionLegs[];
}

/**
 * Connections, and those on the other side of the proxies that they lead through: what a proxy was
 * told is half of the story, what it made of it the other half.
 */
export function bothSides(world: StepWorld, connections: readonly string[]): readonly string[] {
  const legs = world.named<WithLegs>('proxy').all.flatMap((proxy) => proxy.legs);
  if (legs.length === 0) return connections;
  const pairs = pairConnections(world.world.trace.events);
  const numberOf = (id: string): number | string => pairs.get(id)?.number ?? id;
  const wanted = new Set(connections.map(numberOf));
  const added: string[] = [];
  // A proxy may lead to another one, so that what was added may add more.
  for (let before = -1; before !== added.length; ) {
    before = added.length;
    for (const { client, upstream } of legs) {
      if (upstream === undefined || wanted.has(numberOf(client)) === wanted.has(numberOf(upstream)))
        continue;
      for (const id of [client, upstream]) {
        if (wanted.has(numberOf(id))) continue;
        wanted.add(numberOf(id));
        added.push(id);
      }
    }
  }
  return [...connections, ...added];
}
