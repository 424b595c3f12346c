import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readSeen, seenLines } from '../../scripts/tls-seen-file';
import { acceptance } from '../conformance/tls-acceptance';

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

test('everything that two ends can do to each other under TLS has a row, and the kind it must have', () => {
  for (const [index, line] of seenLines.entries()) {
    const rows = new Map((readSeen(line) ?? []).map((row) => [row.name, row]));
    for (const { what, row, client, listener, newer } of acceptance) {
      const expected = index > 0 && newer !== undefined ? newer : { client, listener };
      const seen = rows.get(row)?.seen;
      assert.notEqual(seen, undefined, `${what}: no row ${row}`);
      for (const side of ['client', 'listener'] as const) {
        if (expected[side] === undefined) continue;
        assert.equal(seen?.[side], expected[side], `${what}, ${side}, Node ${line}`);
      }
    }
  }
});

test('every kind of failure of TLS is told by a row of the matrix', () => {
  const told = new Set(
    (readSeen(20) ?? []).flatMap(({ seen }) => [seen.client, seen.listener?.split(' ')[0]]),
  );
  const page = readFileSync('docs/tls.md', 'utf8');
  const table = /\| Code \| Kinds \|[\s\S]*?\n\n/.exec(page)?.[0] ?? '';
  const kinds = [...table.matchAll(/`([a-z-]+)`/g)].map(([, kind = '']) => kind);
  const isTold = (kind: string): boolean =>
    [...told].some((text) => text === kind || text?.startsWith(`${kind} `));

  assert.ok(kinds.length >= 29, `${kinds.length} kinds in docs/tls.md`);
  // What has no kind of its own is what nobody has met yet.
  assert.deepEqual(
    [...new Set(kinds)].filter((kind) => !isTold(kind)),
    ['tls-other'],
  );
});
