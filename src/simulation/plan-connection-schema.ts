/** The parts of the schema of a plan that are about a single connection, or about none. */
import { durationPattern } from '../base/duration';
import { alertNumbers } from '../base/tls-alerts';
import { tlsPhases } from '../base/tls-phase';

export const text = { type: 'string' } as const;
export const whole = { type: 'integer' } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const countFrom1: object = { type: 'integer', minimum: 1 } as const;
export const duration: object = {
  type: ['number', 'string'],
  minimum: 0,
  pattern: durationPattern,
  description: "milliseconds, or text with a unit such as '250ms' or '2 s'",
} as const;
export const direction: object = {
  enum: ['out', 'in'],
  description: 'out leaves the end that dialled',
} as const;
export const connection: object = {
  ...countFrom1,
  description: 'number of the connection, from 1',
} as const;

/** An object with these keys and no others. */
export function shape(
  required: readonly string[],
  properties: Readonly<Record<string, object>>,
): object {
  return { type: 'object', required, additionalProperties: false, properties };
}

const side = { enum: ['dialler', 'listener'] } as const;
const stream = {
  connection,
  direction: { enum: ['out', 'in', 'both'], description: 'default: that of the trigger, or both' },
} as const;
const after = { ...count, description: 'bytes that pass before' } as const;
const lateEnd = { ...stream, side, after } as const;

const byteValue = { type: 'integer', minimum: 0, maximum: 255 } as const;
const twoBytes = { type: 'integer', minimum: 0, maximum: 65_535 } as const;

/** What a fault below TLS does, but for the two that are for one phase only. */
const tlsAction = {
  oneOf: [
    {
      enum: [
        'stall',
        'fin',
        'rst',
        'garbage',
        'plaintextHttp',
        'plaintextSmtp',
        'emptyRecord',
        'cutMidRecord',
      ],
    },
    shape(['alert'], {
      alert: { oneOf: [{ enum: Object.keys(alertNumbers) }, byteValue] },
      level: { enum: ['fatal', 'warning'] },
    }),
    shape(['inject'], {
      inject: { type: 'string', pattern: '^(?:[0-9a-fA-F]{2})*$', description: 'hex digits' },
    }),
    shape(['recordLength'], { recordLength: twoBytes }),
    shape(['recordVersion'], { recordVersion: twoBytes }),
    shape(['recordType'], { recordType: byteValue }),
    shape(['fragment'], { fragment: countFrom1 }),
    shape(['drip'], { drip: shape(['bytes', 'every'], { bytes: countFrom1, every: duration }) }),
    shape(['delay'], { delay: duration }),
  ],
} as const;
const tlsEnd = { ending: { enum: ['stall', 'fin', 'rst'] }, connection } as const;

/** What an object must have, and what it may have. */
export type Shape = readonly [readonly string[], Readonly<Record<string, object>>];

/** Action on a single connection → what it must have, and what it may have, beside `type`. */
export const connectionActions: readonly (readonly [string, ...Shape])[] = [
  ['reset', [], lateEnd],
  ['halfClose', [], lateEnd],
  ['refuse', [], { connection }],
  ['slowAccept', [], { connection, delay: duration }],
  ['blackhole', [], stream],
  ['delay', ['duration'], { ...stream, duration }],
  ['stall', [], { ...stream, after }],
  ['split', [], { ...stream, size: countFrom1, gap: duration }],
  ['coalesce', [], { ...stream, size: countFrom1, time: duration }],
  ['corrupt', ['byte'], { ...stream, byte: count, xor: byteValue }],
  ['duplicate', [], { ...stream, messages: countFrom1 }],
  ['truncate', [], { ...stream, after }],
  ['tls', ['on', 'do'], { ...tlsEnd, on: { enum: tlsPhases }, do: tlsAction, side }],
  [
    'tls',
    ['on', 'do'],
    { ...tlsEnd, on: { const: 'closing' }, do: { const: 'omitCloseNotify' }, side },
  ],
  [
    'tls',
    ['on', 'do'],
    {
      ...tlsEnd,
      on: { const: 'clientHello' },
      do: { const: 'echoHello' },
      side: { const: 'listener' },
    },
  ],
];
