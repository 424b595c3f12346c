import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as door from '../../../src/faults';
import { faultTypes } from '../../../src/faults/fault-names';
import { readFault } from '../../../src/faults/fault-reader';
import { profiles } from '../../../src/faults/profiles';

const page = readFileSync('docs/proxies.md', 'utf8');

test('every kind of fault has a row in docs/proxies.md with all its attributes, and a builder', () => {
  for (const [name, { attributes }] of faultTypes) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    assert.ok(row !== undefined, `${name} has no row`);
    for (const attribute of Object.keys(attributes)) {
      assert.ok(row.includes(`\`${attribute}\``), `${name}: ${attribute} is missing`);
    }
    const builder = name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
    assert.equal(typeof Reflect.get(door, builder), 'function', builder);
  }
});

test('the faults of every profile can be attached', () => {
  for (const faults of Object.values(profiles)) {
    for (const fault of faults) readFault(fault, faultTypes);
  }
});

const refused: readonly (readonly [object, string, string])[] = [
  [{ type: 'latancy' }, 'invalid toxic type (did you mean "latency"?)', 'type'],
  [{ type: 'down' }, 'invalid toxic type', 'type'],
  [
    { type: 'latency', stream: 'sideways' },
    'stream was invalid, can be either upstream or downstream',
    'stream',
  ],
  [
    { type: 'latency', toxicity: 7 },
    'invalid toxicity: must be between 0 and 1, got 7',
    'toxicity',
  ],
  [
    { type: 'latency', toxicity: Number.NaN },
    'invalid toxicity: must be between 0 and 1, got null',
    'toxicity',
  ],
  [
    { type: 'latency', attributes: { latency: 'x' } },
    'bad request body: attribute latency must be an integer, got "x"',
    'attributes.latency',
  ],
  [
    { type: 'bandwidth', attributes: { rate: -1 } },
    'invalid attribute rate: must be 0 or more, got -1',
    'attributes.rate',
  ],
  [
    { type: 'replace', attributes: { find: 'a*', regex: true } },
    'invalid attribute find: must not match nothing at all',
    'attributes',
  ],
  [
    { type: 'replace', attributes: { find: '(', regex: true } },
    'invalid attribute find: invalid regular expression /(/: unterminated group',
    'attributes',
  ],
  [
    { type: 'coalesce', attributes: { message: 2 } },
    'missing required attribute: framing',
    'attributes',
  ],
  [
    { type: 'tls', attributes: { on: 'finished', do: 'omitCloseNotify' } },
    'invalid attribute on: must be "closing" for omitCloseNotify',
    'attributes',
  ],
  [
    { type: 'tls', attributes: { on: { byte: 3, inRecord: 1 }, do: 'drop' } },
    'invalid attribute do: within a record something is sent or ended, no record is changed',
    'attributes',
  ],
  [
    { type: 'tls', attributes: { on: 'accept', do: { cipher: 65_536 } } },
    'invalid attribute do: do.cipher must be at most 65535, got 65536 (number)',
    'attributes.do',
  ],
  [{ type: 'replace' }, 'missing required attribute: find', 'attributes.find'],
  [
    { type: 'corrupt', attributes: {} },
    'corrupt needs one of offset, probability, every',
    'attributes',
  ],
  [
    { type: 'reset', trigger: { bytes: 3 } },
    'invalid trigger: unknown key "bytes" (did you mean "byte"?)',
    'trigger.bytes',
  ],
  [
    { type: 'reset', trigger: { byte: 1, until: { byte: -1 } } },
    'invalid trigger: byte must be a whole number of 0 or more, got -1',
    'trigger.until.byte',
  ],
  [
    { type: 'hold', schedule: { every: '1s', duration: '2s' } },
    'invalid schedule: every must exceed duration',
    'schedule.every',
  ],
  [
    { type: 'hold', connections: { number: [1] } },
    'invalid connections: unknown key "number" (did you mean "numbers"?)',
    'connections.number',
  ],
  [
    { type: 'refuse', toxicity: 0.5 },
    'refuse is of the whole proxy: it takes no toxicity, target or trigger',
    'toxicity',
  ],
  [
    { type: 'limit_time', trigger: { byte: 3 } },
    'limit_time acts on connections and not on bytes: it takes no trigger',
    'trigger',
  ],
];

for (const [fault, message, field] of refused) {
  test(`${JSON.stringify(fault)} is refused: ${message}`, () => {
    assert.throws(() => readFault(fault, faultTypes), { code: 'EINVALIDFAULT', message, field });
  });
}

test('a lenient reader leaves out attributes that the kind does not have', () => {
  const fault = { type: 'latency', attributes: { latency: 5, colour: 'red' } };

  const { attributes } = readFault(fault, faultTypes, { lenient: true });

  assert.deepEqual(attributes, { latency: 5, jitter: 0 });
});
