/** Plans of every kind, as JSON has them. */
import fc from 'fast-check';

const host = fc.constantFrom('app', 'db', '*');
const duration = fc.oneof(
  fc.nat({ max: 10_000 }),
  fc.constantFrom('250ms', '2 s', '1.5 minutes', '100us', ' 3 h '),
);
const skew = fc.oneof(fc.integer({ min: -9_999, max: 9_999 }), fc.constantFrom('-2 s', '1 h'));
const connection = fc.integer({ min: 1, max: 9 });
const direction = fc.constantFrom('out', 'in');
const size = fc.integer({ min: 1, max: 100_000 });
const tape = fc.array(fc.nat(), { maxLength: 4 });
const hosts = fc.oneof(host, fc.array(host, { maxLength: 3 }));
const ends = { from: host, to: host };

type Shape = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** An object that has some keys, and may have others. */
function shape(required: Shape, optional: Shape = {}): fc.Arbitrary<Record<string, unknown>> {
  const all: Record<string, fc.Arbitrary<unknown>> = { ...required, ...optional };
  // Out of strings, because records of fast-check have no prototype unless told so.
  return fc.record(all, { requiredKeys: Object.keys(required), noNullPrototype: true });
}

const range = fc
  .tuple(fc.nat({ max: 5_000 }), fc.nat({ max: 5_000 }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);

const linkSettings: Shape = {
  latency: fc.oneof(duration, shape({ uniform: range }), shape({ tape })),
  bandwidth: size,
  sendBuffer: size,
  receiveBuffer: size,
  mss: size,
  segmenter: fc.oneof(fc.constant('write'), shape({ each: size }), shape({ coalesce: duration })),
  nagle: fc.boolean(),
  retryLimit: duration,
  connectLimit: duration,
};

const side = fc.constantFrom('dialler', 'listener');
const bytes = fc.nat({ max: 300 });
const stream: Shape = { connection, direction: fc.constantFrom('out', 'in', 'both') };

/** Faults of streams, which act on the bytes of a connection. */
export const streamFault: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  shape({ type: fc.constantFrom('reset', 'halfClose'), after: bytes }, { ...stream, side }),
  shape({ type: fc.constant('blackhole') }, stream),
  shape({ type: fc.constant('delay'), duration }, stream),
  shape({ type: fc.constant('stall') }, { ...stream, after: bytes }),
  shape({ type: fc.constant('split') }, { ...stream, size, gap: duration }),
  shape({ type: fc.constant('coalesce') }, { ...stream, size, time: duration }),
  shape({ type: fc.constant('corrupt'), byte: bytes }, { ...stream, xor: fc.nat({ max: 255 }) }),
  shape({ type: fc.constant('duplicate') }, { ...stream, messages: connection }),
  shape({ type: fc.constant('truncate') }, { ...stream, after: bytes }),
);

const tlsAction = fc.oneof(
  fc.constantFrom<unknown>('stall', 'garbage', 'emptyRecord', 'cutMidRecord'),
  shape(
    { alert: fc.oneof(fc.constantFrom('access_denied', 'decode_error'), fc.nat({ max: 255 })) },
    { level: fc.constantFrom('fatal', 'warning') },
  ),
  fc.constantFrom({ inject: '1603' }, { recordLength: 65_535 }, { recordVersion: 768 }),
  fc.constantFrom({ recordType: 23 }, { fragment: 1 }),
  shape({ delay: duration }),
  shape({ drip: shape({ bytes: size, every: duration }) }),
);
const tlsEnd: Shape = { ending: fc.constantFrom('stall', 'fin', 'rst'), connection };
const tls = { type: fc.constant('tls') };

const onConnection = fc.oneof(
  streamFault,
  shape({ type: fc.constantFrom('reset', 'halfClose') }, { side, connection }),
  shape({ type: fc.constant('refuse') }, { connection }),
  shape({ type: fc.constant('slowAccept') }, { connection, delay: duration }),
  shape({ ...tls, on: fc.constantFrom('accept', 'finished'), do: tlsAction }, { ...tlsEnd, side }),
  shape(
    { ...tls, on: fc.constant('closing'), do: fc.constant('omitCloseNotify') },
    { ...tlsEnd, side },
  ),
  shape(
    { ...tls, on: fc.constant('clientHello'), do: fc.constant('echoHello') },
    { ...tlsEnd, side: fc.constant('listener') },
  ),
);

const onHosts = fc.oneof(
  shape({ type: fc.constantFrom('hold', 'release'), ...ends }),
  shape(
    { type: fc.constant('partition'), a: hosts, b: hosts },
    {
      direction: fc.constantFrom('both', 'a→b', 'b→a'),
      how: fc.constantFrom('hold', 'reset', 'blackhole'),
    },
  ),
  shape({ type: fc.constant('heal') }, { a: hosts, b: hosts }),
  shape({ type: fc.constant('clog'), ...ends }, { duration }),
  shape({ type: fc.constant('kill'), host }, { how: fc.constantFrom('process', 'power') }),
  shape({ type: fc.constant('restart'), host }),
  shape({ type: fc.constant('skew'), host, skew }),
  shape(
    {
      type: fc.constant('dns'),
      name: host,
      answer: fc.oneof(
        fc.constantFrom('ENOTFOUND', 'EAI_AGAIN'),
        fc.array(fc.constantFrom('10.0.0.1', '::1'), { maxLength: 2 }),
      ),
    },
    { delay: duration },
  ),
  shape({ type: fc.constant('link'), ...ends }, linkSettings),
);

const elsewhere = fc.oneof(
  shape({ connection, state: fc.constantFrom('connecting', 'established') }),
  shape({ connection, direction, byte: fc.nat() }),
  shape({ connection, direction, message: fc.nat() }, { offset: fc.integer() }),
  shape({ host, accepts: connection }),
);

const times = { times: connection };
const fault = fc.oneof(
  shape({ on: elsewhere, do: fc.oneof(onConnection, onHosts) }, times),
  shape(
    {
      on: shape({ at: duration }),
      do: fc.oneof(
        fc
          .tuple(onConnection, connection)
          .map(([action, number]) => ({ ...action, connection: number })),
        onHosts,
      ),
    },
    times,
  ),
);

const few = { maxLength: 3 } as const;

/** Any plan. */
export const anyPlan: fc.Arbitrary<Record<string, unknown>> = shape(
  { v: fc.constant(1) },
  {
    $schema: fc.constant('plan.schema.json'),
    seed: fc.maxSafeInteger(),
    epoch: fc.constantFrom('2023-11-14T22:13:20Z', '2020-02-29T00:00:00.5+01:00'),
    hosts: fc.dictionary(
      fc.constantFrom('app', 'db', 'web'),
      shape({}, { addresses: fc.array(fc.constant('10.1.1.1'), { maxLength: 1 }), skew }),
      { noNullPrototype: true },
    ),
    links: fc.array(shape(ends, linkSettings), few),
    cuts: fc.array(
      shape({ connection, direction }, { unit: fc.nat(), offset: fc.integer(), at: fc.nat() }),
      few,
    ),
    faults: fc.array(fault, few),
    tape: shape({}, { latency: tape, tieBreak: tape }),
  },
);
