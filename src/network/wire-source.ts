import type { WireEvent } from './wire-event';
import type { World } from './world';

/** One side of what has connections on two sides, as a capture keeps it apart. */
export interface WireLeg {
  readonly name: string;
  readonly description: string;
}

/**
 * A part of a world that has connections of its own: a client, a listener, a proxy, a mock.
 *
 * It is asked from when it was first taken on; what was over before is not its own.
 *
 * @source docs/captures.md#a-part-of-a-world
 */
export interface WireSource {
  readonly world: World;
  /** What it is called. */
  readonly label: string;
  /** Whether an event is one of its own; default all are. */
  readonly owns?: (event: WireEvent) => boolean;
  /** Several sides instead of one. */
  readonly legs?: readonly WireLeg[];
  /** The place in `legs` of a connection, by the id of an end. */
  readonly legOf?: (connection: string) => number | undefined;
  /** The number that connections share which belong together, by the id of an end. */
  readonly pairOf?: (connection: string) => number | undefined;
}
