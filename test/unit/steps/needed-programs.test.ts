import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { missingPrograms } from '../../../src/steps/needed-programs';

test('programs that tags need are looked for in the folders of PATH, and only files that run count', () => {
  const folder = mkdtempSync(join(tmpdir(), 'brine-needs-'));
  try {
    writeFileSync(join(folder, 'runs'), '#!/bin/sh\n');
    chmodSync(join(folder, 'runs'), 0o755);
    mkdirSync(join(folder, 'is-a-folder'));
    const path = ['/nowhere/at/all', folder].join(delimiter);
    const tags = ['@real', '@needs(runs)', '@needs(is-a-folder)', '@needs(is-not-there)'];

    assert.deepEqual(missingPrograms(tags, path), ['is-a-folder', 'is-not-there']);
    assert.deepEqual(missingPrograms(['@real', '@needs(runs)'], path), []);
    assert.deepEqual(missingPrograms(['@needs(runs)'], ''), ['runs']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
