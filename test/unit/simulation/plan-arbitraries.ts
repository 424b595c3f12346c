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

const side: Shape = { side: fc.constantFrom('dialler', 'listener'), connection };

const action = fc.oneof(
  shape({ type: fc.constantFrom('reset', 'halfClose') }, side),
  shape({ type: fc.constantFrom('refuse', 'blackhole') }, { connection }),
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

const trigger = fc.oneof(
  shape({ at: duration }),
  shape({ connection, state: fc.constantFrom('connecting', 'established') }),
  shape({ connection, direction, byte: fc.nat() }),
  shape({ connection, direction, message: fc.nat() }, { offset: fc.integer() }),
  shape({ host, accepts: connection }),
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
    faults: fc.array(shape({ on: trigger, do: action }, { times: connection }), few),
    tape: shape({}, { latency: tape, tieBreak: tape }),
  },
);
