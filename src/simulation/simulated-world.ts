import type { Duration } from '../base/duration';
import type { World } from '../network/world';
import type { AuditReport } from './audit';
import type { SimulatedNetwork } from './controls';
import type { Plan } from './plan';
import type { SimulationEscape } from './verdicts';

/**
 * A world whose network is simulated and whose time is virtual.
 *
 * Time moves only while a body runs inside `run` or `drive`; between two calls it stands still.
 *
 * @source docs/simulation.md
 */
export interface SimulatedWorld extends World, AsyncDisposable {
  readonly kind: 'simulated';
  /** The same object as `network`, with its controls. */
  readonly simulation: SimulatedNetwork;
  /** What chance decides here; print it to run the same again. */
  readonly plan: Plan;
  /**
   * Runs a body, moving time until it settles; then ends the world and checks that nothing is left.
   *
   * @returns what the body returns
   * @throws what the body throws, or what an event of the world throws
   * @throws DeadlockError - nothing is scheduled and the body waits
   * @throws BudgetError, SimulationStalled - a limit was passed
   * @throws UnheardError - a connection failed and nobody listened
   * @throws LeakError - a failure went unheard, or something does not end
   * @throws NondeterminismError - two runs were asked for, and they differ
   * @throws TcpError `ESTATE` - the world has ended, or is driven already
   */
  run<T>(body: (world: SimulatedWorld) => Promise<T> | T): Promise<T>;
  /**
   * As `run`, but the world lives on: the next `drive` continues at the same instant.
   *
   * For bodies that come one after the other, such as the steps of a scenario.
   */
  drive<T>(body: (world: SimulatedWorld) => Promise<T> | T): Promise<T>;
  /** Lets time pass. Inside `run` or `drive` only. */
  advance(duration: Duration): Promise<void>;
  /** Waits until nothing can happen without time passing. Inside `run` or `drive` only. */
  quiesce(): Promise<void>;
  /**
   * Waits until nothing is on its way through the network. Time moves no further than that; what
   * waits on a held link stays there. Inside `run` or `drive` only.
   *
   * @throws BudgetError `EVENTS` - 100,000 events later it is still busy
   */
  settle(): Promise<void>;
  /** Passes when nothing is open and no failure went unheard. @throws LeakError */
  assertClean(): void;
  /** All sockets as a text table. */
  snapshot(): string;
  /** Faults of the plan whose trigger was not met so far, as JSON. */
  neverFired(): readonly string[];
  /** Attempts to leave the world, where `escapes` is `throw` or `warn`. */
  readonly escapes: readonly SimulationEscape[];
  /** What could not be repeated, or time could not wait for; `undefined` unless `audit` was asked for. */
  audit(): AuditReport | undefined;
}
