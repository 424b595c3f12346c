import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { allBlocks, pages, readAnchors, readLinks } from './markdown';

/** What has a runner, and `text` for what must not run. */
const languages = ['ts', 'js', 'gherkin', 'sh', 'json', 'yaml', 'text'];

test('every fenced block names a language that runs, or says text', () => {
  const wrong = allBlocks()
    .filter(({ language }) => !languages.includes(language))
    .map(({ page, line, language }) => `${page}:${line - 1} ${language || 'without a language'}`);

  assert.deepEqual(wrong, []);
});

for (const page of pages()) {
  test(`every relative link of ${page} leads somewhere`, () => {
    const dead = readLinks(page, readFileSync(page, 'utf8'))
      .filter(({ target }) => !/^[a-z]+:/.test(target))
      .filter(({ target }) => !leadsSomewhere(page, target))
      .map(({ line, target }) => `${page}:${line} ${target}`);

    assert.deepEqual(dead, []);
  });
}

for (const { page, line, code } of allBlocks().filter(({ language }) => language === 'json')) {
  test(`the json at ${page}:${line} can be parsed`, () => {
    JSON.parse(code);
  });
}

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (!existsSync(file)) return false;
  if (anchor === undefined) return true;
  return statSync(file).isFile() && readAnchors(readFileSync(file, 'utf8')).has(anchor);
}
