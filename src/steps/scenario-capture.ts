import { relative } from 'node:path';
import { capture, captureFromStart } from '../capture/capture';
import { type CaptureOptions, secretsRefused } from '../capture/capture-options';
import type { RedactionRule } from '../capture/mask-rule';
import type { Capture } from '../capture/running-capture';
import { pairConnections } from '../capture/wire-pairs';
import { type PcapngOptions, type ScenarioStep, writePcapng } from '../capture/write-pcapng';
import type { StepWorld } from './step-world';

const captures = new WeakMap<StepWorld, ScenarioCapture>();

/** Payload from which on a scenario is streamed, while its trace still has all of it. */
const streamedFrom = 48 * 2 ** 20;
/** What was in memory waits for the disk at once, and what comes meanwhile behind it. */
const streamQueue = 128 * 2 ** 20;

/** The captures of a scenario. */
export function captureOf(world: StepWorld): ScenarioCapture {
  const known = captures.get(world) ?? new ScenarioCapture(world);
  captures.set(world, known);
  return known;
}

/** What a scenario captures: into a file while it runs, and from its trace at any time. */
export class ScenarioCapture {
  readonly #world: StepWorld;
  readonly #running = new Map<string, Capture>();
  #secrets = false;
  #streamed: string | undefined;

  constructor(world: StepWorld) {
    this.#world = world;
  }

  /** Writes everything on the wire, or some connections, into a file from now on, until the scenario ends. */
  async start(path: string, only: Pick<PcapngOptions, 'connections'> = {}): Promise<void> {
    const world = this.#world;
    if (this.#running.has(path)) throw new Error(`the wire is captured to ${shown(path)} already`);
    const options = { ...this.#options(), ...only };
    const running = await capture(world.world, path, options);
    this.#running.set(path, running);
    running.step(world.step.text);
    world.onStep(({ text }) => running.step(text));
    world.atEnd(async () => {
      const { warnings } = await running.close().catch((error: Error) => ({
        warnings: [error.message],
      }));
      world.warnings.push(...warnings);
    });
  }

  /**
   * Keeps a capture of the whole scenario also where it puts more on the wire than memory is for:
   * then it is written from there on, into a file beside its folder.
   */
  watch(): void {
    const { trace } = this.#world.world;
    let bytes = 0;
    const unsubscribe = trace.subscribe((event) => {
      bytes += event.bytes?.byteLength ?? 0;
      if (bytes < streamedFrom) return;
      unsubscribe();
      this.#stream();
    });
  }

  /** The file of a scenario that was too large for memory, once it has ended. */
  get streamed(): string | undefined {
    return this.#streamed;
  }

  #stream(): void {
    const world = this.#world;
    const path = `${world.folder.beyond}.pcapng`;
    const begin = async (): Promise<Capture> => {
      const steps = () => numbered(world);
      const options = { ...this.#options(), queue: streamQueue };
      const running = await captureFromStart(world.world, path, options, steps);
      world.onStep(({ text }) => running.step(`step ${world.steps.length}: ${text}`));
      return running;
    };
    const opened = begin();
    opened.catch(() => undefined);
    world.atEnd(async () => {
      try {
        const { warnings } = await (await opened).close();
        world.warnings.push(...warnings);
        this.#streamed = path;
      } catch (error) {
        world.warnings.push((error as Error).message);
      }
    });
  }

  #options(): CaptureOptions {
    const world = this.#world;
    const rules = rulesOf(world);
    return {
      overwrite: true,
      secrets: this.#secrets,
      comments: commentsOf(world, rules),
      ...(masks(world, rules) && { redact: rules }),
    };
  }

  /** Puts the secrets of TLS connections into the captures of this scenario. */
  async includeSecrets(): Promise<void> {
    this.#refuseWithout('no capture is running');
    if (masks(this.#world, rulesOf(this.#world))) throw secretsRefused();
    this.#secrets = true;
    for (const running of this.#running.values()) await running.includeSecrets();
  }

  /** Whether its files hold secrets of TLS, and are for their owner alone. */
  get secret(): boolean {
    return this.#secrets;
  }

  /** @throws Error a capture that masks is running: what it has written would not be masked */
  refuseNewRules(): void {
    if (!this.#world.settings.capture.redact || this.#running.size === 0) return;
    throw new Error('the wire is captured already; say before it what is hidden');
  }

  /** Connections in the capture that was begun last, or else in the whole scenario. */
  async connections(): Promise<number> {
    this.#refuseWithout('nothing is captured');
    const running = [...this.#running.values()].at(-1);
    if (running === undefined) {
      const { trace } = this.#world.world;
      return new Set(pairConnections(trace.events).values()).size;
    }
    await running.flush();
    return running.counters.connections;
  }

  /** The scenario up to now as a pcapng file. */
  bytes({ masked = false }: { readonly masked?: boolean } = {}): Uint8Array {
    const world = this.#world;
    const rules = rulesOf(world);
    const hide = rules.length > 0 && (masked || masks(world, rules));
    const options: PcapngOptions = {
      secrets: this.#secrets && !hide,
      comments: [...commentsOf(world, hide ? [] : rules), ...lossesOf(world)],
      steps: numbered(world),
      ...(hide && { redact: rules }),
    };
    return writePcapng(world.world, options);
  }

  #refuseWithout(what: string): void {
    if (this.#running.size > 0 || this.#world.settings.capture.always) return;
    throw new Error(`${what}: tag the scenario @pcap, or say first "the wire is captured to …"`);
  }
}

/** What an end of TLS is told so that its secrets can go into the captures of its scenario. */
export function keyLogOf(world: StepWorld): { readonly keylog?: true } {
  return captureOf(world).secret ? { keylog: true } : {};
}

/** What is hidden in texts, as rules for bytes. */
export function rulesOf({ redactions }: StepWorld): readonly RedactionRule[] {
  return redactions.map(({ source, flags }) => ({
    regex: source,
    ...(/[imsuv]/.test(flags) && { flags: flags.replace(/[dgy]/g, '') }),
  }));
}

/** Whether captures are masked as texts are. */
function masks(world: StepWorld, rules: readonly RedactionRule[]): boolean {
  return world.settings.capture.redact && rules.length > 0;
}

function numbered({ steps }: StepWorld): readonly ScenarioStep[] {
  return steps.map(({ index, text }, at) => ({ index, text: `step ${at + 1}: ${text}` }));
}

function commentsOf(world: StepWorld, rules: readonly RedactionRule[]): readonly string[] {
  const { name, uri, line } = world.scenario;
  const bare = rules.length > 0 && !world.settings.capture.redact;
  return [
    `scenario: ${name}`,
    ...(uri === '' ? [] : [`feature: ${shown(uri)}:${line}`]),
    ...(bare ? ['NOT REDACTED: rules exist and were not applied to this file'] : []),
  ];
}

function shown(path: string): string {
  return relative(process.cwd(), path) || '.';
}

/** The trace of a scenario is a ring: what was pushed out of it is said. */
function lossesOf({ world }: StepWorld): readonly string[] {
  const { trace } = world;
  const bare = trace.events.filter(({ length = 0, bytes }) => length > 0 && bytes === undefined);
  return [
    ...(trace.dropped > 0 ? [`${trace.dropped} events were not kept`] : []),
    ...(bare.length > 0 ? [`the bytes of ${bare.length} events were not kept`] : []),
  ];
}
