import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageInfo } from '../../../src/base/package-info';
import { startBrine } from './run-brine';

test('the process brine prints to standard output and ends with 0', async () => {
  const run = await startBrine(['--version']);

  assert.deepEqual(run, { exitCode: 0, stdout: `${packageInfo().version}\n`, stderr: '' });
});

test('the process brine tells wrong usage on standard error and ends with 2', async () => {
  const run = await startBrine(['inti'], { TERM: 'xterm-256color' });

  assert.equal(run.stdout, '');
  assert.equal(run.stderr, "error: unknown command 'inti'\n(Did you mean init?)\n");
  assert.equal(run.exitCode, 2);
});
