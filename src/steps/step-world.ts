/**
 * The state of one scenario: its network, its named entities, its folder, its settings.
 *
 * A step reads words and calls one method of an entity; the entity is kept here under its name.
 * Nothing in here knows clients, listeners or commands: each `*-steps.ts` takes its own kind from
 * `named<T>(kind)`, so a new kind of entity needs no change in this file. Commands do it like so:
 *
 *     const commands = (world: StepWorld) => world.named<Command>('command');
 *
 * where `Command` has a `name` and an `end()` that stops it; `end()` is called after the scenario,
 * commands first. Their steps join the others in `catalogue.ts`.
 */
import { join } from 'node:path';
import type { LiteralSources } from '../base/byte-literal';
import type { Captures } from '../base/byte-pattern-match';
import type { Random } from '../base/random';
import type { Clock } from '../network/clock';
import type { LeakReport } from '../network/scope';
import type { World } from '../network/world';
import type { SimulatedNetwork } from '../simulation/controls';
import { EntityTable } from './entity-table';
import { FreePorts } from './free-ports';
import { maskText } from './masks';
import type { Entity, EntityKind, NamedEntities } from './named-entities';
import { NetworkChoice } from './network-choice';
import { type ScenarioFacts, ScenarioFolder } from './scenario-folder';
import { scenarioLiterals } from './scenario-literals';
import type { NetworkMakers, NetworkWishes } from './scenario-network';
import type { StepFailure } from './step-failure';
import type { StepSettings } from './step-settings';
import { type Changing, type Wait, waitFor } from './wait-for';

/** The step that runs now. */
export interface StepPlace {
  readonly text: string;
  /** `features/mail.feature:6`; empty when the runner does not tell. */
  readonly place: string;
}

/** A step that found something else than it asked for. */
export interface FailedStep {
  readonly failure: StepFailure;
  readonly step: StepPlace;
  /** Index of the last wire event before it failed; `undefined` when there was none. */
  readonly afterIndex: number | undefined;
}

/** What a scenario is made of. */
export interface StepWorldOptions {
  readonly scenario: ScenarioFacts;
  readonly settings: StepSettings;
  readonly makers: NetworkMakers;
  /** Folder of this worker below `settings.out`, such as `worker-0`. */
  readonly worker?: string;
  /** Called once, when the network has been opened. */
  readonly opened?: (world: StepWorld) => void;
  /** Whether evidence is left in the folder when the scenario fails, so that messages name it. */
  readonly leavesEvidence?: boolean;
}

const traceBytes = 64 * 1_024 * 1_024;

/** One scenario, as its steps see it. */
export class StepWorld {
  readonly scenario: ScenarioFacts;
  readonly settings: StepSettings;
  /** Whether evidence is left in the folder when the scenario fails. */
  readonly leavesEvidence: boolean;
  /** The scenario's own folder, made when it is first asked for. */
  readonly folder: ScenarioFolder;
  /** Named groups captured by steps: `${match "name"}`. The last capture of a name wins. */
  readonly matches: Map<string, Uint8Array> = new Map();
  /** Ports reserved by `a free port "web"`: `{port}`, `{endpoint}`, `${port "web"}`. */
  readonly freePorts: FreePorts = new FreePorts();
  /** What is masked in everything that is printed: settings, and `the wire log hides`. */
  readonly redactions: RegExp[];
  /** Said after the scenario without failing it; under `@strict` each is a failure. */
  readonly warnings: string[] = [];
  /** What fails the scenario although every step has passed, such as a mock that met something else. */
  readonly problems: string[] = [];
  /** Where byte literals take files (beside the feature) and chance. */
  readonly literalSources: LiteralSources;
  readonly #choice: NetworkChoice;
  readonly #entities = new EntityTable();
  /** The steps so far, each with the index of the first wire event behind it. */
  readonly steps: { readonly index: number; readonly text: string }[] = [];
  readonly #atEnd: (() => unknown)[] = [];
  readonly #onStep: ((step: StepPlace) => void)[] = [];
  #step: StepPlace = { text: '', place: '' };
  #failure: FailedStep | undefined;

  constructor(options: StepWorldOptions) {
    const { scenario, settings, makers, worker = '' } = options;
    this.scenario = scenario;
    this.settings = settings;
    this.leavesEvidence = options.leavesEvidence ?? false;
    this.folder = new ScenarioFolder(join(settings.out, worker), scenario);
    this.literalSources = scenarioLiterals(this.folder.feature, () => this.random);
    this.redactions = settings.redact.map((source) => new RegExp(source, 'g'));
    const { seed, quietMs, network } = settings;
    const wishes = { quietMs, traceBytes, ...(seed === undefined ? {} : { seed }) };
    this.#choice = new NetworkChoice(network, wishes, makers, () => options.opened?.(this));
  }

  /** The kind of network this scenario runs on, also before it is opened. */
  get kind(): World['kind'] {
    return this.#choice.kind;
  }

  /** The world that carries the bytes; opened on first need. Its `scope` owns what a step opens. */
  get world(): World {
    return this.#choice.open().world;
  }

  get clock(): Clock {
    return this.world.clock;
  }

  /**
   * Hosts, links and names of the simulated network.
   *
   * @throws Error the scenario runs on the real network
   */
  get simulation(): SimulatedNetwork {
    const { simulation } = this.#choice.open();
    if (simulation !== undefined) return simulation;
    throw new Error('hosts exist only on the simulated network; add @simulated');
  }

  /** Chance of this scenario; fork it by a label. */
  get random(): Random {
    return this.world.random;
  }

  get seed(): number {
    return this.world.random.seed;
  }

  /** The step that runs now: its text for messages, its place for "defined at". */
  get step(): StepPlace {
    return this.#step;
  }

  /** Chooses another network, or its seed or plan; only while none is open. */
  choose(kind: World['kind'], wishes: Partial<NetworkWishes> = {}): void {
    this.#choice.choose(kind, wishes);
  }

  /** What the scenario failed of, if a step of ours did. */
  get failure(): FailedStep | undefined {
    return this.#failure;
  }

  /** Takes note that a step has failed, by default the one that runs. The first failure stays. */
  fail(failure: StepFailure, step: StepPlace = this.#step): void {
    const { events } = this.world.trace;
    this.#failure ??= { failure, step, afterIndex: events.at(-1)?.index };
  }

  /** Says which step runs from now on. */
  begin(step: StepPlace): void {
    this.#step = step;
    const trace = this.#choice.network?.world.trace;
    const index = trace === undefined ? 0 : trace.dropped + trace.events.length;
    this.steps.push({ index, text: step.text });
    for (const listener of this.#onStep) listener(step);
  }

  /** Calls back for every step from now on, before it runs. */
  onStep(listener: (step: StepPlace) => void): void {
    this.#onStep.push(listener);
  }

  /** Runs the body of a step on the scenario's network, which is opened for it. */
  run<T>(body: () => Promise<T>): Promise<T> {
    return this.#choice.open().run(body);
  }

  /** Waits until nothing more happens by itself, so that "now" means the same on every network. */
  settle(): Promise<void> {
    return this.#choice.open().settle();
  }

  /** Waits until a source has not changed for the quiet period, or a simulated network is at rest. */
  async quiet(source: Changing): Promise<void> {
    if (this.clock.kind === 'virtual') return this.settle();
    const limitUs = this.clock.now() + this.settings.timeoutMs * 1_000;
    let changes = 0;
    const unsubscribe = source.onChange(() => changes++);
    for (let seen = -1; seen !== changes && this.clock.now() < limitUs; ) {
      seen = changes;
      await this.waitFor(
        source,
        () => (changes === seen ? undefined : true),
        this.settings.quietMs,
      );
    }
    unsubscribe();
  }

  /** Lets time pass. */
  pass(ms: number): Promise<void> {
    return this.#choice.open().pass(ms);
  }

  /** Waits for a change, by default as long as asserting steps wait; see {@link waitFor}. */
  waitFor<T>(
    source: Changing,
    look: () => T | undefined,
    limitMs: number = this.settings.timeoutMs,
  ): Promise<Wait<T>> {
    return waitFor(this.clock, source, look, limitMs, `step "${this.#step.text}"`);
  }

  /** The entities of one kind. The caller knows their type: each kind has one `*-steps.ts`. */
  named<T extends Entity>(kind: EntityKind): NamedEntities<T> {
    return this.#entities.named(kind);
  }

  /** Keeps named groups of a match for `${match "name"}`; numbers as decimal text. */
  keepMatches(captures: Captures): void {
    for (const [name, value] of Object.entries(captures)) {
      const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value));
      this.matches.set(name, Buffer.from(bytes));
    }
  }

  /**
   * A port reserved by name; it is let go of, since it is about to be used.
   *
   * @throws Error `there is no free port "wbe" …`
   */
  freePort(name: string): number {
    const port = this.freePorts.get(name);
    if (port !== undefined) {
      void this.freePorts.release(name);
      return port;
    }
    const known = [...this.freePorts.keys()].map((known) => `"${known}"`).join(', ');
    const rest = known === '' ? 'this scenario reserved none' : `this scenario has: ${known}`;
    throw new Error(`there is no free port "${name}" (${rest})`);
  }

  /** The entity that listens at an address, as `mock "mail"`, to name addresses in messages. */
  ownerOf(host: string, port: number): string | undefined {
    return this.entityAt(host, port)?.title;
  }

  /** The entity that listens at an address, or did so last. */
  entityAt(
    host: string,
    port: number,
  ): { readonly title: string; readonly entity: Entity } | undefined {
    return this.#entities.at(host, port);
  }

  /** Text with every match of a redaction masked, each character by one `*`. */
  redact(text: string): string {
    return maskText(text, this.redactions);
  }

  /** Runs a function after the scenario, the last one first, before the network is closed. */
  atEnd(run: () => unknown): void {
    this.#atEnd.push(run);
  }

  /** Ends the entities, commands first, then the network; returns what had been left open. */
  async end(): Promise<LeakReport | undefined> {
    const { network } = this.#choice;
    if (network === undefined) return undefined;
    await network.run(() => this.#endEntities());
    return network.end();
  }

  /** Whether anything has opened the network yet. */
  get opened(): boolean {
    return this.#choice.network !== undefined;
  }

  async #endEntities(): Promise<void> {
    await this.#entities.end();
    for (const run of this.#atEnd.splice(0).reverse()) await run();
    await this.freePorts.close();
  }
}
