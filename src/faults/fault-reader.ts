import { suggestion } from '../base/closest-word';
import { readAttribute } from './attribute-rules';
import type { Attributes, Schedule, Stream, Target, Trigger } from './fault';
import type { FaultType } from './fault-type';
import { invalidFault } from './invalid-fault';
import { readSchedule } from './schedule';
import { readTarget } from './target';
import { readTrigger } from './trigger';

/** A fault that was read: checked, complete, with the values its kind works with. */
export interface FaultSettings {
  readonly type: FaultType<never>;
  readonly name: string;
  readonly stream: Stream | 'both';
  readonly toxicity: number;
  /** As data, every attribute of the kind that has a default, and those that were set. */
  readonly attributes: Attributes;
  /** What the kind works with. */
  readonly values: never;
  readonly trigger?: Trigger;
  readonly schedule?: Schedule;
  readonly connections?: Target;
}

/** How strict a reader is. */
export interface FaultReading {
  /** Attributes that the kind does not have are left out instead of refused, as Toxiproxy does. */
  readonly lenient?: boolean;
}

const keys = [
  'type',
  'name',
  'stream',
  'toxicity',
  'attributes',
  'trigger',
  'schedule',
  'connections',
];
const streams = ['upstream', 'downstream', 'both'] as const;

/**
 * Reads a fault.
 *
 * @throws TcpError `EINVALIDFAULT` - `field` is the path of what is wrong
 */
export function readFault(
  value: unknown,
  types: ReadonlyMap<string, FaultType<never>>,
  reading: FaultReading = {},
): FaultSettings {
  const fault = objectOf('fault', value);
  if (reading.lenient !== true) refuseUnknown(fault, keys, '', 'invalid fault');
  const stream = readStream(fault['stream']);
  const type = types.get(String(fault['type']));
  if (type === undefined) {
    const given = fault['type'];
    const near = typeof given === 'string' ? suggestion(given, types.keys()) : '';
    throw invalidFault('type', `invalid toxic type${near}`);
  }
  const name = fault['name'] ?? `${type.type}_${stream}`;
  if (typeof name !== 'string' || name === '')
    throw invalidFault('name', 'invalid name: must be text');
  const { attributes, values } = readAttributes(type, fault['attributes'] ?? {}, reading);
  const toxicity = readToxicity(fault['toxicity'] ?? 1);
  const { trigger, schedule, connections } = fault as Record<string, unknown>;
  if (
    type.refuses === true &&
    (toxicity !== 1 || connections !== undefined || trigger !== undefined)
  ) {
    const message = `${type.type} is of the whole proxy: it takes no toxicity, target or trigger`;
    throw invalidFault('toxicity', message);
  }
  if (trigger !== undefined) refuseTriggerOf(type);
  return {
    type,
    name,
    stream,
    toxicity,
    attributes,
    values,
    ...(trigger === undefined ? {} : { trigger: readTrigger(trigger) }),
    ...(schedule === undefined ? {} : { schedule: readSchedule(schedule) }),
    ...(connections === undefined ? {} : { connections: readTarget(connections) }),
  };
}

/** Reads attributes of a kind: as data, and as the values it works with. */
export function readAttributes(
  type: FaultType<never>,
  value: unknown,
  reading: FaultReading = {},
): Pick<FaultSettings, 'attributes' | 'values'> {
  const given = objectOf('attributes', value);
  const known = Object.keys(type.attributes);
  if (reading.lenient !== true) {
    refuseUnknown(given, known, 'attributes.', `invalid attributes of ${type.type}`);
  }
  const attributes: Record<string, unknown> = {};
  const values: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(type.attributes)) {
    const set = given[name] ?? rule.default;
    if (set !== undefined) {
      attributes[name] = set;
      values[name] = readAttribute(name, set, rule);
    } else if (rule.required === true) {
      throw invalidFault(`attributes.${name}`, `missing required attribute: ${name}`);
    }
  }
  const problem = (type as FaultType<object>).check?.(values);
  if (problem !== undefined) throw invalidFault('attributes', problem);
  return { attributes, values: values as never };
}

/** Only what acts on bytes waits for a trigger. @throws TcpError `EINVALIDFAULT` */
export function refuseTriggerOf(type: FaultType<never>): void {
  if (type.stage !== undefined || type.delay !== undefined) return;
  const message = `${type.type} acts on connections and not on bytes: it takes no trigger`;
  throw invalidFault('trigger', message);
}

/** A share of connections. @throws TcpError `EINVALIDFAULT` */
export function readToxicity(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  const printed = JSON.stringify(value) ?? String(value);
  const expected = 'must be between 0 and 1';
  throw invalidFault('toxicity', `invalid toxicity: ${expected}, got ${printed}`);
}

function readStream(value: unknown): FaultSettings['stream'] {
  if (value === undefined) return 'downstream';
  const lower = typeof value === 'string' ? value.toLowerCase() : '';
  const found = streams.find((word) => word === lower);
  if (found !== undefined) return found;
  throw invalidFault('stream', 'stream was invalid, can be either upstream or downstream');
}

function objectOf(field: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  const printed = JSON.stringify(value) ?? String(value);
  throw invalidFault(field, `bad request body: ${field} must be an object, got ${printed}`);
}

function refuseUnknown(
  given: object,
  known: readonly string[],
  path: string,
  message: string,
): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const near = suggestion(key, known);
    throw invalidFault(`${path}${key}`, `${message}: unknown key "${key}"${near}`);
  }
}
