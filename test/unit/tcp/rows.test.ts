/**
 * Every row of the behaviour of Client and Listener has a test or a scenario that names it.
 *
 * A row is named in the title of a test, in a comment, or as the tag of a scenario: `(G7)`, `@DL9`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFiles } from '../repository-files';

/** Groups of rows: their letters, and the number of the last one. */
const groups: readonly (readonly [letters: string, last: number])[] = [
  ['A', 9],
  ['B', 6],
  ['C', 15],
  ['DL', 13],
  ['E', 18],
  ['F', 18],
  ['G', 10],
  ['I', 30],
  ['D', 18],
];

const rows = groups.flatMap(([letters, last]) =>
  Array.from({ length: last }, (_, at) => `${letters}${at + 1}`),
);

const here = 'test/unit/tcp/rows.test.ts';
const tests = readFiles(['test'], /\.ts$/).filter(({ path }) => path !== here);
const features = readFiles(['features'], /\.feature$/);

/** The words of a text that may be rows, also those of a range such as `G1 to G10` by its ends. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\b[A-Z]{1,2}\d{1,2}\b/g) ?? [];
}

test('every row has a test or a scenario that names it', () => {
  const named = new Set([...tests, ...features].flatMap(({ text }) => wordsOf(text)));

  assert.deepEqual(
    rows.filter((row) => !named.has(row)),
    [],
  );
});

test('every tag of a scenario that looks like a row is one', () => {
  const tags = features.flatMap(({ text }) =>
    [...text.matchAll(/(?<=^|\s)@([A-Z]{1,2}\d{1,2})\b/gm)].map((match) => match[1] ?? ''),
  );

  assert.ok(tags.length > 0);
  assert.deepEqual(
    [...new Set(tags)].filter((tag) => !rows.includes(tag)),
    [],
  );
});
