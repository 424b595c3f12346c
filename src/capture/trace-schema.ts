import type { WireEvent } from '../network/wire-event';
import { eventKinds } from '../network/world/event-kinds';

const count = { type: 'integer', minimum: 0 } as const;
const address = {
  type: 'object',
  required: ['host', 'port', 'family'],
  properties: {
    host: { type: 'string' },
    port: { type: 'integer', minimum: 0, maximum: 65_535 },
    family: { enum: ['IPv4', 'IPv6'] },
  },
} as const;

const header = {
  title: 'the first line',
  type: 'object',
  required: ['brine', 'v', 'versions', 'epoch', 'network'],
  additionalProperties: false,
  properties: {
    brine: { const: 'trace' },
    v: { const: 1 },
    plan: { type: 'object', description: 'everything that chance decided' },
    versions: {
      type: 'object',
      required: ['brine', 'node', 'openssl'],
      properties: {
        brine: { type: 'string' },
        node: { type: 'string' },
        openssl: { type: 'string' },
      },
    },
    epoch: {
      type: 'string',
      pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z$',
      description: 'wall clock at microsecond 0',
    },
    network: { enum: ['real', 'simulated'] },
    dropped: { ...count, description: 'events before the first one, which are not here' },
    redacted: { const: true },
  },
} as const;

const properties: Readonly<Record<keyof WireEvent, object>> = {
  index: { ...count, description: 'counts up by 1' },
  atUs: { ...count, description: "microseconds of the world's clock; never goes back" },
  connection: {
    type: 'string',
    description: 'c1 for the end that dialled, s1 for the end that accepted; empty for neither',
  },
  from: { type: 'string', description: 'label of the end that reports' },
  to: { type: 'string', description: 'label of its peer' },
  direction: {
    enum: ['out', 'in', '-'],
    description: 'seen from the end that dialled; - for what does not travel',
  },
  kind: { enum: eventKinds },
  length: { ...count, description: 'bytes' },
  bytes: {
    type: 'string',
    pattern: '^[A-Za-z0-9+/]*={0,2}$',
    description: 'base64; absent where the trace kept none',
  },
  digest: { ...count, maximum: 4_294_967_295, description: 'CRC-32 of the bytes' },
  stream: { ...count, description: 'offset of the first byte in its direction' },
  cause: { ...count, description: 'index of the event that caused this one' },
  local: address,
  remote: address,
  detail: {
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  },
};

const event = {
  title: 'a line between the first and the last',
  type: 'object',
  required: ['index', 'atUs', 'connection', 'from', 'to', 'direction', 'kind'],
  additionalProperties: false,
  properties,
} as const;

const end = {
  title: 'the last line of a file whose writer came to the end',
  type: 'object',
  required: ['end', 'events'],
  additionalProperties: false,
  properties: {
    end: { const: true },
    events: { ...count, description: 'events in the file' },
    hash: {
      type: 'string',
      pattern: '^[0-9a-f]{32}$',
      description: 'hash of the trace; absent when redacted',
    },
  },
} as const;

/** What one line of a trace file is, as a JSON schema; `docs/trace.schema.json` is written from it. */
export const traceSchema: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'a line of a Brine trace',
  oneOf: [header, event, end],
};
