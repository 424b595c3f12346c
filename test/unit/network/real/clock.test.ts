import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mock, test } from 'node:test';
import { promisify } from 'node:util';
import { RealClock } from '../../../../src/network/real/clock';
import { createScope } from '../../../../src/network/world/scope';

/** What a program prints that gets a world and then has nothing else to do. */
async function printedBy(program: string): Promise<string> {
  const code = `
    const { realWorld } = require('./src/network/real/world');
    const { clock } = realWorld();
    process.on('exit', () => console.log('exit'));
    ${program}`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '-r',
    './scripts/register-typescript.js',
    '-e',
    code,
  ]);
  return stdout.trim().replaceAll('\n', ', ');
}

test('a timer does not keep the process alive', { timeout: 60_000 }, async () => {
  assert.equal(
    await printedBy(`
      clock.after(60_000_000, () => console.log('ran'));
      clock.deadline('1 h');`),
    'exit',
  );
});

test('a timer that holds keeps the process alive until it ran', { timeout: 60_000 }, async () => {
  assert.equal(
    await printedBy(`clock.after(5_000, () => console.log('ran'), 'grace', { hold: true });`),
    'ran, exit',
  );
});

test('a sleep keeps the process alive until it is over', { timeout: 60_000 }, async () => {
  assert.equal(await printedBy(`clock.sleep(5).then(() => console.log('slept'));`), 'slept, exit');
});

test('a clock runs on when a test runner has put its own timers in place', async () => {
  const clock = new RealClock(createScope('world'));
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const before = clock.now();
    await clock.sleep(2);

    assert.equal(clock.now() - before >= 2_000, true);
  } finally {
    mock.timers.reset();
  }
});

test('a restart with a later time takes no new timer of Node', () => {
  const scope = createScope('world');
  const clock = new RealClock(scope);
  const count = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const timer = clock.after(60_000_000, () => undefined, 'idle', { hold: true });
  const before = count();

  for (let round = 0; round < 1_000; round++) timer.restart();

  assert.equal(count(), before);
  assert.equal(scope.leaks().timers.length, 1);
  timer.cancel();
  assert.equal(count(), before - 1);
});
