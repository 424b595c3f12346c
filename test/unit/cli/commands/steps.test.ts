import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageInfo } from '../../../../src/base/package-info';
import { runBrine } from '../run-brine';
import { temporaryFolder } from '../temporary-folder';

test('brine steps lists sentences by noun, with what they do', async () => {
  const run = await runBrine(['steps']);

  assert.equal(run.exitCode, 0, run.stderr);
  assert.match(run.stdout, /^client\n/);
  assert.match(run.stdout, /^ {2}When {2}\{client\} sends \{bytes\}\n {8}writes/m);
  assert.match(run.stdout, /^listener$/m);
});

test('brine steps with words lists the sentences that hold all of them', async () => {
  const run = await runBrine(['steps', 'Listener', 'echoes']);

  assert.match(run.stdout, /a \{listener\} that echoes/);
  assert.doesNotMatch(run.stdout, /sends/);
});

test('brine steps with a word that no sentence holds is wrong usage', async () => {
  const run = await runBrine(['steps', 'zeppelin']);

  assert.equal(run.stderr, 'no step holds zeppelin\n');
  assert.equal(run.exitCode, 2);
});

test('brine steps --format json prints the completion file', async () => {
  const run = await runBrine(['steps', '--format', 'json']);

  const file = JSON.parse(run.stdout);
  assert.equal(file.brine, packageInfo().version);
  assert.ok(file.steps.some(({ id }: { id: string }) => id === 'client.sends'));
});

test('brine steps --format markdown prints the reference page', async () => {
  const run = await runBrine(['steps', '--format', 'markdown']);

  assert.match(run.stdout, /^# /);
  assert.match(run.stdout, /`\{client\} sends \{bytes\}`/);
});

test('brine steps refuses a form that it does not know', async () => {
  const run = await runBrine(['steps', '--format', 'xml']);

  assert.match(run.stderr, /Allowed choices are text, markdown, json/);
  assert.equal(run.exitCode, 2);
});

test('brine steps knows the sentences of a module that is loaded first', async (context) => {
  const folder = temporaryFolder(context);
  const catalogue = join(__dirname, '../../../../src/steps/catalogue.ts');
  writeFileSync(
    join(folder, 'own.js'),
    `require(${JSON.stringify(catalogue)}).defineSteps([{
      id: 'own.zeppelin', group: 'own', level: 'core', keyword: 'Given', expression: 'a zeppelin',
      example: 'a zeppelin', summary: 'floats', failure: '(never)', run() {},
    }]);\n`,
  );

  const run = await runBrine(['steps', 'zeppelin', '--require', 'own.js'], folder);

  assert.equal(run.stdout, 'own\n  Given a zeppelin\n        floats\n', run.stderr);
});

test('brine steps --check passes features whose steps are known', async (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'features'));
  const feature = 'Feature: f\n  Scenario: s\n    Given a listener "echo" that echoes\n';
  writeFileSync(join(folder, 'features', 'a.feature'), feature);

  const run = await runBrine(['steps', '--check'], folder);

  assert.equal(run.stdout, '1 feature, 1 scenario: every step is known\n');
  assert.equal(run.exitCode, 0);
});

test('brine steps --check tells what it found and ends with 3', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(
    join(folder, 'a.feature'),
    'Feature: f\n  Scenario: s\n    Given a listener "x" that echos\n',
  );
  writeFileSync(join(folder, 'b.feature'), '\nno feature at all\n');

  const run = await runBrine(['steps', '--check', '.'], folder);

  assert.match(
    run.stdout,
    /^a\.feature:3 no step matches "a listener "x" that echos"\n {4}near: a \{listener\} that echoes$/m,
  );
  assert.match(run.stdout, /^b\.feature:2 .*no feature at all/m);
  assert.match(run.stderr, /2 findings in 2 features, 1 scenario/);
  assert.equal(run.exitCode, 3);
});

for (const { words, said } of [
  { words: ['nowhere'], said: 'nowhere does not exist\n' },
  { words: [], said: 'features does not exist\n' },
]) {
  test(`brine steps --check ${words.join(' ')} without such a path is wrong usage`, async (context) => {
    const run = await runBrine(['steps', '--check', ...words], temporaryFolder(context));

    assert.equal(run.stderr, said);
    assert.equal(run.exitCode, 2);
  });
}
