/** That every code has a heading, and every heading a code, is held by test/unit/house.test.ts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { errorCodes } from '../../src/base/error-codes';
import { readAnchors } from './markdown';

const page = 'docs/errors.md';
const text = readFileSync(page, 'utf8');

/** The rows of the table at the top: code, anchor, phases and meaning. */
const rows = [...text.matchAll(/^\| \[([A-Z_]+)\]\(#(\w+)\) \| (.+?) \| (.+) \|$/gm)].map(
  ([, code = '', anchor = '', phases = '', meaning = '']) => ({ code, anchor, phases, meaning }),
);

/** The sections of codes, by heading, in their order. */
const sections = text
  .split(/^## /m)
  .map((section) => ({ code: /^[A-Z_]+$/m.exec(section.split('\n')[0] ?? '')?.[0], section }))
  .flatMap(({ code, section }) => (code === undefined ? [] : [{ code, section }]));

test(`the table of ${page} says what the table of codes says, in its order`, () => {
  assert.deepEqual(
    rows.map(({ code, phases, meaning }) => [code, phases, meaning]),
    Object.entries(errorCodes).map(([code, { phases, when }]) => [
      code,
      phases.map((phase) => `\`${phase}\``).join(', '),
      when,
    ]),
  );
});

test(`the sections of ${page} stand in the order of its table, and each row leads to its own`, () => {
  assert.deepEqual(
    sections.map(({ code }) => code),
    rows.map(({ code }) => code),
  );
  const anchors = readAnchors(text);
  for (const { code, anchor } of rows) {
    assert.equal(anchor, code.toLowerCase());
    assert.ok(anchors.has(anchor), `no heading for #${anchor}`);
  }
});

for (const { code, section } of sections) {
  test(`${page} tells of ${code} when it is raised, what is still true, and what to do`, () => {
    const parts = [...section.matchAll(/^\*\*(When|Still true|Do)\.\*\* \S/gm)];

    assert.deepEqual(
      parts.map(([, part]) => part),
      ['When', 'Still true', 'Do'],
    );
  });
}
