import type { Duration } from '../base/duration';
import { formatDuration, readTimeLimit, toMicroseconds } from '../base/duration';
import { readCount, readObject, refuseUnknownKeys } from '../base/option-reader';
import { realTimeMs } from './real-time';
import { BudgetError } from './verdicts';

/**
 * What one run may use up. `0` and `Infinity` take a limit of time away.
 *
 * @source docs/simulation.md
 */
export interface Budgets {
  /** Events of the world; default 1,000,000. `BudgetError` `EVENTS`. */
  readonly events?: number;
  /** Virtual time since the world started; default 1 day. `VIRTUAL_TIME`. */
  readonly virtualTime?: Duration;
  /** Real time spent driving; default 10 s. `REAL_TIME`. */
  readonly realTime?: Duration;
  /** Events without time moving; default 100,000. `TIME_NOT_MOVING`, with the busiest labels. */
  readonly sameInstant?: number;
  /** Turns of the event loop that may pass before it is quiet; default 10,000. `SimulationStalled`. */
  readonly turns?: number;
  /** Bytes held in simulated buffers; default 256 MiB. `MEMORY`. */
  readonly memory?: number;
}

/** Budgets as the run reads them. */
export interface BudgetSettings {
  readonly events: number;
  readonly virtualTimeUs: number;
  readonly realTimeMs: number;
  readonly sameInstant: number;
  readonly turns: number;
  readonly memory: number;
}

const defaults: Required<Budgets> = {
  events: 1_000_000,
  virtualTime: '24 hours',
  realTime: '10s',
  sameInstant: 100_000,
  turns: 10_000,
  memory: 256 * 1_024 * 1_024,
};

/** Reads budgets. @throws TcpError `ECONFIG` */
export function readBudgets(value?: unknown): BudgetSettings {
  return value === undefined ? defaultSettings : readGiven(value);
}

function readGiven(value: unknown): BudgetSettings {
  const given = readObject('budgets', value) as Budgets;
  refuseUnknownKeys('budgets', given, Object.keys(defaults));
  const budgets = { ...defaults, ...given };
  return {
    events: readCount('budgets.events', budgets.events, 1, true),
    virtualTimeUs: toMicroseconds(readTimeLimit('budgets.virtualTime', budgets.virtualTime)),
    realTimeMs: readTimeLimit('budgets.realTime', budgets.realTime),
    sameInstant: readCount('budgets.sameInstant', budgets.sameInstant, 1, true),
    turns: readCount('budgets.turns', budgets.turns, 1),
    memory: readCount('budgets.memory', budgets.memory, 1, true),
  };
}

/** Read once: worlds are made by the thousand. */
const defaultSettings = readGiven({});

/** Labels of an instant are counted only when it holds so many events that its end is in doubt. */
const suspicious = 0.9;

/** Counts what a world uses up. */
export class Spending {
  readonly #limits: BudgetSettings;
  #events = 0;
  #instant = 0;
  #atUs = 0;
  #realBefore = 0;
  #drivingSince: number | undefined;
  readonly #labels = new Map<string, number>();

  constructor(limits: BudgetSettings) {
    this.#limits = limits;
  }

  get events(): number {
    return this.#events;
  }

  /** Real time counts between these two calls. */
  start(): void {
    this.#drivingSince = realTimeMs();
  }

  stop(): void {
    this.#realBefore = this.#realSpent();
    this.#drivingSince = undefined;
  }

  /** Counts one event that is about to run. @throws BudgetError */
  event(timeUs: number, label: string): void {
    this.#events++;
    if (this.#events > this.#limits.events) {
      throw new BudgetError('EVENTS', `the run had more than ${this.#limits.events} events`);
    }
    if (timeUs > this.#limits.virtualTimeUs) {
      const limit = formatDuration(this.#limits.virtualTimeUs / 1_000);
      throw new BudgetError('VIRTUAL_TIME', `the run took more than ${limit} of virtual time`);
    }
    if (timeUs !== this.#atUs) {
      this.#atUs = timeUs;
      this.#instant = 0;
      if (this.#labels.size > 0) this.#labels.clear();
    }
    this.#instant++;
    if (this.#instant > this.#limits.sameInstant * suspicious) this.#countLabel(label);
    // Reading the real clock costs more than most events; every 64th is often enough.
    if ((this.#events & 63) === 0) this.checkRealTime();
  }

  /** @throws BudgetError `REAL_TIME` */
  checkRealTime(): void {
    if (this.#realSpent() <= this.#limits.realTimeMs) return;
    const limit = formatDuration(this.#limits.realTimeMs);
    throw new BudgetError(
      'REAL_TIME',
      `the run took more than ${limit} of real time, at ${this.#atUs / 1_000_000} s of virtual time after ${this.#events} events`,
    );
  }

  #countLabel(label: string): void {
    this.#labels.set(label, (this.#labels.get(label) ?? 0) + 1);
    if (this.#instant <= this.#limits.sameInstant) return;
    const busiest = [...this.#labels]
      .sort((left, right) => right[1] - left[1])
      .slice(0, 3)
      .map(([name, count]) => `${name} (${count})`);
    throw new BudgetError(
      'TIME_NOT_MOVING',
      `${this.#limits.sameInstant} events at ${this.#atUs / 1_000_000} s and time does not move; the most frequent: ${busiest.join(', ')}`,
    );
  }

  #realSpent(): number {
    const since = this.#drivingSince;
    return this.#realBefore + (since === undefined ? 0 : realTimeMs() - since);
  }
}
