import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeTemplate, interpolate, parseTemplate } from '../../../src/steps/interpolation';

for (const [text, reference] of [
  ['${mock}', { kind: 'mock' }],
  ['${mock "mail"}', { kind: 'mock', name: 'mail' }],
  ["${mock 'mail'}", { kind: 'mock', name: 'mail' }],
  ['${ mock  "mail"  host }', { kind: 'mock', name: 'mail', part: 'host' }],
  ['${mock port}', { kind: 'mock', part: 'port' }],
  ['${env HOME}', { kind: 'env', part: 'HOME' }],
  ['${match "a \\"b\\" }"}', { kind: 'match', name: 'a "b" }' }],
  ['${directory}', { kind: 'directory' }],
] as const) {
  test(`${text} is a reference`, () => {
    assert.deepEqual(parseTemplate(`<${text}>`), ['<', { ...reference, source: text }, '>']);
  });
}

test('text without references is one piece', () => {
  assert.deepEqual(parseTemplate('a $b {c} $ { $$ d'), ['a $b {c} $ { $$ d']);
  assert.deepEqual(parseTemplate(''), []);
});

test('$${ stands for a literal ${', () => {
  assert.deepEqual(parseTemplate('a $${mock} b $$${x}'), ['a ${mock} b $${x}']);
});

test('a value is not looked at again', () => {
  assert.equal(
    interpolate('${match "a"}!', () => '${env HOME} $${'),
    '${env HOME} $${!',
  );
});

for (const text of ['${', '${}', '${"x"}', '${mock "x}', '${mock "x" port host}', '${7}']) {
  test(`${text} is refused, with a way out`, () => {
    assert.throws(() => parseTemplate(`ab ${text}`), {
      message: /^"\$\{.*" is no reference .* at column 4 \(write \$\$\{ for a literal \$\{\)$/,
    });
  });
}

test('text that was escaped is read as itself', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'$\u007b}mock "') }));
  fc.assert(
    fc.property(text, (any) => {
      assert.equal(
        interpolate(escapeTemplate(any), () => assert.fail('there is no reference')),
        any,
      );
    }),
  );
});

test('values stand where their references stood', () => {
  // A dollar directly before a reference would make it a literal one.
  const text = fc.string().filter((any) => !any.endsWith('$'));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.string())), (pieces) => {
      const names = new Map(pieces.map(([, value], index) => [`v${index}`, value]));
      const template = pieces.map(
        ([text], index) => `${escapeTemplate(text)}\${match "v${index}"}`,
      );
      const expected = pieces.map(([text, value]) => text + value).join('');

      const filled = interpolate(template.join(''), ({ name = '' }) => names.get(name) ?? '');

      assert.equal(filled, expected);
    }),
  );
});
