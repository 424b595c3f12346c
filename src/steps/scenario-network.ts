import type { LeakReport } from '../network/scope';
import type { World } from '../network/world';
import type { SimulatedNetwork } from '../simulation/controls';

/** What a scenario asks for when it opens its network. */
export interface NetworkWishes {
  /** Absent: a fresh one, which the world's `random.seed` tells. */
  readonly seed?: number;
  /** A simulation plan as JSON text. */
  readonly plan?: string;
  /** Silence, in milliseconds, that counts as quiet on the real network. */
  readonly quietMs: number;
  /** Bytes of payload that the trace keeps. */
  readonly traceBytes: number;
}

/**
 * One network for one scenario: a world, and how time is spent on it.
 *
 * Steps never ask which kind it is to decide what to do; they run inside `run`, wait on
 * `world.clock`, and call `settle` where "now" must mean "after everything in flight".
 */
export interface ScenarioNetwork {
  readonly world: World;
  /** Hosts, links and names, where the network is simulated. */
  readonly simulation?: SimulatedNetwork;
  /** Runs the body of a step; a simulated network moves its time until the body settles. */
  run<T>(body: () => Promise<T>): Promise<T>;
  /** Waits until nothing more happens by itself: 50 ms without a wire event, or a simulated network at rest. */
  settle(): Promise<void>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** Closes everything; returns what had been left open. May be called twice. */
  end(): Promise<LeakReport>;
}

/** Opens the network of a scenario. */
export type NetworkMaker = (wishes: NetworkWishes) => ScenarioNetwork;

/** Makers by kind; a kind without one is refused with a sentence. */
export type NetworkMakers = Partial<Record<World['kind'], NetworkMaker>>;
