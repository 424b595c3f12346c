import type { Attributes, Fault, Schedule, Stream, Target, Trigger } from '../faults/fault';
import {
  type FaultReading,
  type FaultSettings,
  readAttributes,
  readToxicity,
  refuseTriggerOf,
} from '../faults/fault-reader';
import { readSchedule } from '../faults/schedule';
import { hits, readTarget, type TargetFacts } from '../faults/target';
import { readTrigger } from '../faults/trigger';
import { ToxicTally } from './toxic-tally';

/** What may change while a fault is attached. */
export interface ToxicChange {
  /** Merged into what is there, key by key. */
  readonly attributes?: Attributes;
  readonly toxicity?: number;
  readonly trigger?: Trigger;
  readonly schedule?: Schedule;
  readonly connections?: Target;
}

/** A toxic as data, in the order and with the names of Toxiproxy's JSON. */
export interface ToxicData {
  readonly attributes: Attributes;
  readonly name: string;
  readonly type: string;
  readonly stream: Stream | 'both';
  readonly toxicity: number;
  readonly trigger?: Trigger;
  readonly schedule?: Schedule;
  readonly connections?: Target;
}

/** A fault that is attached to a proxy. */
export class Toxic {
  /** Number under which it was added; the order in which faults act. @internal */
  readonly order: number;
  /** How often it has acted. */
  acted = 0;
  /** What it has done, by direction. @internal */
  readonly tally: ToxicTally = new ToxicTally();
  /** Connections that were offered to it, for faults that count them. @internal */
  readonly seen: Map<string, number> = new Map();
  /** Nobody was told of it yet. @internal */
  isNew = true;
  /** Whether its schedule lets it act now. @internal */
  awake = true;
  #settings: FaultSettings;

  /** @internal */
  constructor(settings: FaultSettings, order: number) {
    this.#settings = settings;
    this.order = order;
  }

  get name(): string {
    return this.#settings.name;
  }

  get type(): string {
    return this.#settings.type.type;
  }

  get stream(): Stream | 'both' {
    return this.#settings.stream;
  }

  /** Share of connections that are hit. */
  get toxicity(): number {
    return this.#settings.toxicity;
  }

  get attributes(): Attributes {
    return this.#settings.attributes;
  }

  /** What was read of the fault. @internal */
  get settings(): FaultSettings {
    return this.#settings;
  }

  /** Whether it acts in a direction. @internal */
  isIn(stream: Stream): boolean {
    return this.stream === stream || this.stream === 'both';
  }

  /** Whether it acts on a connection. @internal */
  isHitting(facts: TargetFacts, roll: () => number): boolean {
    if (!this.awake || !hits(this.#settings.connections, facts)) return false;
    return this.toxicity >= 1 || (this.toxicity > 0 && roll() < this.toxicity);
  }

  /** Takes new settings; nothing has changed when it throws. @internal */
  change(change: ToxicChange, reading: FaultReading = {}): void {
    const { attributes, toxicity, trigger, schedule, connections } = change;
    const { type, attributes: before } = this.#settings;
    if (trigger !== undefined) refuseTriggerOf(type);
    const merged = attributes === undefined ? {} : withoutNulls(attributes);
    this.#settings = {
      ...this.#settings,
      ...readAttributes(type, { ...before, ...merged }, reading),
      ...(toxicity === undefined ? {} : { toxicity: readToxicity(toxicity) }),
      ...(trigger === undefined ? {} : { trigger: readTrigger(trigger) }),
      ...(schedule === undefined ? {} : { schedule: readSchedule(schedule) }),
      ...(connections === undefined ? {} : { connections: readTarget(connections) }),
    };
  }

  /** As data. */
  toJSON(): ToxicData {
    const { attributes, name, stream, toxicity, trigger, schedule, connections } = this.#settings;
    return {
      attributes,
      name,
      type: this.type,
      stream,
      toxicity,
      ...(trigger === undefined ? {} : { trigger }),
      ...(schedule === undefined ? {} : { schedule }),
      ...(connections === undefined ? {} : { connections }),
    };
  }

  /** As a fault that can be added again. */
  toFault(): Fault {
    return this.toJSON();
  }
}

function withoutNulls(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}
