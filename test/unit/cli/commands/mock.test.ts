import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { Client } from '../../../../src/tcp/client';
import { runBrine } from '../run-brine';
import { temporaryFolder } from '../temporary-folder';

const redis = `version: 1
mocks:
  - name: redis
    framing: line
    rules:
      - { name: ping, when: PING, then: PONG }
      - { name: quit, when: QUIT, then: { close: end } }
`;

interface LifecycleEvent {
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** A running `brine mock run`, and the events that it prints. */
class MockRun {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  stderr = '';

  constructor(context: TestContext, folder: string, words: readonly string[]) {
    const main = resolve('src/cli/main.ts');
    const register = resolve('scripts/register-typescript.js');
    const args = ['-r', register, main, 'mock', 'run', ...words];
    this.child = spawn(process.execPath, args, { cwd: folder });
    context.after(() => this.child.kill('SIGKILL'));
    this.child.stderr.on('data', (text) => {
      this.stderr += text;
    });
    this.#lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  /** Waits for the next event of a name. */
  async event(name: string): Promise<LifecycleEvent> {
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done === true) throw new Error(`no event ${name}: ${this.stderr}`);
      const event = JSON.parse(value) as LifecycleEvent;
      if (event.event === name) return event;
    }
  }
}

function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

test('brine mock run tells its life, writes ports, and ends with 130 when nothing was wrong', {
  timeout: 60_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  write(folder, 'redis.yaml', redis);
  const run = new MockRun(context, folder, [
    'redis.yaml',
    '--port-file',
    'ports.json',
    '--journal',
    'journal.ndjson',
  ]);
  const { mocks } = await run.event('ready');
  const address = JSON.parse(readFileSync(join(folder, 'ports.json'), 'utf8')).redis;
  assert.deepEqual(mocks, { redis: address });

  const client = await Client.connect('127.0.0.1', Number(address.split(':')[1]));
  await client.writeBytes(Buffer.from('PING\nQUIT\n'));
  assert.equal(String(await client.readUntil(Buffer.from('\n'))), 'PONG\n');
  await client.close();
  await run.event('closed');
  run.child.kill('SIGINT');

  assert.equal((await run.event('verified'))['ok'], true);
  assert.deepEqual(await once(run.child, 'close'), [130, null]);
  const kinds = readFileSync(join(folder, 'journal.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).kind);
  assert.deepEqual(kinds.slice(0, 4), ['accept', 'frame', 'frame', 'matched']);
});

test('brine mock run ends with 3 and names the nearest rule when a frame was not expected', {
  timeout: 60_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  write(folder, 'redis.yaml', redis);
  const run = new MockRun(context, folder, ['redis.yaml', '--junit', 'junit.xml']);
  const { port } = await run.event('listening');

  const client = await Client.connect('127.0.0.1', Number(port));
  await client.writeBytes(Buffer.from('ping\nQUIT\n'));
  const { nearest } = await run.event('unmatched');
  await run.event('closed');
  await client.close();
  run.child.kill('SIGTERM');

  assert.deepEqual(await once(run.child, 'close'), [3, null]);
  assert.match(String(nearest), /^ping: bytes differ at byte 0: expected 50 "P", got 70 "p"/);
  assert.match(run.stderr, /mock "redis" received "ping" on connection 1, which no rule takes/);
  assert.match(
    readFileSync(join(folder, 'junit.xml'), 'utf8'),
    /<testsuites tests="1" failures="1">/,
  );
});

test('brine mock run takes over a file that changes, and keeps the old rules when it is wrong', {
  timeout: 60_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  write(folder, 'redis.yaml', redis);
  const run = new MockRun(context, folder, ['redis.yaml', '--watch', '--exit-after', '50s']);
  const { port } = await run.event('listening');
  await run.event('ready');
  const client = await Client.connect('127.0.0.1', Number(port));
  const ask = async (text: string): Promise<string> => {
    await client.writeBytes(Buffer.from(text));
    return String(await client.readUntil(Buffer.from('\n')));
  };

  write(folder, 'redis.yaml', redis.replace('then: PONG', 'thne: PONG'));
  const { errors } = await run.event('reload-failed');
  assert.match(
    String(errors),
    /^redis\.yaml:6:35 {2}mocks\[0\]\.rules\[0\]\.thne: unknown property \(did you mean "then"\?\)/,
  );
  assert.equal(await ask('PING\n'), 'PONG\n');

  write(folder, 'redis.yaml', redis.replace('then: PONG', 'then: pong'));
  await run.event('reloaded');
  assert.equal(await ask('PING\n'), 'pong\n');
  await client.close();
  run.child.kill('SIGTERM');
  assert.deepEqual(await once(run.child, 'close'), [143, null]);
});

test('brine mock run refuses an address that others can reach', async (context) => {
  const folder = temporaryFolder(context);
  write(
    folder,
    'open.yaml',
    redis.replace('framing: line', "framing: line\n    listen: '0.0.0.0:0'"),
  );

  const run = await runBrine(['mock', 'run', 'open.yaml'], folder);

  assert.equal(run.exitCode, 2);
  assert.match(
    run.stderr,
    /mock "redis" listens on 0\.0\.0\.0, which others can reach; --allow-remote allows it/,
  );
});

test('brine mock validate tells every mistake with its place and ends with 2', async (context) => {
  const folder = temporaryFolder(context);
  write(folder, 'good.yaml', redis);
  write(folder, 'bad.yaml', redis.replace('framing: line', 'framing: lien'));

  const good = await runBrine(['mock', 'validate', 'good.yaml'], folder);
  const bad = await runBrine(['mock', 'validate', 'bad.yaml'], folder);

  assert.deepEqual(good, { exitCode: 0, stdout: '1 mock, no mistake\n', stderr: '' });
  assert.equal(bad.exitCode, 2);
  assert.equal(
    bad.stderr,
    'bad.yaml:4:5  mocks[0].framing: unknown framing "lien" (did you mean "line"?)\n',
  );
});

test('brine mock explain says why no rule takes a frame', async (context) => {
  const folder = temporaryFolder(context);
  write(folder, 'redis.yaml', redis);

  const run = await runBrine(['mock', 'explain', 'redis.yaml', 'ping'], folder);

  assert.equal(run.exitCode, 3);
  assert.equal(
    run.stdout,
    `frame: "ping" (4 bytes), state "start", mock "redis"
  no rule matches; nearest first:
  rule "ping"  bytes differ at byte 0: expected 50 "P", got 70 "p" (equal when case is ignored)
  rule "quit"  bytes differ at byte 0: expected 51 "Q", got 70 "p"
  answer: unmatched: nothing
`,
  );
});

test('brine mock convert turns a script into a file and back', async (context) => {
  const folder = temporaryFolder(context);
  const script =
    '< "220 ready"\n> expect /^EHLO / within 2 s\n+50 ms < "250 ok"\n? > "NOOP"\n* reset\n';
  write(folder, 'mail.script', script);

  const there = await runBrine(
    ['mock', 'convert', 'mail.script', 'mail.yaml', '--framing', 'crlf'],
    folder,
  );
  const back = await runBrine(['mock', 'convert', 'mail.yaml', 'again.script'], folder);

  assert.equal(there.exitCode, 0, there.stderr);
  assert.equal(back.exitCode, 0, back.stderr);
  assert.equal(readFileSync(join(folder, 'again.script'), 'utf8'), script);
});
