import { durationPattern } from '../base/duration';
import {
  connection,
  connectionActions,
  count,
  countFrom1,
  direction,
  duration,
  type Shape,
  shape,
  text,
  whole,
} from './plan-connection-schema';

const skew = {
  type: ['number', 'string'],
  pattern: durationPattern.replace('^', '^-?'),
  description: 'how far a wall clock is ahead, or behind with a minus',
} as const;
const tape = { type: 'array', items: count } as const;
const hosts = {
  oneOf: [text, { type: 'array', items: text }],
  description: 'one host, several, or *',
} as const;

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
/** Action on hosts and links → what it must have, and what it may have, beside `type`. */
const actions: Readonly<Record<string, Shape>> = {
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

const atTime = shape(['at'], { at: duration });
const elsewhere = [
  shape(['connection', 'state'], { connection, state: { enum: ['connecting', 'established'] } }),
  shape(['connection', 'direction', 'byte'], { connection, direction, byte: count }),
  shape(['connection', 'direction', 'message'], {
    connection,
    direction,
    message: count,
    offset: { ...whole, description: 'from the end of the message' },
  }),
  shape(['host', 'accepts'], { host: text, accepts: countFrom1 }),
] as const;

const onHosts = Object.entries(actions).map(([type, parts]) => actionShape(type, parts));

function onConnections(also: readonly string[]): object[] {
  return connectionActions.map(([type, required, properties]) =>
    actionShape(type, [[...required, ...also], properties]),
  );
}

function actionShape(type: string, [required, properties]: Shape): object {
  return shape(['type', ...required], { type: { const: type }, ...properties });
}

const times = { ...countFrom1, description: 'how often at most; default 1' } as const;

const fault = {
  oneOf: [
    shape(['on', 'do'], {
      on: { oneOf: elsewhere },
      do: { oneOf: [...onConnections([]), ...onHosts] },
      times,
    }),
    shape(['on', 'do'], {
      on: atTime,
      do: { oneOf: [...onConnections(['connection']), ...onHosts] },
      times,
    }),
  ],
} as const;

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
