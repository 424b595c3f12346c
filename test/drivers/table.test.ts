import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allCases } from './all-cases';
import { testedVersion } from './driver-table';

test('every case of this folder is run', () => {
  const found = readdirSync(__dirname)
    .filter((name) => name.endsWith('-case.ts') && name !== 'driver-case.ts')
    .map((name) => join(__dirname, name));

  assert.deepEqual([...allCases.keys()].sort(), found.sort());
});

test('the version of the table is the one that is run', () => {
  for (const { row } of allCases.values()) {
    if (row.name === 'node') continue;
    const path = join('node_modules', row.name, 'package.json');

    assert.equal(JSON.parse(readFileSync(path, 'utf8')).version, testedVersion(row.name));
  }
});
