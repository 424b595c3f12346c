import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStages, type StageWatcher } from '../../../scripts/stage-runner';
import type { Stage } from '../../../scripts/stages';

const silent: StageWatcher = { started() {}, printed() {}, ended() {} };

function stage(script: string, after: readonly string[] = []): Stage {
  return { script, after, covers: false };
}

const scripts = {
  fine: 'echo "2 passed, 0 failed"',
  plain: 'echo done',
  broken: 'echo oops >&2; exit 3',
  empty: 'echo "0 passed, 0 failed"',
  lying: 'echo "1 passed, 1 failed"',
};

async function verdicts(stages: readonly Stage[], watcher = silent) {
  const results = await runStages(stages, scripts, 2, watcher);
  return results.map(({ stage: { script }, verdict }) => `${script} ${verdict}`);
}

test('a stage passes when its script ends with 0', async () => {
  assert.deepEqual(await verdicts([stage('plain'), stage('fine')]), [
    'plain passed',
    'fine passed',
  ]);
});

test('a stage fails by its exit code, by a failed test and by running nothing', async () => {
  assert.deepEqual(await verdicts([stage('broken'), stage('lying'), stage('empty')]), [
    'broken failed',
    'lying failed',
    'empty failed',
  ]);
});

test('a stage whose forerunner failed is skipped, one whose forerunner passed runs', async () => {
  const list = [stage('fine', ['broken']), stage('broken'), stage('plain', ['absent', 'broken'])];

  assert.deepEqual(await verdicts(list), ['fine skipped', 'broken failed', 'plain skipped']);
  assert.deepEqual(await verdicts([stage('fine', ['plain']), stage('plain')]), [
    'fine passed',
    'plain passed',
  ]);
});

test('the output of a stage is kept, both streams, and shown line by line', async () => {
  const seen: string[] = [];
  const watcher = { ...silent, printed: (_: Stage, line: string) => seen.push(line) };

  const [result] = await runStages([stage('broken')], scripts, 1, watcher);

  assert.equal(result?.output, 'oops\n');
  assert.deepEqual(seen, ['oops']);
});

test('stages that wait for each other are an error', async () => {
  const circle = [stage('fine', ['plain']), stage('plain', ['fine'])];

  await assert.rejects(verdicts(circle), /stages wait for each other in a circle/);
});

test('a stage that package.json does not know is an error', async () => {
  await assert.rejects(verdicts([stage('missing')]), /package\.json has no script "missing"/);
});
