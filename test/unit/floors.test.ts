import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Rule {
  readonly name: string;
  readonly to: { readonly pathNot?: readonly string[] };
}

const rules: readonly Rule[] = require('../../.dependency-cruiser.cjs').forbidden;

/** Folder → folders it may import, read back from the rules that are enforced. */
const enforced = new Map(
  rules
    .filter(({ name }) => name.startsWith('floor-'))
    .map(({ to: { pathNot = [] } }) => {
      const [own = '', ...allowed] = pathNot.map(
        (pattern) => /^\^src\/([\w/]+)\//.exec(pattern)?.[1] ?? '',
      );
      return [own, allowed.filter(isRoom)] as const;
    }),
);

/** A folder with source in it; the rules name folders that may come as well. */
function isRoom(folder: string): boolean {
  return (
    existsSync(`src/${folder}`) && readdirSync(`src/${folder}`).some((name) => name.endsWith('.ts'))
  );
}

/** The same, from the page. */
const written = new Map(
  [
    ...readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| \d+ \| `([\w/]+)` \| (.+) \|$/gm),
  ].map(
    ([, folder = '', allowed = '']) =>
      [folder, [...allowed.matchAll(/`([\w/]+)`/g)].map((match) => match[1] ?? '')] as const,
  ),
);

test('docs/architecture.md has a row for every folder of src/', () => {
  const folders = ['src', 'src/network'].flatMap((parent) =>
    readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${parent}/${name}`.replace('src/', ''))
      .filter(isRoom),
  );

  assert.deepEqual([...written.keys()].sort(), folders.sort());
});

for (const [folder, allowed] of written) {
  test(`the floor of ${folder} is the one that is enforced`, () => {
    assert.deepEqual([...allowed].sort(), [...(enforced.get(folder) ?? [])].sort());
  });
}
