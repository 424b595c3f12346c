/**
 * When nothing more can happen without time passing.
 *
 * Between two events the real event loop is turned until no immediate and no request to the
 * system (a file, a name, a closing handle) is left. Drivers batch writes in `setImmediate`, so a
 * single turn would let virtual time jump past work that has not been done yet.
 *
 * What the rule does not see: native crypto, zlib, dynamic `import()`, worker threads. Before a
 * deadlock is called there is a grace of real time for those.
 *
 * @source docs/simulation.md
 */
import { readFile } from 'node:fs/promises';
import { realAfter, realSetImmediate, realTimeMs } from './real-time';
import { SimulationStalled } from './verdicts';

const activeResources = process.getActiveResourcesInfo.bind(process);

/** Turns with requests but no immediates after which the loop is polled instead of spun. */
const spinsBeforePolling = 100;

/**
 * Turns that are asked for at once. Between two immediates of one round of the loop Node runs what
 * promises and `process.nextTick` have queued, so most events need no round of their own; whatever
 * the program schedules comes in a later round, and is waited for.
 */
const turnsAtOnce = 4;

/** Immediates that the drives of this process have pending themselves, so that worlds do not wait for each other. */
let ownImmediates = 0;

let selfTest: Promise<void> | undefined;
let ruleWorks = true;

/** One turn of the real event loop. */
export function turn(): Promise<void> {
  ownImmediates++;
  return new Promise((resolve) => {
    realSetImmediate(() => {
      ownImmediates--;
      resolve();
    });
  });
}

/** Runs a function in the next turn of the real event loop; there is no quiet before it has run. */
export function soon(run: () => void): void {
  realSetImmediate(run);
}

/** Native work of this process, by Node's names, except what the simulation itself has pending. */
export function nativeResources(): string[] {
  let own = ownImmediates;
  return activeResources().filter((name) => name !== 'Immediate' || own-- <= 0);
}

/** What a wait for quiet may use up. */
export interface QuietLimits {
  /** Turns of the loop in which immediates were pending. */
  readonly turns: number;
  /** Called now and then while requests are pending; throws when real time is over. */
  readonly check: () => void;
}

/**
 * Waits, again and again, until nothing more can happen without time passing.
 *
 * Callbacks instead of promises: a wait comes after every event, and promises are most of its cost.
 */
export class QuietWait {
  readonly #limits: QuietLimits;
  readonly #look = (): void => this.#afterTurn();
  #onQuiet: () => void = () => {};
  #onFailure: (error: unknown) => void = () => {};
  #busyTurns = 0;
  #waitingTurns = 0;
  /** Turns that were asked for and are still to come. */
  #coming = 0;
  #waiting = false;

  constructor(limits: QuietLimits) {
    this.#limits = limits;
  }

  /**
   * Calls back once.
   *
   * @param onFailure - gets a SimulationStalled when immediate work was scheduled in every one of
   * `turns` turns, or what `check` throws
   */
  start(onQuiet: () => void, onFailure: (error: unknown) => void): void {
    this.#onQuiet = onQuiet;
    this.#onFailure = onFailure;
    this.#busyTurns = 0;
    this.#waitingTurns = 0;
    this.#turn();
  }

  #turn(): void {
    this.#waiting = true;
    if (this.#coming > 0) return;
    this.#coming = turnsAtOnce;
    ownImmediates += turnsAtOnce;
    for (let count = 0; count < turnsAtOnce; count++) realSetImmediate(this.#look);
  }

  #afterTurn(): void {
    ownImmediates--;
    this.#coming--;
    if (!this.#waiting) return;
    this.#waiting = false;
    const pending = ruleWorks ? pendingWork() : this.#guess();
    if (pending === 'none') {
      this.#onQuiet();
    } else if (this.#coming > 0) {
      // What is pending has its turn in another round.
      this.#waiting = true;
    } else if (pending === 'immediates') {
      if (++this.#busyTurns < this.#limits.turns) this.#turn();
      else this.#onFailure(stalled(this.#limits.turns));
    } else if (++this.#waitingTurns <= spinsBeforePolling) {
      this.#turn();
    } else {
      this.#poll();
    }
  }

  /** A request takes long: looking at it every millisecond is enough. */
  #poll(): void {
    try {
      this.#limits.check();
    } catch (error) {
      this.#onFailure(error);
      return;
    }
    realAfter(1, () => this.#turn(), true);
  }

  /** Where Node does not tell what is pending, two turns have to do. */
  #guess(): 'none' | 'immediates' {
    return this.#busyTurns > 0 ? 'none' : 'immediates';
  }
}

/** Resolves when nothing more can happen without time passing; see {@link QuietWait}. */
export function quiet(limits: QuietLimits): Promise<void> {
  return new Promise((resolve, reject) => {
    new QuietWait(limits).start(resolve, reject);
  });
}

/** Makes sure, once per process, that the rule sees what it must see; otherwise two turns have to do. */
export function prepareQuiescence(): Promise<void> {
  selfTest ??= testRule();
  return selfTest;
}

function pendingWork(): 'none' | 'immediates' | 'requests' {
  let immediates = -ownImmediates;
  let requests = false;
  for (const name of activeResources()) {
    if (name === 'Immediate') immediates++;
    else if (name.includes('Req')) requests = true;
  }
  if (immediates > 0) return 'immediates';
  return requests ? 'requests' : 'none';
}

function stalled(turns: number): SimulationStalled {
  const counts = new Map<string, number>();
  for (const name of nativeResources()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const list = [...counts].map(([name, count]) => `${name} x ${count}`).join(', ');
  return new SimulationStalled(
    `the program keeps scheduling immediate work: no quiet after ${turns} turns of the event loop; active: ${list}`,
  );
}

async function testRule(): Promise<void> {
  let depth = 0;
  const nest = (): void => {
    if (++depth < 5) realSetImmediate(nest);
  };
  realSetImmediate(nest);
  let fileRead = false;
  const reading = readFile(__filename).then(() => {
    fileRead = true;
  });
  // A request that others left pending for good must not hold the test up.
  const patienceEnds = realTimeMs() + 1_000;
  const check = (): void => {
    if (realTimeMs() > patienceEnds) throw new Error('requests of others are pending');
  };
  await quiet({ turns: 10_000, check }).catch(() => {});
  ruleWorks = depth === 5 && fileRead;
  await reading;
  if (!ruleWorks) {
    process.emitWarning(
      'process.getActiveResourcesInfo does not tell what is pending; the simulated network waits two turns between events instead',
      { code: 'BRINE_QUIESCENCE_FALLBACK' },
    );
  }
}
