import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageInfo } from '../../../src/base/package-info';
import { runBrine } from './run-brine';

test('brine --help lists every command on standard output and exits with 0', async () => {
  const run = await runBrine(['--help']);

  assert.equal(run.exitCode, 0);
  assert.match(run.stdout, /Usage: brine/);
  assert.match(run.stdout, /^ {2}init {2,}write/m);
  assert.match(run.stdout, /^ {2}steps {2,}list/m);
  assert.match(run.stdout, /Exit codes: 0 ok, 1 failure, 2 wrong usage/);
  assert.equal(run.stderr, '');
});

test('brine --version prints the version of package.json', async () => {
  const run = await runBrine(['--version']);

  assert.equal(run.stdout, `${packageInfo().version}\n`);
  assert.equal(run.exitCode, 0);
});

test('brine help names the options of the command asked for', async () => {
  const run = await runBrine(['help', 'init']);

  assert.match(run.stdout, /Usage: brine init/);
  assert.match(run.stdout, /--typescript/);
  assert.equal(run.exitCode, 0);
});

for (const { words, said } of [
  { words: ['inti'], said: /unknown command 'inti'\n\(Did you mean init\?\)/ },
  {
    words: ['init', '--typscript'],
    said: /unknown option '--typscript'\n\(Did you mean --typescript\?\)/,
  },
  { words: ['init', 'here'], said: /too many arguments/ },
  { words: [], said: /Usage: brine/ },
]) {
  test(`brine ${words.join(' ') || 'without a command'} is wrong usage`, async () => {
    const run = await runBrine(words);

    assert.match(run.stderr, said);
    assert.equal(run.stdout, '');
    assert.equal(run.exitCode, 2);
  });
}
