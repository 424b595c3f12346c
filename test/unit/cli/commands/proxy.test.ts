import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, type TestContext, test } from 'node:test';
import { readConfigText } from '../../../../src/cli/config-file';
import { readProxyConfig } from '../../../../src/cli/proxy-config';
import { readLogLevel } from '../../../../src/cli/proxy-log';
import { proxyTable } from '../../../../src/cli/proxy-words';
import { ControlClient } from '../../../../src/control/control-client';
import { ControlServer } from '../../../../src/control/control-server';
import { runBrine } from '../run-brine';
import { temporaryFolder } from '../temporary-folder';

const top = join(__dirname, '..', '..', '..', '..');
let control: ControlServer;

before(async () => {
  control = await ControlServer.start({ port: 0 });
});
after(() => control.close());

/** A verb, told where the API is. */
function verb(...words: string[]): ReturnType<typeof runBrine> {
  return runBrine(['proxy', '-h', control.url, ...words]);
}

async function says(words: readonly string[], stdout: string | RegExp): Promise<void> {
  const run = await verb(...words);
  assert.equal(run.exitCode, 0, run.stderr);
  if (typeof stdout === 'string') assert.equal(run.stdout, stdout);
  else assert.match(run.stdout, stdout);
}

test('the verbs of toxiproxy-cli print what it prints', async () => {
  await says(['create', '-l', 'localhost:0', '-u', '127.0.0.1:9', 'a'], 'Created new proxy a\n');
  const { listen } = control.proxies.proxy('a').toJSON();
  await says(['list'], `a\t${listen}\t127.0.0.1:9\tenabled\t0\n`);
  await says(['toggle', 'a'], 'Proxy a is now disabled\n');
  await says(['tog', 'a'], 'Proxy a is now enabled\n');
  await says(
    [
      'toxic',
      'add',
      '-t',
      'latency',
      '-n',
      'l',
      '-a',
      'latency=100',
      '-a',
      'jitter=5',
      '--tox',
      '0.7',
      'a',
    ],
    "Added downstream latency toxic 'l' on proxy 'a'\n",
  );
  await says(
    ['t', 'a', 'a', '--type', 'noop', '-u'],
    "Added upstream noop toxic 'noop_upstream' on proxy 'a'\n",
  );
  await says(
    ['inspect', 'a'],
    'noop_upstream\ttype=noop\tstream=upstream\ttoxicity=1.00\tattributes=[\t]\n' +
      'l\ttype=latency\tstream=downstream\ttoxicity=0.70\tattributes=[\tjitter=5\tlatency=100\t]\n',
  );
  await says(
    ['toxic', 'update', '-n', 'l', '-a', 'jitter=25', 'a'],
    "Updated toxic 'l' on proxy 'a'\n",
  );
  const { attributes, toxicity } = control.proxies.proxy('a').toxic('l');
  assert.deepEqual(
    { attributes, toxicity },
    { attributes: { latency: 100, jitter: 25 }, toxicity: 0.7 },
  );
  await says(['toxic', 'delete', '-n', 'l', 'a'], "Removed toxic 'l' on proxy 'a'\n");
  await says(['d', 'a'], 'Deleted proxy a\n');
  await says(['ls'], '');
});

test('the verbs of our own act, and say so', async (t) => {
  const file = join(temporaryFolder(t), 'list.yaml');
  writeFileSync(
    file,
    '- { name: p, upstream: "127.0.0.1:9" }\n- { name: q, upstream: "127.0.0.1:9" }\n',
  );
  await says(['populate', file], 'Populated 2 proxies: p, q\n');
  await says(
    ['toxic', 'add', 'p', '-t', 'hold', '--both', '--for', '5s', '--trigger', '{"byte":3}'],
    /both hold/,
  );
  const [toxic] = control.proxies.proxy('p').toxics;
  assert.deepEqual(toxic?.settings.trigger, { byte: 3 });
  await says(['profile', 'p', '3g'], 'Proxy p is on 3g\n');
  await says(['heal', 'p'], 'Proxy p is enabled and has no toxics\n');
  await says(
    ['create', 'r', '-u', '127.0.0.1:9', '--toxic', '{"type":"noop"}'],
    'Created new proxy r\n',
  );
  await says(['reset'], 'Reset: all proxies are enabled and have no toxics\n');
  assert.deepEqual(control.proxies.proxy('r').toxics, []);
  await says(['server-version'], /^\d+\.\d+\.\d+\n$/);
  await says(['faults'], /^latency\tlatency, jitter, distribution, correlation$/m);
  await says(['faults', '--json'], /"type": "latency"/);
  await says(['list', '--json'], /"name": "p"/);
  await says(['inspect', 'p', '--json'], /"toxics": \[\]/);
  await says(['delete', 'q', '--json'], '{\n  "deleted": "q"\n}\n');
  await says(
    ['create', 'held', '-u', '127.0.0.1:9', '--toxic', '{"type":"never_connect"}'],
    /held/,
  );
  const held = control.proxies.proxy('held');
  const client = new (await import('node:net')).Socket().connect(held.listen.port, '127.0.0.1');
  client.on('error', () => undefined);
  await held.waitForConnection();
  await says(['connections', 'held'], /^held#1\taccepted\t127\.0\.0\.1:\d+\t-\t\d+ ms\n$/);
  await says(['connections', '--json'], /"id": "held#1"/);
  await says(['kill', 'held#1', '--how', 'reset'], 'Ended connection held#1\n');
  await once(client, 'close');
});

const refusals: readonly (readonly [words: string, exitCode: number, stderr: RegExp])[] = [
  ['inspect zzz', 1, /^proxy not found: "zzz"$/m],
  ['inspect refusd', 1, /proxy not found: "refusd" \(did you mean "refused"\?\)/],
  ['create refused -u 127.0.0.1:9', 1, /^proxy already exists$/m],
  ['create other', 2, /create needs --upstream host:port/],
  ['create other -u 127.0.0.1:9 --toxic {', 2, /--toxic must be JSON/],
  ['create', 2, /missing required argument 'name'/],
  ['toxic add refused', 2, /toxic add needs --type/],
  ['toxic add refused -t latensy', 1, /invalid toxic type: "latensy" \(did you mean "latency"\?\)/],
  [
    'toxic add refused -t latency -a latensy=1',
    2,
    /no attribute "latensy" \(did you mean "latency"\?\)/,
  ],
  ['toxic add refused -t latency -a x', 2, /--attribute must be key=value, got "x"/],
  ['toxic add refused -t noop -u -d', 2, /only one of --upstream, --downstream and --both/],
  ['toxic add refused -t noop --tox 2', 2, /--toxicity must be a number from 0 to 1, got "2"/],
  ['toxic update refused -a x=1', 2, /which toxic\? --toxicName names it/],
  ['toxic remove refused -n none', 1, /^toxic not found$/m],
  ['lisst', 2, /no command "lisst" \(did you mean "list"\?\)/],
  ['list --jsn', 2, /unknown option '--jsn'/],
  ['populate /nowhere.json', 2, /there is no such file/],
  ['kill refused#9', 1, /connection not found/],
  ['events --json extra more', 2, /too many arguments/],
  ['serve --port x', 2, /--port must be a whole number of 0 or more, got "x"/],
  ['serve --port 0 --proxy nonsense', 2, /--proxy must be \[NAME=\]LISTEN>UPSTREAM/],
  ['serve --port 0 --exit-when-idle soon', 2, /--exit-when-idle must be/],
  [
    'serve --port 0 --proxy 0.0.0.0:0>127.0.0.1:9',
    2,
    /outside loopback is not allowed; --allow-remote allows it/,
  ],
  ['serve --port 0 --proxy x>127.0.0.1:9', 2, /missing port in address/],
  ['serve --port 0 --profile 3gg', 1, /unknown profile "3gg" \(did you mean "3g"\?\)/],
];

for (const [words, exitCode, stderr] of refusals) {
  test(`brine proxy ${words} ends with ${exitCode} and says why`, async () => {
    if (control.proxies.get('refused') === undefined) {
      await control.proxies.create({ name: 'refused', upstream: '127.0.0.1:9' });
    }
    const run = words.startsWith('serve')
      ? await runBrine(['proxy', ...words.split(' ')])
      : await verb(...words.split(' '));

    assert.match(run.stderr, stderr);
    assert.equal(run.exitCode, exitCode, run.stderr);
  });
}

test('an API that is not there, or is none, is told with its address', async () => {
  const other = createServer((socket) =>
    socket.resume().end('HTTP/1.1 404 Not Found\r\n\r\nno API'),
  );
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };

  const none = await runBrine(['proxy', 'list', '-h', `127.0.0.1:${port}`]);
  other.close();
  await once(other, 'close');
  const gone = await runBrine(['proxy', '-h', `127.0.0.1:${port}/`, 'reset']);

  assert.deepEqual([none.exitCode, none.stderr], [1, 'no API\n']);
  assert.equal(gone.exitCode, 1);
  assert.equal(
    gone.stderr,
    `cannot reach http://127.0.0.1:${port}: connection refused; "brine proxy serve" starts a server\n`,
  );
});

test('the client reads events as they come', async () => {
  const client = new ControlClient(control.url);
  let text = '';
  const path = '/brine/events?after=0&type=proxy.started';
  const own = await ControlServer.start({ port: 0 });
  await own.proxies.create({ name: 'e', upstream: '127.0.0.1:9' });
  const reading = new ControlClient(own.url).stream(
    'GET',
    path,
    (part) => {
      text += part;
      void own.close();
    },
    { accept: 'application/x-ndjson', endless: true },
  );

  assert.equal(await reading, 200);
  assert.equal(JSON.parse(text).type, 'proxy.started');
  await assert.rejects(client.json('GET', '/nothing'), {
    message: '404 page not found',
    status: 404,
  });
});

test('the verb events prints events until the API ends', async () => {
  const own = await ControlServer.start({ port: 0 });
  const running = runBrine(['proxy', '-h', own.url, 'events', 'e']);
  const readers = (): Promise<string> =>
    fetch(`${own.url}/metrics`).then((answer) => answer.text());
  while (!/route="\/brine\/events"/.test(await readers()));
  await own.proxies.create({ name: 'e', upstream: '127.0.0.1:9' });
  await own.proxies.delete('e');
  await own.close();

  const { exitCode, stdout } = await running;

  assert.equal(exitCode, 0);
  const types = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).type);
  assert.deepEqual(types, ['proxy.started', 'proxy.stopped']);
});

test('a table of proxies is aligned, and says when there are none', () => {
  const proxy = { name: 'a', listen: '127.0.0.1:80', upstream: 'web:80', toxics: [] };

  assert.equal(proxyTable([]), 'no proxies');
  assert.equal(
    proxyTable([
      { ...proxy, enabled: true },
      { ...proxy, name: 'longer', enabled: false },
    ]),
    'Name    Listen        Upstream  Enabled   Toxics\n' +
      'a       127.0.0.1:80  web:80    enabled   0\n' +
      'longer  127.0.0.1:80  web:80    disabled  0',
  );
});

test('populate takes a file of our own, too', async (t) => {
  const file = join(temporaryFolder(t), 'whole.yaml');
  writeFileSync(file, 'version: 1\nproxies: [{ name: whole, upstream: "127.0.0.1:9" }]\n');

  await says(['populate', file], 'Populated 1 proxy: whole\n');
});

const environment = { PORT: '7', EMPTY: '' };

function configOf(text: string): ReturnType<typeof readProxyConfig> {
  return readProxyConfig(readConfigText(text, 'p.yaml', environment));
}

test('a file of our own is read: seed, profiles, proxies, the environment', () => {
  const config = configOf(`
version: 1
seed: 42
profiles:
  harbour: { both: [ { type: latency, attributes: { latency: 600, distribution: pareto } } ] }
  plain: [ { type: noop } ]
proxies:
  - name: db
    listen: 127.0.0.1:\${PORT}
    upstream: \${HOST:-127.0.0.1}:5432
    profile: harbour
    dialTimeout: 2s
    toxics:
      - { type: limit_data, stream: upstream, attributes: { bytes: 4096 }, connections: { first: 1 } }
`);

  assert.equal(config.seed, 42);
  assert.deepEqual(
    config.profiles['harbour']?.map(({ stream }) => stream),
    ['both'],
  );
  const [db] = config.proxies;
  assert.equal(db?.profile, 'harbour');
  assert.deepEqual([db?.options.listen, db?.options.upstream], ['127.0.0.1:7', '127.0.0.1:5432']);
});

test("Toxiproxy's list is read as it reads it", () => {
  const { proxies } = configOf('[{"Name":"a","upstream":"127.0.0.1:9","extra":1,"enabled":false}]');

  assert.deepEqual(proxies, [{ options: { name: 'a', upstream: '127.0.0.1:9', enabled: false } }]);
});

test('every problem of a file is told with its place and the nearest word', () => {
  const text = `version: 2
sed: 1
seed: -1
profiles: { x: { up: [] , both: 1 } }
proxies:
  - { name: a, upstream: "127.0.0.1:9", lisen: "127.0.0.1:0" }
  - { name: a, upstream: nowhere, profile: harbor, toxics: 1 }
  - { toxics: [ { type: latensy } ] }
  - 5
`;
  assert.throws(() => configOf(text), {
    exitCode: 2,
    message: [
      'p.yaml:2:1  sed: unknown key (did you mean "seed"?)',
      'p.yaml:1:1  version: must be 1, got 2',
      'p.yaml:3:1  seed: must be a whole number of 0 or more, got -1',
      'p.yaml:4:18  profiles.x.up: unknown key',
      'p.yaml:4:27  profiles.x.both: must be a list, got 1',
      'p.yaml:6:41  proxies[0].lisen: unknown key (did you mean "listen"?)',
      'p.yaml:7:16  proxies[1].upstream: upstream must be host:port with a port from 0 to 65535, got "nowhere" (string)',
      'p.yaml:7:52  proxies[1].toxics: must be a list, got 1',
      'p.yaml:7:35  proxies[1].profile: unknown profile "harbor"',
      'p.yaml:8:5  proxies[2]: missing required key: name',
      'p.yaml:8:5  proxies[2]: missing required key: upstream',
      'p.yaml:8:19  proxies[2].toxics[0].type: invalid toxic type (did you mean "latency"?)',
      'p.yaml:9:5  proxies[3]: must be an object, got 5',
      'p.yaml:9:5  proxies[3]: missing required key: name',
      'p.yaml:9:5  proxies[3]: missing required key: upstream',
      'p.yaml:7:5  proxies[1]: there is another proxy named "a"',
    ].join('\n'),
  });
  assert.throws(
    () => configOf('version: 1\nproxies: 5\n'),
    /p\.yaml:2:1 {2}proxies: must be a list/,
  );
  assert.throws(() => configOf('[{]'), { exitCode: 2, message: /^p\.yaml:1:\d+ {2}/ });
  assert.throws(() => configOf('[{"name":"a"}]'), /missing required field: upstream/);
  assert.throws(
    () => configOf('- { name: "${NONE}", upstream: x }'),
    /NONE is not in the environment/,
  );
});

test('LOG_LEVEL is read as Toxiproxy reads it', () => {
  assert.deepEqual(['panic', 'WARN', undefined, 'x'].map(readLogLevel), [
    'fatal',
    'warn',
    'info',
    'info',
  ]);
});

interface Served {
  readonly child: ChildProcess;
  readonly listening: {
    readonly url: string;
    readonly seed: number;
    readonly proxies: Record<string, { listen: string }>;
  };
  /** Lines of standard output so far. */
  readonly lines: string[];
  ended(): Promise<number | null>;
}

/** Starts the command as a process and waits until it listens. */
async function serve(t: TestContext, ...words: string[]): Promise<Served> {
  const main = join(top, 'src', 'cli', 'main.ts');
  const node = ['-r', './scripts/register-typescript.js', main, 'proxy', ...words];
  const child = spawn(process.execPath, node, { cwd: top, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const exit = once(child, 'close') as Promise<[number | null]>;
  child.stderr.resume();
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => lines.push(line));
  const [first] = await Promise.race([
    once(reader, 'line'),
    exit.then(() => Promise.reject(new Error('it ended'))),
  ]);
  const ended = async (): Promise<number | null> => (await exit)[0];
  return { child, listening: JSON.parse(String(first)), lines, ended };
}

test('serve runs a configuration of Toxiproxy until SIGTERM, tells its events, and ends with 0', {
  timeout: 60_000,
}, async (t) => {
  const folder = temporaryFolder(t);
  const config = join(folder, 'toxiproxy.json');
  writeFileSync(
    config,
    '[{"name":"web","listen":"127.0.0.1:0","upstream":"127.0.0.1:9","enabled":true}]',
  );
  const { child, listening, lines, ended } = await serve(
    t,
    ...['-config', config, '-port', '0', '-seed', '7'],
    ...['--capture', join(folder, 'wire.pcapng'), '--trace', join(folder, 'wire.ndjson')],
  );

  assert.equal(listening.seed, 7);
  assert.match(listening.proxies['web']?.listen ?? '', /^127\.0\.0\.1:\d+$/);
  const added = await runBrine(['proxy', '-h', listening.url, 'toxic', 'add', '-t', 'noop', 'web']);
  assert.equal(added.exitCode, 0, added.stderr);
  child.kill('SIGTERM');

  assert.equal(await ended(), 0);
  const events = lines.map((line) => JSON.parse(line).event);
  assert.equal(events[1], 'toxic.added');
  assert.equal(events.at(-1), 'stopped');
  assert.ok(existsSync(join(folder, 'wire.pcapng')));
  assert.match(readFileSync(join(folder, 'wire.ndjson'), 'utf8'), /toxic\.added/);
});

test('redis-cli speaks to redis-server through a proxy that is served', {
  timeout: 60_000,
}, async (t) => {
  if (spawnSync('redis-server', ['--version']).error !== undefined) {
    t.skip('redis-server is not installed');
    return;
  }
  const folder = temporaryFolder(t);
  const socketPort = await freePort();
  const redis = spawn(
    'redis-server',
    ['--port', String(socketPort), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  t.after(() => redis.kill('SIGKILL'));
  for await (const line of createInterface(redis.stdout)) if (/Ready to accept/.test(line)) break;
  const { child, listening, ended } = await serve(
    t,
    ...['--port', '0', '--proxy', `redis=>127.0.0.1:${socketPort}`, '--exit-when-idle', '60s'],
  );
  const port = listening.proxies['redis']?.listen.split(':')[1] ?? '';
  const ask = async (...words: string[]): Promise<string> => {
    const cli = spawn('redis-cli', ['-p', port, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [cli.stdout, cli.stderr]) stream.on('data', (part) => (text += part));
    await once(cli, 'close');
    return text.trim();
  };
  const brine = async (...words: string[]): Promise<void> => {
    const run = await runBrine(['proxy', '-h', listening.url, ...words]);
    assert.equal(run.exitCode, 0, run.stderr);
  };

  assert.equal(await ask('SET', 'k', 'hello'), 'OK');
  await brine('toxic', 'add', 'redis', '-t', 'replace', '-a', 'find=hello', '-a', 'replace=jello');
  assert.equal(await ask('GET', 'k'), 'jello');
  await brine('heal', 'redis');
  await brine('toxic', 'add', 'redis', '-t', 'reset_peer', '-n', 'cut');
  assert.match(await ask('GET', 'k'), /reset by peer|closed the connection/i);
  await brine('toxic', 'remove', 'redis', '-n', 'cut');
  assert.equal(await ask('GET', 'k'), 'hello');
  await brine('toggle', 'redis');
  assert.match(await ask('GET', 'k'), /refused/);
  child.kill('SIGINT');
  assert.equal(await ended(), 0);
});

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

test('run ends as its command does, and tells it where the proxies are', async (t) => {
  const folder = temporaryFolder(t);
  const code = `const { BRINE_URL, TOXIPROXY_URL, BRINE_PROXY_DB_1 } = process.env;
    require('node:fs').writeFileSync('seen.json', JSON.stringify({ BRINE_URL, TOXIPROXY_URL, BRINE_PROXY_DB_1 }));
    process.exit(7);`;
  const words = ['proxy', 'run', '--port', '0', '--proxy', 'db-1=>127.0.0.1:9', '--profile', '3g'];

  const run = await runBrine([...words, '--', process.execPath, '-e', code], folder);

  assert.equal(run.exitCode, 7);
  assert.equal(run.stdout, '');
  const seen = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
  assert.match(seen.BRINE_URL, /^http:\/\/localhost:\d+$/);
  assert.equal(seen.TOXIPROXY_URL, seen.BRINE_URL);
  assert.match(seen.BRINE_PROXY_DB_1, /^127\.0\.0\.1:\d+$/);
  const missing = await runBrine([...words, '--', join(folder, 'none')]);
  assert.equal(missing.exitCode, 1);
});

test('serve ends when nothing has happened for a while; a file with problems stops it unless it may not', async (t) => {
  const folder = temporaryFolder(t);
  const config = join(folder, 'p.yaml');
  writeFileSync(config, 'version: 1\nproxies:\n  - { name: a }\n');
  const words = ['proxy', 'serve', '--port', '0', '--config', config, '--exit-when-idle', '10ms'];

  const strict = await runBrine(words);
  const lenient = await runBrine([...words, '--lenient-config', '--proxy', 'b=>127.0.0.1:9']);

  assert.equal(strict.exitCode, 2);
  assert.match(strict.stderr, /p\.yaml:3:5 {2}proxies\[0\]: missing required key: upstream/);
  assert.equal(lenient.exitCode, 0, lenient.stderr);
  assert.match(lenient.stderr, /ERROR .*missing required key/);
  assert.match(lenient.stdout, /"event":"listening".*"b":/);
  const taken = await runBrine(['proxy', 'serve', '--port', String(control.port)]);
  assert.equal(taken.exitCode, 1);
  const remote = await runBrine(['proxy', 'serve', '--port', '0', '--host', '0.0.0.0']);
  assert.deepEqual(
    [remote.exitCode, remote.stderr],
    [2, 'refusing to listen on 0.0.0.0 without --allow-remote\n'],
  );
});
