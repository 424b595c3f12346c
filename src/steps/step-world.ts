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
import { formatAddress } from '../base/address';
import type { Random } from '../base/random';
import type { Clock } from '../network/clock';
import type { LeakReport } from '../network/scope';
import type { World } from '../network/world';
import { type Entity, type EntityKind, entityTitle, NamedEntities } from './named-entities';
import { type ScenarioFacts, ScenarioFolder } from './scenario-folder';
import type { NetworkMakers, NetworkWishes, ScenarioNetwork } from './scenario-network';
import type { StepSettings } from './step-settings';
import { type Changing, type Wait, waitFor } from './wait-for';

/** The step that runs now. */
export interface StepPlace {
  readonly text: string;
  /** `features/mail.feature:6`; empty when the runner does not tell. */
  readonly place: string;
}

export interface StepWorldOptions {
  readonly scenario: ScenarioFacts;
  readonly settings: StepSettings;
  readonly makers: NetworkMakers;
  /** Folder of this worker below `settings.out`, such as `worker-0`. */
  readonly worker?: string;
}

const traceBytes = 64 * 1_024 * 1_024;

/** One scenario, as its steps see it. */
export class StepWorld {
  readonly scenario: ScenarioFacts;
  readonly settings: StepSettings;
  /** The scenario's own folder, made when it is first asked for. */
  readonly folder: ScenarioFolder;
  /** Named groups captured by steps: `${match "name"}`. The last capture of a name wins. */
  readonly matches: Map<string, Uint8Array> = new Map();
  /** Ports reserved by `a free port "web"`: `{port}`, `{endpoint}`, `${port "web"}`. */
  readonly freePorts: Map<string, number> = new Map();
  /** Said after the scenario without failing it; under `@strict` each is a failure. */
  readonly warnings: string[] = [];
  readonly #makers: NetworkMakers;
  readonly #named = new Map<EntityKind, NamedEntities<Entity>>();
  #wishes: NetworkWishes;
  #kind: World['kind'];
  #network: ScenarioNetwork | undefined;
  #step: StepPlace = { text: '', place: '' };

  constructor(options: StepWorldOptions) {
    this.scenario = options.scenario;
    this.settings = options.settings;
    this.#makers = options.makers;
    this.#kind = options.settings.network;
    this.folder = new ScenarioFolder(
      join(options.settings.out, options.worker ?? ''),
      this.scenario,
    );
    const { seed, quietMs } = options.settings;
    this.#wishes = { quietMs, traceBytes, ...(seed === undefined ? {} : { seed }) };
  }

  /** The kind of network this scenario runs on, also before it is opened. */
  get kind(): World['kind'] {
    return this.#kind;
  }

  /** The world that carries the bytes; opened on first need. Its `scope` owns what a step opens. */
  get world(): World {
    return this.#open().world;
  }

  get clock(): Clock {
    return this.world.clock;
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
    if (this.#network !== undefined) throw new Error('this scenario already has open connections');
    this.#kind = kind;
    this.#wishes = { ...this.#wishes, ...wishes };
  }

  /**
   * Runs the body of a step on the scenario's network, which is opened for it, except for the
   * steps that choose the network.
   */
  run<T>(step: StepPlace, body: () => Promise<T>, choosing = false): Promise<T> {
    this.#step = step;
    return choosing ? body() : this.#open().run(body);
  }

  /** Waits until nothing more happens by itself, so that "now" means the same on every network. */
  settle(): Promise<void> {
    return this.#open().settle();
  }

  /** Lets time pass. */
  pass(ms: number): Promise<void> {
    return this.#open().pass(ms);
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
    let entities = this.#named.get(kind);
    if (entities === undefined) {
      entities = new NamedEntities<Entity>(kind);
      this.#named.set(kind, entities);
    }
    return entities as NamedEntities<Entity> as NamedEntities<T>;
  }

  /**
   * A port reserved by name.
   *
   * @throws Error `there is no free port "wbe" …`
   */
  freePort(name: string): number {
    const port = this.freePorts.get(name);
    if (port !== undefined) return port;
    const known = [...this.freePorts.keys()].map((known) => `"${known}"`).join(', ');
    const rest = known === '' ? 'this scenario reserved none' : `this scenario has: ${known}`;
    throw new Error(`there is no free port "${name}" (${rest})`);
  }

  /** The entity that listens at an address, as `mock "mail"`, to name addresses in messages. */
  ownerOf(host: string, port: number): string | undefined {
    const wanted = formatAddress({ host, port });
    for (const [kind, entities] of this.#named) {
      for (const { name, address } of entities.all) {
        if (address !== undefined && formatAddress(address) === wanted)
          return entityTitle(kind, name);
      }
    }
    return undefined;
  }

  /** Ends the entities, commands first, then the network; returns what had been left open. */
  async end(): Promise<LeakReport | undefined> {
    for (const kind of ['command', 'client', 'proxy', 'mock', 'listener'] as const) {
      for (const entity of this.named(kind).all) await entity.end?.();
    }
    return this.#network?.end();
  }

  /** Whether anything has opened the network yet. */
  get opened(): boolean {
    return this.#network !== undefined;
  }

  #open(): ScenarioNetwork {
    if (this.#network !== undefined) return this.#network;
    const make = this.#makers[this.#kind];
    if (make === undefined) {
      throw new Error(`the ${this.#kind} network is not available in this release of Brine`);
    }
    this.#network = make(this.#wishes);
    return this.#network;
  }
}
