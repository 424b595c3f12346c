import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageInfo } from '../../../src/base/package-info';

test('the package knows its own name and version', () => {
  const manifest = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8'));

  assert.deepEqual(packageInfo(), { name: 'brine', version: manifest.version });
});
