import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { generatedPages } from '../../scripts/generated-pages';

for (const { path, text } of generatedPages()) {
  test(`${path} is what npm run docs:update writes`, () => {
    assert.equal(readFileSync(path, 'utf8'), text);
  });
}
