import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readSeen, seenLines } from '../../scripts/tls-seen-file';

test('every cell of the matrix of TLS is green, on every Node line that is written down', () => {
  const page = readFileSync('docs/tls-faults.md', 'utf8');

  assert.equal(page.includes('❌'), false);
  for (const line of seenLines) {
    const rows = readSeen(line) ?? [];
    assert.ok(rows.length > 100, `Node ${line} has ${rows.length} rows`);
    for (const { name, expect, seen } of rows) assert.deepEqual(seen, expect, name);
  }
});

test('Node lines tell the same, but for keys that one of them holds for too weak', () => {
  const [older = [], newer = []] = seenLines.map((line) => readSeen(line) ?? []);
  const differing = older.filter(({ name, seen }) => {
    const other = newer.find((row) => row.name === name)?.seen;
    return other?.client !== seen.client || other?.listener !== seen.listener;
  });

  assert.deepEqual(
    differing.map(({ name }) => name),
    ['certificate-rsa-1024', 'certificate-rsa-1024-forced'],
  );
});
