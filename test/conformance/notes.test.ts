import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const folder = 'docs/notes';
const tests = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('test', name), 'utf8'))
  .join('\n');

for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
  test(`the note ${name} names tests that exist`, () => {
    const page = readFileSync(join(folder, name), 'utf8');
    const [, shown = ''] = page.split('Shown by:');
    const titles = [...shown.matchAll(/\*([^*]+)\*/g)].map(([, title]) => title ?? '');

    assert.notDeepEqual(titles, []);
    assert.deepEqual(
      titles.filter((title) => !tests.includes(`'${title}'`)),
      [],
    );
  });
}
