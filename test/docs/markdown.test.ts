import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnchors, readBlocks, readLinks } from './markdown';
import { onItsLines } from './reader-project';

const page = [
  '# A page, with *marks* & `code`',
  '',
  '```ts',
  'const a = 1;',
  '```',
  'See [errors](errors.md#codes "why") and `[not](this.md)`.',
  '~~~',
  '[nor](that.md)',
  '```',
  '~~~',
  '1. item',
  '   ```sh title',
  '   npx brine',
  '     --help',
  '   ```',
  '## Twice',
  '## Twice',
].join('\n');

test('blocks are found with their language, their first line and their code', () => {
  assert.deepEqual(readBlocks('p.md', page), [
    { page: 'p.md', line: 4, language: 'ts', code: 'const a = 1;\n' },
    { page: 'p.md', line: 8, language: '', code: '[nor](that.md)\n```\n' },
    { page: 'p.md', line: 13, language: 'sh', code: 'npx brine\n  --help\n' },
  ]);
});

test('a block that never ends is an error', () => {
  assert.throws(
    () => readBlocks('p.md', 'x\n```ts\ncode'),
    /p\.md:2 opens a block that never ends/,
  );
});

test('links inside code are not links', () => {
  assert.deepEqual(readLinks('p.md', page), [{ page: 'p.md', line: 6, target: 'errors.md#codes' }]);
});

test('anchors are those of GitHub', () => {
  assert.deepEqual([...readAnchors(page)], ['a-page-with-marks--code', 'twice', 'twice-1']);
});

test('code keeps the lines of its page', () => {
  for (const line of [1, 2, 3, 40]) {
    const lines = onItsLines(line, 'code', 'before').split('\n');

    assert.equal(lines[line - 1], line === 1 ? 'beforecode' : 'code');
  }
});
