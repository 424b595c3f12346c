import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, manifest, packed } from './packed-project';

const files = check('tar', ['-tzf', packed()])
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => line.replace(/^package\//, ''));

test('the package holds its licence, its news and what a reader needs', () => {
  for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md', 'package.json', 'docs/steps.md']) {
    assert.ok(files.includes(file), file);
  }
});

test('the package holds no test, no script and no setting of ours', () => {
  const folders = new Set(
    files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]),
  );

  assert.deepEqual([...folders].sort(), ['dist', 'docs', 'src']);
});

test('the package holds every file that its manifest names', () => {
  const doors = Object.values(manifest.exports).flatMap((door) =>
    typeof door === 'string' ? [door] : [door.types, door.default],
  );
  const older = Object.values(manifest.typesVersions['*']).flat();

  for (const file of [
    ...doors,
    ...older,
    ...manifest.sideEffects,
    ...Object.values(manifest.bin),
  ]) {
    assert.ok(files.includes(file.replace(/^\.\//, '')), file);
  }
});

test('every source map of the package leads to a source in it', () => {
  const maps = files.filter((file) => file.endsWith('.map'));
  const sources = maps.map((file) =>
    file.replace(/^dist/, 'src').replace(/\.(js|d\.ts)\.map$/, '.ts'),
  );

  assert.ok(maps.length > 0);
  assert.deepEqual(
    sources.filter((source) => !files.includes(source)),
    [],
  );
});

test('older resolvers find the types of every door', () => {
  const doors = Object.keys(manifest.exports).filter(
    (door) => door !== '.' && !door.endsWith('.json'),
  );

  assert.deepEqual(
    Object.keys(manifest.typesVersions['*']),
    doors.map((door) => door.replace(/^\.\//, '')),
  );
});
