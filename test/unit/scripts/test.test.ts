import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

function runTests(context: TestContext, files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'brine-runner-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  // The runner of Node passes the context of a running test to its children; these are strangers.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const words = ['-r', './scripts/register-typescript.js', 'scripts/test.ts', folder];
  return spawnSync(process.execPath, words, { env, encoding: 'utf8', timeout: 60_000 });
}

const passing = "require('node:test').test('works', () => {});\n";

test('the test runner passes when every test does, and its last line is the totals', (context) => {
  const run = runTests(context, { 'a.test.ts': passing, 'b.test.ts': passing });

  assert.match(run.stdout, /\n2 passed, 0 failed\n$/);
  assert.equal(run.status, 0);
});

test('the test runner fails with the title, the place and the reason of a failed test', (context) => {
  const failing =
    "require('node:test').test('breaks', () => { throw new Error('on purpose'); });\n";

  const run = runTests(context, { 'a.test.ts': passing, 'b.test.ts': failing });

  assert.match(run.stdout, /✗ breaks\n.*b\.test\.ts\n {4}Error: on purpose/);
  assert.match(run.stdout, /\n1 passed, 1 failed\n$/);
  assert.equal(run.status, 1);
});

for (const [flaw, content] of [
  ['holds no test', ''],
  ['cannot be loaded', "require('./missing');\n"],
  ['ends the process', "require('node:test').test('x', () => {});\nprocess.exit(0);\n"],
] as const) {
  test(`the test runner fails on a file that ${flaw}`, (context) => {
    const run = runTests(context, { 'a.test.ts': passing, 'b.test.ts': content });

    assert.match(run.stdout, /\n1 passed, 1 failed\n$/);
    assert.equal(run.status, 1);
  });
}

test('the test runner fails when there is nothing to run', (context) => {
  const run = runTests(context, {});

  assert.match(run.stderr, /^no \*\.test\.ts below /);
  assert.equal(run.status, 1);
});

test('the test runner says why tests were left out, once for each reason', (context) => {
  const leftOut = ['one', 'two']
    .map((title) => `require('node:test').test('${title}', { skip: 'needs a tool' }, () => {});\n`)
    .join('');

  const run = runTests(context, { 'a.test.ts': passing, 'b.test.ts': leftOut });

  assert.equal(run.stdout.match(/skipped: needs a tool\n/g)?.length, 1);
  assert.match(run.stdout, /, 2 skipped\n1 passed, 0 failed\n$/);
  assert.equal(run.status, 0);
});
