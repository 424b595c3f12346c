/**
 * Faults of a mock's own connections: the faults of a proxy, as data, without a proxy.
 *
 * They act on the bytes between the mock and its client, above TLS: `fault-lane.ts` is one direction
 * of one connection, `connection-faults.ts` both of them, and what happens at accept and with age.
 */
import { TcpError } from '../base/errors';
import { DecisionLog } from '../faults/decisions';
import type { Stream } from '../faults/fault';
import { faultTypes } from '../faults/fault-names';
import { type FaultSettings, readFault } from '../faults/fault-reader';
import { runSchedule } from '../faults/schedule';
import { hits, type TargetFacts } from '../faults/target';
import type { Clock } from '../network/clock';
import type { Compiling } from './compiling';
import type { MockDefinition } from './mock-model';

/** A fault of a mock. */
export interface MockFault {
  readonly settings: FaultSettings;
  /** Faults act in the order of the definition. */
  readonly order: number;
  /** Whether its schedule lets it act now. */
  awake: boolean;
  /** Connections that were offered to it, by address and, under an empty name, all of them. */
  readonly seen: Map<string, number>;
}

/** Reads the faults of a definition. What is wrong is kept in `place.problems`. */
export function compileFaults(
  faults: NonNullable<MockDefinition['faults']>,
  place: Compiling,
): readonly FaultSettings[] {
  const names = new Set<string>();
  return faults.flatMap((fault, index) => {
    const own = place.at(index);
    try {
      const settings = readFault(fault, faultTypes);
      if (settings.type.refuses === true) {
        own.problem(`${settings.type.type} is of a whole proxy: put one in front of the mock`);
      }
      if (names.has(settings.name)) own.problem(`there are two faults "${settings.name}"`);
      names.add(settings.name);
      return [settings];
    } catch (error) {
      if (!TcpError.is(error)) throw error;
      (error.field === undefined || error.field === 'fault'
        ? own
        : error.field.split('.').reduce((at, key) => at.at(key), own)
      ).problem(error.message);
      return [];
    }
  });
}

/** The faults of a mock while it runs. */
export class MockFaults {
  readonly all: readonly MockFault[];
  readonly startedUs: number;
  readonly clock: Clock;
  readonly #log: DecisionLog;
  readonly #schedules: Disposable[] = [];
  readonly #watchers = new Set<(fault: MockFault) => void>();

  constructor(settings: readonly FaultSettings[], name: string, clock: Clock, seed: number) {
    this.all = settings.map((one, order) => ({
      settings: one,
      order,
      awake: true,
      seen: new Map(),
    }));
    this.clock = clock;
    this.startedUs = clock.now();
    this.#log = new DecisionLog(name, seed, undefined, () => undefined);
  }

  /** Starts the schedules. */
  begin(): void {
    for (const fault of this.all) {
      const { schedule } = fault.settings;
      if (schedule === undefined) continue;
      const turn = (awake: boolean) => (): void => {
        fault.awake = awake;
        for (const watcher of [...this.#watchers]) watcher(fault);
      };
      const moves = { wake: turn(true), sleep: turn(false), expire: turn(false) };
      this.#schedules.push(runSchedule(schedule, this.clock, moves));
    }
  }

  stop(): void {
    for (const schedule of this.#schedules.splice(0)) schedule[Symbol.dispose]();
  }

  /** Calls back for each fault that a schedule wakes or puts to sleep. */
  onTurn(watcher: (fault: MockFault) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Whether a fault acts on a connection in a direction. */
  isHitting({ settings, awake }: MockFault, stream: Stream, facts: TargetFacts): boolean {
    const { toxicity, connections, name } = settings;
    if (settings.stream !== stream && settings.stream !== 'both') return false;
    if (!awake || !hits(connections, facts)) return false;
    return toxicity >= 1 || this.decide(facts.number, 'both', name, 'toxicity', 0) < toxicity;
  }

  /** The n-th decision for a purpose, from the seed of the world. */
  decide(connection: number, stream: string, toxic: string, purpose: string, n: number): number {
    return this.#log.take({ connection, stream, toxic, purpose, n });
  }
}
