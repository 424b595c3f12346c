import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { ProcessGroup } from '../../../src/steps/process-group';
import { type GuardPipe, guardScript, ProcessGuard } from '../../../src/steps/process-guard';
import { isAlive, untilGone } from './program-under-test';

const limits = { timeout: 60_000 };

/** Starts a runner that starts programs; gives it and the ids of their processes. */
async function startRunner(how: string): Promise<{ runner: ChildProcess; pids: number[] }> {
  const program = join(__dirname, 'ending-runner.ts');
  const runner = spawn(process.execPath, ['-r', './scripts/register-typescript.js', program, how], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(runner.stdout ?? runner, 'data');
  return { runner, pids: JSON.parse(String(line)) };
}

for (const how of ['exit', 'throw', 'SIGINT', 'SIGTERM', 'SIGKILL', 'unguarded']) {
  test(`a runner that ends by ${how} leaves no program behind`, limits, async () => {
    const { runner, pids } = await startRunner(how);

    if (how.startsWith('SIG')) runner.kill(how as NodeJS.Signals);
    if (runner.exitCode === null && runner.signalCode === null) await once(runner, 'exit');

    if (how.startsWith('SIG')) assert.equal(runner.signalCode, how);
    assert.ok(pids.length > 0);
    for (const pid of pids) await untilGone(pid);
  });
}

/** A guard whose pipe the test holds. */
function startGuard(): { readonly shell: ChildProcess; readonly pipe: GuardPipe } {
  const shell = spawn('/bin/sh', ['-c', guardScript], { stdio: ['pipe', 'ignore', 'ignore'] });
  return {
    shell,
    pipe: {
      get open() {
        return shell.exitCode === null && shell.signalCode === null;
      },
      write: (line) => void shell.stdin?.write(line),
    },
  };
}

function startGroup(): { readonly child: ChildProcess; readonly group: ProcessGroup } {
  const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
  return { child, group: new ProcessGroup(child.pid ?? 0) };
}

test(
  'a guard ends the groups it was told of, but for those that were taken back',
  limits,
  async () => {
    const { shell, pipe } = startGuard();
    const guard = new ProcessGuard(() => pipe);
    const [first, second, third] = [startGroup(), startGroup(), startGroup()];
    guard.prepare();
    for (const { group } of [first, second, third]) guard.add(group);
    guard.remove(second.group);

    shell.stdin?.end();
    await Promise.all([once(first.child, 'exit'), once(third.child, 'exit'), once(shell, 'exit')]);

    assert.equal(first.child.signalCode, 'SIGTERM');
    assert.equal(third.child.signalCode, 'SIGTERM');
    assert.equal(second.group.alive, true);
    second.group.signal('SIGKILL');
    await once(second.child, 'exit');
    assert.equal(second.group.alive, false);
    guard.remove(first.group);
    guard.remove(third.group);
  },
);

test('a guard that knows of nothing ends at once', limits, async () => {
  const { shell } = startGuard();

  shell.stdin?.end();
  const [code] = await once(shell, 'exit');

  assert.equal(code, 0);
});

test('a guard that died is replaced, and the new one is told of what runs', limits, async () => {
  const guards: ReturnType<typeof startGuard>[] = [];
  const guard = new ProcessGuard(() => {
    const started = startGuard();
    guards.push(started);
    return started.pipe;
  });
  const { child, group } = startGroup();
  guard.prepare();
  guard.add(group);
  guards[0]?.shell.kill('SIGKILL');
  await once(guards[0]?.shell ?? child, 'exit');

  guard.prepare();
  guards[1]?.shell.stdin?.end();
  await once(child, 'exit');

  assert.equal(guards.length, 2);
  assert.equal(child.signalCode, 'SIGTERM');
  guard.remove(group);
});

test('a group is alive while any member is', limits, async () => {
  const child = spawn('sh', ['-c', 'sleep 300 & exit 0'], { detached: true, stdio: 'ignore' });
  const group = new ProcessGroup(child.pid ?? 0);
  await once(child, 'exit');

  assert.equal(isAlive(group.id), false);
  assert.equal(group.alive, true);
  assert.equal(group.signal('SIGKILL'), true);
  while (group.alive) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(group.signal('SIGKILL'), false);
});
