import { readDuration } from '../base/duration';
import { readSize } from '../base/size';
import type { AttributeRule } from './attribute-rules';
import type { Attributes, Fault } from './fault';
import { readFault } from './fault-reader';
import type { FaultType } from './fault-type';

/** What every builder takes beside the attributes of its fault. */
export type FaultOptions = Omit<Fault, 'type' | 'attributes'>;

/**
 * Makes a fault of attributes and options.
 *
 * Attributes may be written in camelCase (`sizeVariation`); durations and sizes also as text with
 * a unit. What comes out is plain data in the units of the catalogue.
 *
 * @throws TcpError `EINVALIDFAULT` - an unknown attribute, or a value that does not fit
 */
export type FaultBuilder<A extends object> = (options?: Partial<A> & FaultOptions) => Fault;

const optionKeys = [
  'name',
  'stream',
  'toxicity',
  'trigger',
  'schedule',
  'connections',
] as const satisfies readonly (keyof FaultOptions)[];

/** The builder of a kind. */
export function builderOf<A extends object>(type: FaultType<never>): FaultBuilder<A> {
  return (options) => {
    const fault: Record<string, unknown> = { type: type.type };
    const attributes: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(options ?? {})) {
      if (value === undefined) continue;
      if ((optionKeys as readonly string[]).includes(key)) fault[key] = value;
      else {
        const name = nameOf(key, type.attributes);
        attributes[name] = inUnits(name, value, type.attributes[name]);
      }
    }
    const made = { ...fault, attributes } as unknown as Fault<Attributes>;
    readFault(made, new Map([[type.type, type]]));
    return made;
  };
}

function nameOf(key: string, rules: FaultType['attributes']): string {
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(rules, snake) && !Object.hasOwn(rules, key) ? snake : key;
}

/** Text with a unit as the number that Toxiproxy has; bytes as data. */
function inUnits(name: string, value: unknown, rule: AttributeRule | undefined): unknown {
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex') };
  if (rule?.kind !== 'integer' || typeof value !== 'string') return value;
  if (rule.unit === 'ms') return Math.round(readDuration(name, value));
  if (rule.unit === 'µs') return Math.round(readDuration(name, value) * 1_000);
  return rule.unit === 'bytes' ? readSize(name, value) : value;
}
