/** Toxics of Toxiproxy's JSON, and faults. */
import type { Attributes, Fault, Schedule, Target, Trigger } from '../faults/fault';
import type { FaultTypes } from '../faults/fault-names';
import type { Toxic, ToxicChange } from '../proxy/toxic';
import { apiError } from './api-errors';
import { fieldOf, type LooseFields, looseFields } from './lenient-json';

const toxicFields = [
  'name',
  'type',
  'stream',
  'toxicity',
  'attributes',
  'trigger',
  'schedule',
  'connections',
];

/** A toxic as it is answered. */
export function toxicToJson(toxic: Toxic): object {
  const data = toxic.toJSON();
  return {
    ...data,
    attributes: printable(data.attributes),
    toxicity: singlePrecision(data.toxicity),
  };
}

/**
 * A body as a fault. Attributes that its kind does not have are left out.
 *
 * @throws ApiError 400
 */
export function faultOfJson(value: unknown, types: FaultTypes): Fault {
  const fields = looseFields(value, toxicFields, 'toxic');
  const type = fieldOf(fields, 'type', 'string') ?? '';
  const name = fieldOf(fields, 'name', 'string') ?? '';
  const stream = fieldOf(fields, 'stream', 'string');
  const toxicity = fieldOf(fields, 'toxicity', 'number');
  const attributes = attributesOf(fields, types, type);
  return {
    type,
    ...(name !== '' && { name }),
    ...(stream !== undefined && { stream: stream as NonNullable<Fault['stream']> }),
    ...(toxicity !== undefined && { toxicity }),
    ...(attributes !== undefined && { attributes }),
    ...targeting(fields),
  };
}

/** A body as a change of a toxic of some type. @throws ApiError 400 */
export function toxicChangeOfJson(value: unknown, types: FaultTypes, type: string): ToxicChange {
  const fields = looseFields(value, toxicFields, 'toxic');
  const toxicity = fieldOf(fields, 'toxicity', 'number');
  const attributes = attributesOf(fields, types, type);
  return {
    ...(attributes !== undefined && { attributes }),
    ...(toxicity !== undefined && { toxicity }),
    ...targeting(fields),
  };
}

/** The stream of a fault as it is kept. @throws ApiError 400 */
export function streamOf({ stream = 'downstream' }: Fault): string {
  const lower = stream.toLowerCase();
  if (['upstream', 'downstream', 'both'].includes(lower)) return lower;
  throw apiError('invalidStream');
}

function targeting(fields: LooseFields): {
  readonly trigger?: Trigger;
  readonly schedule?: Schedule;
  readonly connections?: Target;
} {
  return Object.fromEntries(
    ['trigger', 'schedule', 'connections']
      .filter((name) => fields.has(name))
      .map((name) => [name, fields.get(name)]),
  );
}

function attributesOf(
  fields: LooseFields,
  types: FaultTypes,
  type: string,
): Attributes | undefined {
  const value = fields.get('attributes');
  if (value === undefined) return undefined;
  const known = Object.keys(types.get(type)?.attributes ?? {});
  return Object.fromEntries(looseFields(value, known, 'attributes'));
}

/** Bytes that a program gave, as they are written in JSON. */
function printable(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value,
    ]),
  );
}

/** The shortest number that is the same in single precision, as Go prints a `float32`. */
export function singlePrecision(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number(single.toPrecision(9));
}
