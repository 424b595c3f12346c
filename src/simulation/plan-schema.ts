import { durationPattern } from '../base/duration';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const countFrom1 = { type: 'integer', minimum: 1 } as const;
const duration = {
  type: ['number', 'string'],
  minimum: 0,
  pattern: durationPattern,
  description: "milliseconds, or text with a unit such as '250ms' or '2 s'",
} as const;
const skew = {
  type: ['number', 'string'],
  pattern: durationPattern.replace('^', '^-?'),
  description: 'how far a wall clock is ahead, or behind with a minus',
} as const;
const direction = {
  enum: ['out', 'in'],
  description: 'out leaves the end that dialled',
} as const;
const connection = { ...countFrom1, description: 'number of the connection, from 1' } as const;
const tape = { type: 'array', items: count } as const;
const hosts = {
  oneOf: [text, { type: 'array', items: text }],
  description: 'one host, several, or *',
} as const;

/** An object with these keys and no others. */
function shape(required: readonly string[], properties: Readonly<Record<string, object>>): object {
  return { type: 'object', required, additionalProperties: false, properties };
}

/** Settings of a link; the keys are those of {@link LinkOptions}. */
const linkSettings = {
  latency: {
    oneOf: [
      duration,
      shape(['uniform'], {
        uniform: { type: 'array', items: duration, minItems: 2, maxItems: 2 },
      }),
      shape(['tape'], { tape: { ...tape, description: 'microseconds, one per segment' } }),
    ],
  },
  bandwidth: { ...countFrom1, description: 'bytes per second' },
  sendBuffer: { ...countFrom1, description: 'bytes' },
  receiveBuffer: { ...countFrom1, description: 'bytes' },
  mss: { ...countFrom1, description: 'bytes of the largest segment' },
  segmenter: {
    oneOf: [
      { const: 'write' },
      shape(['each'], { each: countFrom1 }),
      shape(['coalesce'], { coalesce: duration }),
    ],
  },
  nagle: { type: 'boolean' },
  retryLimit: duration,
  connectLimit: duration,
} as const;

const ends = { from: text, to: text } as const;
const side = { side: { enum: ['dialler', 'listener'] }, connection } as const;

/** Action → what it must have, and what it may have, beside `type`. */
const actions: Readonly<Record<string, readonly [string[], Readonly<Record<string, object>>]>> = {
  reset: [[], side],
  halfClose: [[], side],
  refuse: [[], { connection }],
  blackhole: [[], { connection }],
  hold: [['from', 'to'], ends],
  release: [['from', 'to'], ends],
  partition: [
    ['a', 'b'],
    {
      a: hosts,
      b: hosts,
      direction: { enum: ['both', 'a→b', 'b→a'] },
      how: { enum: ['hold', 'reset', 'blackhole'] },
    },
  ],
  heal: [[], { a: hosts, b: hosts }],
  clog: [['from', 'to'], { ...ends, duration }],
  kill: [['host'], { host: text, how: { enum: ['process', 'power'] } }],
  restart: [['host'], { host: text }],
  skew: [['host', 'skew'], { host: text, skew }],
  dns: [
    ['name', 'answer'],
    {
      name: text,
      answer: { oneOf: [{ enum: ['ENOTFOUND', 'EAI_AGAIN'] }, { type: 'array', items: text }] },
      delay: duration,
    },
  ],
  link: [['from', 'to'], { ...ends, ...linkSettings }],
};

const trigger = {
  oneOf: [
    shape(['at'], { at: duration }),
    shape(['connection', 'state'], { connection, state: { enum: ['connecting', 'established'] } }),
    shape(['connection', 'direction', 'byte'], { connection, direction, byte: count }),
    shape(['connection', 'direction', 'message'], {
      connection,
      direction,
      message: count,
      offset: { ...whole, description: 'from the end of the message' },
    }),
    shape(['host', 'accepts'], { host: text, accepts: countFrom1 }),
  ],
} as const;

const fault = shape(['on', 'do'], {
  on: trigger,
  do: {
    oneOf: Object.entries(actions).map(([type, [required, properties]]) =>
      shape(['type', ...required], { type: { const: type }, ...properties }),
    ),
  },
  times: { ...countFrom1, description: 'how often at most; default 1' },
});

const cut = shape(['connection', 'direction'], {
  connection,
  direction,
  unit: { ...count, description: 'number of the write, from 0' },
  offset: { ...whole, description: 'from the end of that write' },
  at: { ...count, description: 'offset in the whole stream, in place of unit and offset' },
});

/** What a plan is, as a JSON schema; `docs/plan.schema.json` is written from it. */
export const planSchema: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'a plan of a simulated network',
  ...shape(['v'], {
    $schema: text,
    v: { const: 1 },
    seed: { ...whole, description: 'of the Random that is given to programs' },
    epoch: {
      type: 'string',
      pattern: '^\\d{4}-\\d\\d-\\d\\dT.*(Z|[+-]\\d\\d:\\d\\d)$',
      description: 'wall clock at the start',
    },
    hosts: {
      type: 'object',
      additionalProperties: shape([], { addresses: { type: 'array', items: text }, skew }),
    },
    links: { type: 'array', items: shape(['from', 'to'], { ...ends, ...linkSettings }) },
    cuts: { type: 'array', items: cut },
    faults: { type: 'array', items: fault },
    tape: shape([], { latency: tape, tieBreak: tape }),
  }),
};
