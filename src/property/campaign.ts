import { existsSync, readFileSync } from 'node:fs';
import { refusal } from '../base/errors';
import type { Clock } from '../network/clock';
import { realWorld } from '../network/real/world';
import type { World } from '../network/world';
import { batchesOf, batchSeed, batchSize } from './batches';
import {
  type CampaignOptions,
  type CampaignSettings,
  readCampaignOptions,
} from './campaign-options';
import { type Counterexample, CounterexampleError } from './counterexample';
import { CrashWatch } from './crash-watch';
import { FailureDatabase } from './failure-database';
import { Findings, type Goal } from './probe';
import { type CaseOutcome, runCase } from './run-case';
import { runScenario } from './scenario-run';
import { scenarioText } from './scenario-text';
import { type Found, search } from './search';
import { stabilityOf } from './stability';
import { exampleOf, isToken, readStoredCase, readToken, storedCase } from './stored-case';
import type { WireProperty } from './wire-property';

/** What came of running a property. */
export interface CampaignResult<Case = unknown> {
  readonly property: string;
  readonly title: string;
  readonly world: World['kind'];
  /** Every case follows from it. */
  readonly seed: number;
  readonly counterexample: Counterexample<Case> | undefined;
  /** Cases that ran, without those of shrinking and of running again. */
  readonly runs: number;
  readonly ms: number;
  /** Different sequences of wire events that were seen; 0 on the real network. */
  readonly traces: number;
  /** Time that passed in the worlds, in microseconds. */
  readonly worldUs: number;
  readonly events: number;
  /** What was to happen now and then, and how often it did. */
  readonly goals: ReadonlyMap<string, Goal>;
  readonly statistics: ReadonlyMap<string, number>;
  /** Stored failures that have passed often enough to count as fixed. */
  readonly fixed: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Runs a property many times, and says what came of it. A violation is part of the result.
 *
 * @param target - as it is called in messages and stored failures; default the property's title
 * @throws TcpError `ECONFIG` - a wrong option, or a replay that is none
 * @source docs/fuzzing.md#running-a-property
 */
export async function checkProperty<Case>(
  property: WireProperty<Case>,
  options: CampaignOptions = {},
  target: string = property.title,
): Promise<CampaignResult<Case>> {
  const settings = readCampaignOptions(options, property.worlds);
  const own = realWorld();
  try {
    using crashes = new CrashWatch();
    return await new Campaign(property, target, settings, own.clock, crashes).run();
  } finally {
    await own.scope[Symbol.asyncDispose]();
  }
}

/**
 * As {@link checkProperty}, but a violation is thrown.
 *
 * @throws CounterexampleError - the property does not hold; the message is the report
 */
export async function assertProperty<Case>(
  property: WireProperty<Case>,
  options: CampaignOptions = {},
  target: string = property.title,
): Promise<CampaignResult<Case>> {
  const result = await checkProperty(property, options, target);
  if (result.counterexample !== undefined) throw new CounterexampleError(result.counterexample);
  return result;
}

class Campaign<Case> {
  readonly #property: WireProperty<Case>;
  readonly #target: string;
  readonly #settings: CampaignSettings;
  readonly #clock: Clock;
  readonly #crashes: CrashWatch;
  readonly #findings = new Findings();
  readonly #hashes = new Set<string>();
  readonly #beganUs: number;
  readonly #database: FailureDatabase | undefined;
  readonly #fixed: string[] = [];
  #runs = 0;
  #events = 0;
  #worldUs = 0;

  constructor(
    property: WireProperty<Case>,
    target: string,
    settings: CampaignSettings,
    clock: Clock,
    crashes: CrashWatch,
  ) {
    this.#property = property;
    this.#target = target;
    this.#settings = settings;
    this.#clock = clock;
    this.#crashes = crashes;
    this.#beganUs = clock.now();
    const { database } = settings;
    this.#database = database === undefined ? undefined : new FailureDatabase(database);
  }

  async run(): Promise<CampaignResult<Case>> {
    const { replay } = this.#settings;
    const found = replay === undefined ? await this.#look() : await this.#replay(replay);
    return this.#result(found === undefined ? undefined : await this.#explain(found));
  }

  async #look(): Promise<Found<Case> | undefined> {
    const { seed, shard, world, leastRuns, runs, timeMs, minimizeMs } = this.#settings;
    const known = shard.index === 1 ? await this.#known() : undefined;
    if (known !== undefined) return known;
    for (const batch of batchesOf(shard)) {
      const left = runs - this.#runs;
      const timeOver = this.#elapsedMs >= timeMs && this.#runs >= leastRuns;
      if (left <= 0 || timeOver) return undefined;
      const forced = this.#runs < leastRuns;
      const found = await search({
        property: this.#property,
        seed: batchSeed(seed, this.#property.id, batch),
        runs: Math.min(batchSize[world], left),
        clock: this.#clock,
        untilUs: forced ? Number.POSITIVE_INFINITY : this.#beganUs + timeMs * 1_000,
        minimizeUs: minimizeMs * 1_000,
        run: (example) => this.#first(example),
        confirm: (example) => this.#again(example),
        shrunk: (steps) => this.#tell({ steps }),
      });
      this.#tell();
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Failures of earlier campaigns first. */
  async #known(): Promise<Found<Case> | undefined> {
    const database = this.#database;
    for (const kept of database?.of(this.#property.id, this.#target) ?? []) {
      const example = exampleOf<Case>(kept.stored);
      const { error } = await this.#first(example);
      if (error !== undefined) {
        database?.fail(kept);
        return { example, error, shrinks: 0, ...kept.stored.fc };
      }
      if (database?.pass(kept)) this.#fixed.push(kept.path);
    }
    return undefined;
  }

  async #replay(replay: string): Promise<Found<Case> | undefined> {
    const stored = isToken(replay) ? readToken(replay) : readStoredCase(readText(replay), replay);
    if (stored.property !== this.#property.id) {
      const is = `is a case of ${stored.property}, and the property is ${this.#property.id}`;
      throw refusal('replay', `the replay ${is}`);
    }
    const example = exampleOf<Case>(stored);
    const { error } = await this.#first(example);
    return error === undefined ? undefined : { example, error, shrinks: 0, ...stored.fc };
  }

  async #first(example: Case): Promise<CaseOutcome> {
    const outcome = await this.#case(example, this.#settings.world);
    this.#runs++;
    this.#events += outcome.events.length;
    this.#worldUs += outcome.worldUs;
    if (outcome.hash !== '') this.#hashes.add(outcome.hash);
    return outcome;
  }

  /** On real sockets a case may pass by luck: two of three runs decide. */
  async #again(example: Case): Promise<CaseOutcome> {
    const { world } = this.#settings;
    const first = await this.#case(example, world);
    if (world === 'simulated') return first;
    const second = await this.#case(example, world);
    if ((first.error === undefined) === (second.error === undefined)) return second;
    return this.#case(example, world);
  }

  async #case(
    example: Case,
    world: World['kind'],
    keepBytes = false,
    probe: Findings = this.#findings,
  ): Promise<CaseOutcome> {
    this.#crashes.take();
    const outcome = await runCase(this.#property, example, probe, { world, keepBytes });
    const crash = this.#crashes.take();
    return crash === undefined || outcome.error !== undefined
      ? outcome
      : { ...outcome, error: crash };
  }

  async #explain(found: Found<Case>): Promise<Counterexample<Case>> {
    const { world, stability: times } = this.#settings;
    const { id, title, statement, worlds } = this.#property;
    const quiet = new Findings();
    const { events } = await this.#case(found.example, world, true, quiet);
    const stability = await stabilityOf(worlds, times, (kind) =>
      this.#case(found.example, kind, false, quiet),
    );
    const scenario = scenarioText(this.#property, found.example, world);
    const verified =
      scenario === undefined
        ? undefined
        : (await runScenario(scenario, 'counterexample.feature')) !== undefined;
    const stored = storedCase(this.#property, this.#target, world, found);
    return {
      property: { id, title, statement },
      target: this.#target,
      world,
      example: found.example,
      error: found.error,
      scenario,
      verified,
      events,
      stability,
      runs: this.#runs,
      shrinks: found.shrinks,
      ms: this.#elapsedMs,
      seed: this.#settings.seed,
      stored,
      file: this.#database?.keep(stored),
    };
  }

  #result(counterexample: Counterexample<Case> | undefined): CampaignResult<Case> {
    const { id, title } = this.#property;
    const never = this.#findings.neverReached().map((name) => {
      const asked = this.#findings.goals.get(name)?.asked ?? 0;
      return `never reached: ${name} (0 of ${asked})`;
    });
    return {
      property: id,
      title,
      world: this.#settings.world,
      seed: this.#settings.seed,
      counterexample,
      runs: this.#runs,
      ms: this.#elapsedMs,
      traces: this.#hashes.size,
      worldUs: this.#worldUs,
      events: this.#events,
      goals: this.#findings.goals,
      statistics: this.#findings.events,
      fixed: this.#fixed,
      warnings: [...never, ...(this.#database?.warnings ?? [])],
    };
  }

  #tell(shrinking?: { readonly steps: number }): void {
    const { runs, timeMs, onProgress } = this.#settings;
    const ms = this.#elapsedMs;
    onProgress({
      property: this.#property.id,
      runs: this.#runs,
      share: Math.min(1, Math.max(this.#runs / runs, ms / timeMs)),
      runsPerSecond: ms > 0 ? (this.#runs * 1_000) / ms : 0,
      traces: this.#hashes.size,
      ...(shrinking !== undefined && { shrinking }),
    });
  }

  get #elapsedMs(): number {
    return (this.#clock.now() - this.#beganUs) / 1_000;
  }
}

function readText(path: string): string {
  if (!existsSync(path)) {
    throw refusal('replay', `replay must be a token or a file, and there is no file "${path}"`);
  }
  return readFileSync(path, 'utf8');
}
