import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProgram } from '../../../src/steps/process-runner';
import { StartError } from '../../../src/steps/start-error';
import { isAlive, printed, start, testWorld, text, until, untilGone } from './program-under-test';

const limits = { timeout: 30_000 };

test('a program gives its output by channel, and its exit code', limits, async (t) => {
  const world = testWorld(t);
  const program = await start(world, 'sh', '-c', 'echo out; echo err >&2; exit 3');

  const end = await until(program, () => program.completeEnd);

  assert.equal(end.code, 3);
  assert.equal(end.signal, null);
  assert.ok(end.afterMs > 0);
  assert.equal(program.output.whole('stdout')?.toString(), 'out\n');
  assert.equal(program.output.whole('stderr')?.toString(), 'err\n');
  assert.equal(program.output.total('output'), 8);
});

test('a program is over only when all its output has come', limits, async (t) => {
  const world = testWorld(t);
  const script = 'process.stdout.write("x".repeat(900_000), () => process.exit())';
  const program = await start(world, process.execPath, '-e', script);

  await until(program, () => program.completeEnd);

  assert.equal(program.output.total('stdout'), 900_000);
});

test('arguments reach a program as they are', limits, async (t) => {
  const world = testWorld(t);
  const args = ['', 'a b', '"\'\\', '$HOME', '*', 'ü\n'];
  const print = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
  const program = await start(world, process.execPath, '-e', print, '--', ...args);

  await until(program, () => program.completeEnd);

  assert.deepEqual(JSON.parse(text(program)), args);
});

test('a program on Linux cannot open its output by name, but behind a pipe', limits, async (t) => {
  const world = testWorld(t);
  const script = 'echo direct > /dev/stdout; sh -c "echo inner > /dev/stdout" | cat';
  const program = await start(world, 'sh', '-c', script);

  await until(program, () => program.completeEnd);

  const direct = process.platform === 'linux' ? '' : 'direct\n';
  assert.equal(program.output.whole('stdout')?.toString(), `${direct}inner\n`);
});

test('of much output the first and the last half are kept', limits, async (t) => {
  const world = testWorld(t);
  const script = 'process.stdout.write(`first${"-".repeat(3_000_000)}last`)';
  const program = await start(world, process.execPath, '-e', script);

  await until(program, () => program.completeEnd);

  assert.equal(program.output.total('stdout'), 3_000_009);
  const [first, last] = program.output.runs('stdout').map(({ bytes }) => bytes);
  assert.equal(first?.length, 524_288);
  assert.equal(last?.length, 524_288);
  assert.ok(first?.toString().startsWith('first-'));
  assert.ok(last?.toString().endsWith('-last'));
});

test('a program that is stopped ends by SIGTERM, without force', limits, async (t) => {
  const world = testWorld(t);
  const program = await start(world, 'sleep', '300');

  const forced = await program.stop();

  assert.equal(forced, false);
  assert.equal(program.end?.signal, 'SIGTERM');
  assert.equal(isAlive(program.pid), false);
});

test('a program that ignores SIGTERM is killed', limits, async (t) => {
  const world = testWorld(t);
  const script =
    'process.on("SIGTERM", () => console.log("no")); process.stdin.resume(); console.log("up")';
  const program = await start(world, process.execPath, '-e', script);
  await printed(program, /up/);

  const forced = await program.stop();

  assert.equal(forced, true);
  assert.equal(program.end?.signal, 'SIGKILL');
  assert.match(text(program), /no/);
});

test('what a program has started ends with it, even when it ignores SIGTERM', limits, async (t) => {
  const world = testWorld(t);
  const child = '(trap "" TERM; echo child up; while :; do sleep 300; done)';
  const program = await start(world, 'sh', '-c', `${child} & echo "child $!"; exec sleep 300`);
  const [, pid] = await printed(program, /child (\d+)/);
  await printed(program, /child up/);

  const forced = await program.stop();

  assert.equal(forced, true);
  assert.equal(program.end?.signal, 'SIGTERM');
  assert.equal(isAlive(Number(pid)), false);
  assert.equal(program.group.alive, false);
});

test('a program that exits is over although others hold its output', limits, async (t) => {
  const world = testWorld(t);
  const program = await start(world, 'sh', '-c', 'sleep 300 & echo $!');

  const end = await until(program, () => program.completeEnd);

  assert.equal(end.code, 0);
  assert.equal(program.outputEnded, false);
  assert.equal(program.group.alive, true);
  assert.equal(await program.stop(), false);
  assert.equal(isAlive(Number(text(program))), false);
  assert.deepEqual(world.scope.leaks().others, []);
});

test('output of what a program left behind is still read', limits, async (t) => {
  const world = testWorld(t);
  const late = 'read line < "$0"; echo "late $line"';
  const folder = mkdtempSync(join(tmpdir(), 'brine-late-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, 'pipe');
  const program = await start(world, 'sh', '-c', `mkfifo "$1"; sh -c '${late}' "$1" &`, 'sh', pipe);
  await until(program, () => program.completeEnd);

  writeFileSync(pipe, 'word\n');

  await printed(program, /late word/);
  await until(program, () => program.outputEnded || undefined);
});

test('a process that left the group and holds the output is told', limits, async (t) => {
  const world = testWorld(t);
  const script = `
    const child = require('node:child_process').spawn('sleep', ['300'], { detached: true, stdio: 'inherit' });
    console.log(child.pid);
    child.unref();
  `;
  const program = await start(world, process.execPath, '-e', script);
  await until(program, () => program.completeEnd);

  await program.stop();

  const stranger = Number(text(program));
  assert.equal(program.heldByStranger, true);
  assert.equal(isAlive(stranger), true);
  process.kill(stranger, 'SIGKILL');
  await untilGone(stranger);
});

test('a frozen program can be stopped without force', limits, async (t) => {
  const world = testWorld(t);
  const program = await start(world, 'sleep', '300');
  program.signal('SIGSTOP');

  assert.equal(await program.stop(), false);
});

test('a signal to a program that is gone reaches nobody', limits, async (t) => {
  const world = testWorld(t);
  const program = await start(world, 'true');
  await until(program, () => program.completeEnd);

  assert.equal(program.signal('SIGTERM'), false);
  assert.equal(await program.stop(), false);
});

test('stdin takes bytes, and its end', limits, async (t) => {
  const world = testWorld(t);
  const program = await start(world, 'cat');

  assert.equal(await program.write(Buffer.from('a\0b'), 10_000), 'taken');
  await printed(program, /a\0b/);
  assert.equal(program.takesInput, true);
  program.endInput();
  const end = await until(program, () => program.completeEnd);

  assert.equal(end.code, 0);
  assert.equal(program.takesInput, false);
});

test('bytes for a program that does not read wait until the limit', limits, async (t) => {
  const world = testWorld(t);
  const program = await start(world, 'sleep', '300');

  assert.equal(await program.write(Buffer.alloc(4_000_000), 50), 'waiting');
});

test('bytes for a program that closed its stdin are refused', limits, async (t) => {
  const world = testWorld(t);
  const program = await start(world, 'sh', '-c', 'exec 0<&-; echo closed; exec sleep 300');
  await printed(program, /closed/);

  assert.equal(await program.write(Buffer.from('x'), 10_000), 'refused');
});

test('bytes for a program that dies meanwhile are refused', limits, async (t) => {
  const world = testWorld(t);
  const program = await start(world, 'sleep', '300');

  const writing = program.write(Buffer.alloc(4_000_000), 20_000);
  await program.kill();

  assert.equal(await writing, 'refused');
});

test('a world that ends kills its programs and what they started', limits, async (t) => {
  const world = testWorld(t);
  const program = await start(world, 'sh', '-c', 'sleep 300 & echo $!; wait');
  const [pid] = await printed(program, /\d+/);
  assert.deepEqual(world.scope.leaks().others, [`command (process ${program.pid})`]);

  await world.scope[Symbol.asyncDispose]();

  await untilGone(Number(pid));
  assert.equal(isAlive(program.pid), false);
  assert.deepEqual(world.scope.leaks().others, []);
});

test('many programs leave no listener on the process', limits, async (t) => {
  const world = testWorld(t);
  const events = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'beforeExit'];
  const listeners = () => events.map((event) => process.listenerCount(event));
  const before = listeners();

  const programs = await Promise.all(
    Array.from({ length: 15 }, () => start(world, 'sleep', '300')),
  );
  const meanwhile = listeners();
  await Promise.all(programs.map((program) => program.kill()));

  assert.deepEqual(meanwhile, [(before[0] ?? 0) + 1, ...before.slice(1)]);
  assert.deepEqual(listeners(), before);
});

const folder = mkdtempSync(join(tmpdir(), 'brine-start-'));
test.after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'brine-plain'), 'no program');
writeFileSync(join(folder, 'brine-script'), '#!/no/such/interpreter\n');
chmodSync(join(folder, 'brine-script'), 0o755);

for (const [what, file, reason, hints] of [
  [
    'a name that is in no folder of PATH',
    'no-such-x',
    '"no-such-x" not found (looked in the folders of PATH)',
    [],
  ],
  ['a path where nothing is', './x', `"./x" not found (looked for ${folder}/x)`, []],
  ['a folder', folder, `"${folder}" is a folder (${folder})`, []],
  [
    'a file that is not executable',
    './brine-plain',
    `"./brine-plain" is not executable (${folder}/brine-plain)`,
    [],
  ],
  [
    'a script without its interpreter',
    './brine-script',
    `"./brine-script" needs an interpreter, named in its first line, that was not found (${folder}/brine-script)`,
    [],
  ],
  [
    'a bare name that its folder has',
    'brine-script',
    '"brine-script" not found (looked in the folders of PATH)',
    ['the folder it starts in has one: write ./brine-script'],
  ],
  ['an empty name', '', 'the name of the program is empty', []],
] as const) {
  test(`${what} cannot be started, and the text says why`, limits, async (t) => {
    const world = testWorld(t);
    const options = {
      label: 'command "x"',
      file,
      args: [],
      directory: folder,
      environment: { PATH: '/usr/bin:/bin' },
    };

    await assert.rejects(startProgram(world, options), (error) => {
      assert.ok(error instanceof StartError);
      assert.equal(error.message, `command "x" could not start: ${reason}`);
      assert.deepEqual(error.hints, hints);
      return true;
    });
    assert.deepEqual(world.scope.leaks().others, []);
  });
}

test('a folder that does not exist is not taken for a missing program', limits, async (t) => {
  const world = testWorld(t);
  const directory = join(folder, 'gone');
  const options = { label: 'command', file: 'sh', args: [], directory, environment: {} };

  await assert.rejects(startProgram(world, options), {
    message: `command could not start: the folder ${directory} does not exist`,
  });
});

test('arguments with a NUL, and arguments without measure, cannot be passed', limits, async (t) => {
  const world = testWorld(t);

  await assert.rejects(
    start(world, 'true', 'a\0b'),
    /^StartError: command could not start: .*null/s,
  );
  await assert.rejects(start(world, 'true', 'x'.repeat(4_000_000)), {
    message: 'command could not start: its arguments and environment are too long for the system',
  });
});
