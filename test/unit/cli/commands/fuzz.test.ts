import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { describeProgress } from '../../../../src/cli/fuzz-progress';
import { Listener } from '../../../../src/tcp/listener';
import { runBrine } from '../run-brine';
import { temporaryFolder } from '../temporary-folder';

/** A module with an echo server; `answer` is what it answers with. */
const moduleOf = (answer: string): string => `
const { Listener } = require(${JSON.stringify(resolve('src/index.ts'))});
exports.features = { echo: true };
exports.createServer = async (world) => {
  const listener = new Listener(0, { world }).attach(() => ({ onBytes: (data) => ${answer} }));
  const { host, port } = await listener.start();
  return { host, port, close: async () => void (await listener.immediateStop()) };
};
`;

const buggy = moduleOf('data[0] === 0x0a ? data.subarray(0, 1) : data');
const quick = ['--runs', '300', '--seed', '1', '--world', 'simulated'];

test('brine fuzz ends with 3 and the smallest case, which brine replay runs again', {
  timeout: 120_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'server.cjs'), buggy);

  const words = [
    'fuzz',
    '--module',
    'server.cjs',
    '--property',
    'P2',
    '--json',
    'out.json',
    ...quick,
  ];
  const found = await runBrine(words, folder);
  const [file = ''] = readdirSync(join(folder, '.brine', 'failures'));
  const again = await runBrine(['replay', join('.brine', 'failures', file)], folder);
  writeFileSync(join(folder, 'server.cjs'), moduleOf('data'));
  const mended = join(folder, 'mended.cjs');
  writeFileSync(mended, moduleOf('data'));
  const holds = await runBrine(
    ['replay', join('.brine', 'failures', file), '--module', 'mended.cjs'],
    folder,
  );

  assert.equal(found.exitCode, 3, found.stderr);
  assert.match(found.stdout, /^✗ P2 completeness +\d+ runs, \d+ different, \d+ ms, seed 1\n/);
  assert.match(found.stdout, /P2 completeness does not hold for server\.cjs: /);
  const [result] = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'));
  assert.equal(result.failure.stored.target, 'server.cjs');
  assert.equal(again.exitCode, 3, again.stderr);
  assert.equal(holds.exitCode, 0, holds.stderr);
  assert.match(holds.stdout, /^✓ P2 completeness +1 runs/);
});

test('brine fuzz meets a server that runs already', { timeout: 60_000 }, async (context) => {
  const listener = new Listener(0).attach(() => ({ onBytes: (data) => data }));
  const { port } = await listener.start();
  context.after(() => listener.immediateStop());

  const { exitCode, stdout, stderr } = await runBrine(
    [
      'fuzz',
      `127.0.0.1:${port}`,
      '--echo',
      '--property',
      'isolation',
      '--runs',
      '3',
      '--no-database',
    ],
    temporaryFolder(context),
  );

  assert.equal(exitCode, 0, stdout + stderr);
  assert.match(stdout, /^✓ P14 isolation +3 runs, \d+ ms, seed \d+\n/);
});

test('brine fuzz and replay refuse what they cannot run, and say what there is', {
  timeout: 60_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'server.cjs'), moduleOf('data'));
  writeFileSync(join(folder, 'empty.cjs'), '');
  writeFileSync(join(folder, 'broken.cjs'), 'throw new Error("not today")');
  const problem = async (...words: readonly string[]): Promise<string> => {
    const { exitCode, stderr } = await runBrine(words, folder);
    assert.equal(exitCode, 2);
    return stderr.trimEnd();
  };

  assert.equal(await problem('fuzz'), 'name one target: host:port, or --module');
  assert.match(await problem('fuzz', 'nonsense'), /^target must be host:port/);
  assert.match(
    await problem('fuzz', 'example.com:80'),
    /^example\.com:80 is not of this machine: /,
  );
  assert.equal(await problem('fuzz', '--module', 'no.cjs'), 'there is no module "no.cjs"');
  assert.equal(
    await problem('fuzz', '--module', 'empty.cjs'),
    'empty.cjs exports neither createServer nor createClient nor properties',
  );
  assert.equal(
    await problem('fuzz', '--module', 'broken.cjs'),
    'could not load broken.cjs: not today',
  );
  assert.match(
    await problem('fuzz', '--module', 'server.cjs', '--property', 'P99'),
    /^no property "P99" fits server\.cjs; there are P1 prefix, P2 completeness, /,
  );
  assert.match(
    await problem('fuzz', '--module', 'server.cjs', '--shard', '3/2'),
    /^shard\.index must be at most 2/,
  );
  assert.equal(await problem('replay', 'no.json'), 'there is no case "no.json"');
  assert.equal(
    await problem('replay', 'BRINE=v1:abc'),
    'the replay token is not whole: copy all of it',
  );
});

test('progress is a bar with share, rate and what is new', () => {
  const text = describeProgress('echo', {
    property: 'P3',
    runs: 300,
    share: 0.5,
    runsPerSecond: 612.4,
    traces: 298,
    shrinking: { steps: 4 },
  });

  assert.equal(
    text,
    'P3 echo  ████████░░░░░░░░  50 %  300 runs  612/s  298 different  making it smaller: step 4',
  );
});
