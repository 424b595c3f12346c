/**
 * Third-party drivers over the simulated network: what is shown of each, as functions of a world.
 *
 * A case is a module of this folder: `row` says what the table of docs/simulation.md says,
 * `answered` and `waited` show it. `all-cases.ts` lists them; the tests run every one of them in
 * one process, in worker threads and behind the preload, and compare the table.
 */
import type { SimulatedWorld } from '../../src/simulation/world';

/** The facts of the table about one driver. */
export interface DriverRow {
  /** Name in package.json; what comes with Node is `node`. */
  readonly name: string;
  /** What of Node is meant, where it is no package. */
  readonly part?: string;
  /** How it is led into the world, in Markdown. */
  readonly hook: string;
  /** What `answered` asks for and gets. */
  readonly answered: string;
  /** What `waited` waits for. */
  readonly waited: string;
  /** Virtual seconds that pass meanwhile: at least, and less than. */
  readonly seconds: readonly [number, number];
  /** How the same seed gives the same trace. */
  readonly sameTrace: string;
  /** Whether it does so only in a worker that nothing ran in before. */
  readonly ownWorker: boolean;
  /** Whether it needs the preload to have virtual time: `false`, or why. */
  readonly preload: false | string;
}

/** What is shown of one driver. */
export interface DriverCase {
  readonly row: DriverRow;
  /** Asks for something and checks the answer. */
  readonly answered: (world: SimulatedWorld) => Promise<void>;
  /** Waits for something long, checks what came of it. @returns how long it took, in µs */
  readonly waited: (world: SimulatedWorld) => Promise<number>;
}
