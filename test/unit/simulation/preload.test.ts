import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const program = `
const { setTimeout: captured } = globalThis;
const { simulatedWorld } = require(${JSON.stringify(resolve('src/simulation/world.ts'))});
(async () => {
  for (let round = 1; round <= 2; round++) {
    await simulatedWorld({ globals: 'installed' }).run(async ({ clock }) => {
      await new Promise((resolve) => captured(resolve, 3_600_000 * round));
      console.log(clock.now(), new Date().toISOString());
    });
  }
  captured(() => console.log('real'), 1);
})();
`;

test('with the preload, timers captured at load are virtual inside of worlds and real outside', {
  timeout: 60_000,
}, async () => {
  const preload = resolve('src/simulation/preload.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '-r',
    'ts-node/register',
    '-r',
    preload,
    '-e',
    program,
  ]);

  assert.deepEqual(stdout.trim().split('\n'), [
    '3600000000 2023-11-14T23:13:20.000Z',
    '7200000000 2023-11-15T00:13:20.000Z',
    'real',
  ]);
});
