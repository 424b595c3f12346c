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
    { type: 'corrupt', attributes: { probability: 1.5 } },
    'invalid attribute probability: must be between 0 and 1, got 1.5',
    'attributes.probability',
  ],
  [
    { type: 'corrupt', attributes: { probability: 'often' } },
    'bad request body: attribute probability must be a number, got "often"',
    'attributes.probability',
  ],
  [
    { type: 'latency', attributes: { latency: 2 ** 60 } },
    'invalid attribute latency: must be less, got 1152921504606847000',
    'attributes.latency',
  ],
  [
    { type: 'half_close', attributes: { discard: 'no' } },
    'bad request body: attribute discard must be true or false, got "no"',
    'attributes.discard',
  ],
  [
    { type: 'truncate', attributes: { after: 1, how: 'rst' } },
    'invalid attribute how: must be one of "fin", "close", "reset", got "rst"',
    'attributes.how',
  ],
  [
    { type: 'inject', attributes: { bytes: 5 } },
    'bad request body: attribute bytes must be a byte literal, {"hex": …} or {"base64": …}, got 5',
    'attributes.bytes',
  ],
  [
    { type: 'inject', attributes: { bytes: { hex: 'abc' } } },
    'invalid attribute bytes: odd number of hex digits (3)',
    'attributes.bytes',
  ],
  [{ type: 'latency', trigger: [] }, 'invalid trigger: must be an object, got []', 'trigger'],
  [
    { type: 'latency', trigger: { times: 1 } },
    'invalid trigger: needs one of byte, pattern, message, at, idle, event, after, any',
    'trigger',
  ],
  [
    { type: 'latency', trigger: { event: 'finn' } },
    'invalid trigger: event must be one of "established", "firstByte", "fin", "tls:clientHello", "tls:established", got "finn" (did you mean "fin"?)',
    'trigger.event',
  ],
  [
    { type: 'latency', trigger: { message: 1, framing: 'crlf', offset: 0.5 } },
    'invalid trigger: offset must be a whole number, got 0.5',
    'trigger.offset',
  ],
  [
    { type: 'latency', trigger: { after: 5 } },
    'invalid trigger: after must be the name of a toxic, got 5',
    'trigger.after',
  ],
  [
    { type: 'latency', trigger: { pattern: '""' } },
    'invalid trigger: pattern must not be empty',
    'trigger.pattern',
  ],
  [
    { type: 'latency', trigger: { message: 1 } },
    'invalid trigger: message needs a framing',
    'trigger.framing',
  ],
  [
    { type: 'latency', trigger: { any: [] } },
    'invalid trigger: any must be a list of triggers, got []',
    'trigger.any',
  ],
  [
    { type: 'latency', trigger: { any: [{ byte: 1 }, { bite: 1 }] } },
    'invalid trigger: unknown key "bite" (did you mean "byte"?)',
    'trigger.any[1].bite',
  ],
  [
    { type: 'latency', schedule: null },
    'invalid schedule: must be an object, got null',
    'schedule',
  ],
  [
    { type: 'latency', schedule: { span: '5s' } },
    'invalid schedule: unknown key "span"',
    'schedule.span',
  ],
  [
    { type: 'latency', schedule: { times: 0 } },
    'invalid schedule: times must be a whole number of 1 or more, got 0',
    'schedule.times',
  ],
  [
    { type: 'latency', schedule: { expire: 'soon' } },
    'invalid schedule: expire must be "remove" or "keep", got "soon"',
    'schedule.expire',
  ],
  [
    { type: 'latency', connections: 3 },
    'invalid connections: must be an object, got 3',
    'connections',
  ],
  [
    { type: 'latency', connections: { numbers: [0] } },
    'invalid connections: numbers must be a list of whole numbers of 1 or more, got [0]',
    'connections.numbers',
  ],
  [
    { type: 'latency', connections: { ids: 'mail#1' } },
    'invalid connections: ids must be a list of texts, got "mail#1"',
    'connections.ids',
  ],
  [
    { type: 'latency', connections: { every: -3 } },
    'invalid connections: every must be a whole number of 1 or more, got -3',
    'connections.every',
  ],
  [
    { type: 'latency', connections: { remote: '10.0.0.0/33' } },
    'invalid connections: remote must be an IP address or a network such as 10.0.0.0/8, got "10.0.0.0/33"',
    'connections.remote',
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

const wrongTimes: readonly (readonly [unknown, string])[] = [
  [{ type: 'latency', trigger: { at: '5 lightyears' } }, 'trigger.at'],
  [{ type: 'latency', trigger: { idle: -1 } }, 'trigger.idle'],
  [{ type: 'latency', trigger: { message: 1, framing: 'crfl' } }, 'trigger.framing'],
  [{ type: 'latency', schedule: { start: 'noon' } }, 'schedule.start'],
  [{ type: 'slow_accept', attributes: { delay: 'long' } }, 'attributes.delay'],
  [{ type: 'truncate', attributes: { after: 'much' } }, 'attributes.after'],
  [{ type: 'swap', attributes: { framing: 'crfl' } }, 'attributes.framing'],
];

for (const [fault, field] of wrongTimes) {
  test(`${JSON.stringify(fault)} is refused where it is wrong, at ${field}`, () => {
    assert.throws(() => readFault(fault, faultTypes), { code: 'EINVALIDFAULT', field });
  });
}
