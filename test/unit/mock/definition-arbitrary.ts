import fc from 'fast-check';
import type {
  Actions,
  MockDefinition,
  Predicate,
  RuleDefinition,
  ScriptTurn,
} from '../../../src/mock/mock-model';

const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/);
const state = fc.stringMatching(/^[a-z]{1,6}$/);
const milliseconds = fc.oneof(fc.nat(5_000), fc.constantFrom('50ms', '2s', '1 minute'));

/** Text without escapes and templates; what YAML could take for something else included. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    'null',
    'true',
    '1',
    '0x10',
    '- a',
    'a: b',
    '# c',
    '"q"',
    "it's",
    '~',
    ' pad ',
    '2020-01-01',
  ),
  fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .map((value) => value.replace(/[\\$\p{Cs}]/gu, '.')),
);
const hex = fc
  .uint8Array({ minLength: 1, maxLength: 8 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const bytes = fc.oneof(
  text,
  fc.record({ hex }),
  fc.record({ line: text }),
  fc.record({ repeat: fc.record({ of: fc.record({ hex }), size: fc.constantFrom(3, '1KiB') }) }),
  fc.record({ text, template: fc.constant(false) }),
);

const { predicate } = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    bytes,
    fc.record({ equals: bytes }),
    fc.record({ startsWith: bytes, state }),
    fc.record({ contains: bytes, connection: fc.integer({ min: 1, max: 9 }) }),
    fc.constantFrom<Predicate>(
      { regex: '^EHLO (?<host>\\S+)$', flags: 'i' },
      { pattern: '02 (seq:2) 10 [00-7f] *' },
      { at: { offset: -1, type: 'u8', is: 255 } },
      { json: { path: 'a.b[0]', is: null } },
      { any: true },
      { tls: false },
    ),
    fc.record({
      length: fc.oneof(
        fc.nat(99),
        fc.record({ min: fc.nat(9), max: fc.integer({ min: 9, max: 99 }) }),
      ),
    }),
    fc.record({ not: tie('predicate') }),
    fc.record({ allOf: fc.array(tie('predicate'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ anyOf: fc.array(tie('predicate'), { minLength: 1, maxLength: 2 }) }),
  ) as fc.Arbitrary<Predicate>,
}));

const actions = fc.oneof(
  text,
  fc.record({ send: bytes, goto: state }),
  fc.record({ raw: bytes, chunks: fc.integer({ min: 1, max: 9 }), every: milliseconds }),
  fc.record({ wait: milliseconds, echo: fc.constant(true as const) }),
  fc.record({ close: fc.constantFrom('end', 'half', 'reset') }),
  fc.array(
    fc.record({ push: fc.record({ send: bytes, to: fc.constantFrom('all', 'others', 'self') }) }),
    { minLength: 1, maxLength: 2 },
  ),
  fc.record({
    set: fc.dictionary(state, fc.oneof(fc.boolean(), fc.constant(null), fc.integer()), {
      minKeys: 1,
      maxKeys: 2,
    }),
  }),
) as fc.Arbitrary<Actions>;

const rule: fc.Arbitrary<RuleDefinition> = fc.oneof(
  fc.record({ when: predicate, then: actions, priority: fc.nat(5) }),
  fc.record({
    when: predicate,
    sequence: fc.array(actions, { minLength: 1, maxLength: 3 }),
    exhausted: fc.constantFrom('last', 'loop', 'unmatched'),
    times: fc.record({ min: fc.nat(2), max: fc.integer({ min: 3, max: 9 }) }),
  }),
);

const turn: fc.Arbitrary<ScriptTurn> = fc.oneof(
  fc.record({ expect: predicate, within: milliseconds }),
  fc.record({ send: bytes, wait: milliseconds }),
  fc.record({ expectClose: fc.constantFrom('end', 'reset') }),
  fc.record({ unordered: fc.array(fc.record({ expect: bytes }), { minLength: 2, maxLength: 3 }) }),
  fc.record({
    oneOf: fc.array(
      fc.record({ turns: fc.array(fc.record({ expect: bytes }), { minLength: 1, maxLength: 2 }) }),
      { minLength: 1, maxLength: 2 },
    ),
    optional: fc.boolean(),
  }),
) as fc.Arbitrary<ScriptTurn>;

/** Definitions without mistakes, of most of what a definition may say. */
export const definitions: fc.Arbitrary<MockDefinition> = fc
  .record(
    {
      name,
      framing: fc.constantFrom('line', 'crlf', 'resp', {
        kind: 'length-prefix',
        type: 'u16be',
        max: '4KiB',
      }),
      mode: fc.constantFrom('strict', 'lenient'),
      state: fc.record({ initial: state, scope: fc.constantFrom('connection', 'mock') }),
      onConnect: actions,
      script: fc.array(turn, { minLength: 1, maxLength: 3 }),
      rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
      unmatched: actions,
      every: fc.array(fc.record({ interval: fc.constantFrom(5, '1s'), do: actions }), {
        minLength: 1,
        maxLength: 1,
      }),
      limits: fc.record({
        connections: fc.integer({ min: 1, max: 9 }),
        frame: fc.constantFrom(100, '1MiB'),
      }),
      redact: fc.constant([{ regex: '^PASS (?<secret>.*)$', group: 'secret', with: '#' }]),
      replay: fc.constantFrom({ timing: 'none' }, { timing: 'scaled', scale: 0.5 }),
    },
    { requiredKeys: ['name'] },
  )
  .map((made) => JSON.parse(JSON.stringify(made)) as MockDefinition);
