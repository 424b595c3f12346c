import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CaptureFile } from '../../../../src/capture/capture-file';
import { throwAwayKey } from '../../../../src/certs/throw-away';
import { mock, mockFromFile } from '../../../../src/mock/mock-builder';
import { startMock } from '../../../../src/mock/start-mock';
import { Client } from '../../../../src/tcp/client';
import { BrineProcess } from '../brine-process';
import { runBrine } from '../run-brine';
import { temporaryFolder } from '../temporary-folder';

const password = 'correct-horse';

function mail() {
  return mock('mail', { framing: 'crlf', mode: 'lenient' })
    .onConnect('220 ready')
    .when(/^EHLO /)
    .reply('250 hello')
    .when(/^PASS /)
    .reply('230 in')
    .when('QUIT')
    .reply('221 bye', { close: 'end' });
}

/** Says lines, each after a whole answer, or all at once. */
async function talk(
  address: { readonly host: string; readonly port: number },
  lines: readonly string[],
  {
    eager = false,
    secureSocket,
  }: { readonly eager?: boolean; readonly secureSocket?: object } = {},
): Promise<string> {
  const client = await Client.connect(address, secureSocket === undefined ? {} : { secureSocket });
  const heard: string[] = [];
  const hear = async (): Promise<void> => {
    heard.push(String(await client.readUntil(Buffer.from('\n'))).trim());
  };
  if (!eager) await hear();
  for (const line of lines) {
    await client.writeBytes(Buffer.from(`${line}\r\n`));
    if (eager && heard.length === 0) await hear();
    await hear();
  }
  await client.close();
  return heard.join('|');
}

test('brine mock record makes a mock that brine mock replay answers with, in any order, and hides passwords', {
  timeout: 60_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  await using server = await mail().start();
  const record = new BrineProcess(context, folder, [
    'mock',
    'record',
    '--target',
    server.address,
    '--out',
    'rec.yaml',
    '--framing',
    'crlf',
    '--redact-capture',
    '--port-file',
    'ports.json',
    '--timing',
    'recorded',
  ]);
  const { host, port } = await record.event('listening');
  const proxy = { host: String(host), port: Number(port) };
  await record.event('ready');
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'ports.json'), 'utf8')), {
    rec: `${host}:${port}`,
  });
  const login = ['EHLO me', `PASS ${password}`, 'QUIT'];
  const [first, second] = await Promise.all([
    talk(proxy, login),
    talk(proxy, ['EHLO me', 'QUIT'], { eager: true }),
  ]);
  assert.equal(first, '220 ready|250 hello|230 in|221 bye');
  assert.equal(second, '220 ready|250 hello|221 bye');
  await record.event('closed');
  await record.event('closed');
  assert.equal(await record.end('SIGINT'), 130);

  const outputs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  for (const text of [...outputs, record.stdout, record.stderr])
    assert.ok(!text.includes(password));

  const replay = new BrineProcess(context, folder, [
    'mock',
    'replay',
    'rec.pcapng',
    '--framing',
    'crlf',
    '--exit-after-script',
    '--journal',
    'journal.ndjson',
  ]);
  const { port: replayed } = await replay.event('listening');
  const mocked = { host: '127.0.0.1', port: Number(replayed) };
  const [third, fourth] = await Promise.all([
    talk(mocked, ['EHLO me', 'QUIT']),
    talk(mocked, ['EHLO me', `PASS ${'x'.repeat(password.length)}`, 'QUIT']),
  ]);
  assert.deepEqual([third, fourth], [second, first]);
  assert.equal(await replay.end(), 0);
  assert.equal((await runBrine(['mock', 'validate', 'rec.yaml'], folder)).exitCode, 0);
});

test('a greeting is one in a recording, whoever writes first', {
  timeout: 60_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  await using server = await mail().start();
  const scripts: unknown[] = [];
  for (const eager of [false, true]) {
    const out = `eager-${eager}.json`;
    const record = new BrineProcess(context, folder, [
      'mock',
      'record',
      '--target',
      server.address,
      '--out',
      out,
      '--framing',
      'crlf',
    ]);
    const { port } = await record.event('listening');
    await talk({ host: '127.0.0.1', port: Number(port) }, ['QUIT'], { eager });
    await record.event('closed');
    assert.equal(await record.end('SIGTERM'), 143);
    scripts.push(mockFromFile(join(folder, out)).toDefinition().script);
  }

  assert.deepEqual(scripts[0], [
    { send: '220 ready' },
    { expect: 'QUIT' },
    { send: '221 bye' },
    { close: 'end' },
  ]);
  assert.deepEqual(scripts[1], scripts[0]);
});

test('brine mock record ends TLS in front and speaks it behind, and records plain bytes', {
  timeout: 60_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  const { cert, key } = await throwAwayKey('ec', ['localhost', '127.0.0.1']);
  writeFileSync(join(folder, 'cert.pem'), String(cert));
  writeFileSync(join(folder, 'key.pem'), String(key));
  await using server = await startMock(
    { ...mail().toDefinition(), tls: { cert: 'cert.pem', key: 'key.pem' } },
    { folder },
  );
  const record = new BrineProcess(context, folder, [
    'mock',
    'record',
    '--target',
    server.address,
    '--out',
    'rec.script',
    '--framing',
    'crlf',
    '--tls-cert',
    'cert.pem',
    '--tls-key',
    'key.pem',
    '--ca',
    'cert.pem',
  ]);
  const { port, tls } = await record.event('listening');
  assert.equal(tls, true);
  const secureSocket = { cert: join(folder, 'cert.pem') };
  await talk({ host: '127.0.0.1', port: Number(port) }, ['EHLO me', 'QUIT'], { secureSocket });
  await record.event('closed');
  assert.equal(await record.end('SIGINT'), 130, record.stderr);

  assert.equal(
    readFileSync(join(folder, 'rec.script'), 'utf8'),
    '< "220 ready"\n> "EHLO me"\n< "250 hello"\n> "QUIT"\n< "221 bye"\n* close\n',
  );
  await using file = await CaptureFile.open(join(folder, 'rec.pcapng'));
  assert.match(file.comments.join(), /recorded in front of 127\.0\.0\.1:/);
});

test('brine mock record says when nobody came, and refuses what it cannot do', async (context) => {
  const folder = temporaryFolder(context);
  const base = ['mock', 'record', '--target', '127.0.0.1:1', '--out'];
  const nobody = await runBrine([...base, 'none.yaml', '--exit-after', '1ms'], folder);
  assert.deepEqual(
    [nobody.exitCode, nobody.stderr],
    [1, 'nobody connected: there is nothing to replay\n'],
  );
  const again = await runBrine([...base, 'none.yaml', '--exit-after', '1ms'], folder);
  assert.match(again.stderr, /none\.pcapng is there already; --force overwrites it/);
  for (const [words, text] of [
    [['a.txt'], /the suffix must be \.yaml/],
    [['a.yaml', '--listen', '0.0.0.0:0'], /--allow-remote allows it/],
    [['a.yaml', '--listen', 'here'], /--listen/],
    [['a.yaml', '--greeting', 'soon'], /--greeting must be/],
    [['a.yaml', '--redact', '('], /--redact \(: Invalid regular expression/],
    [['a.yaml', '--exit-after', 'x'], /--exit-after must be/],
  ] as const) {
    const { exitCode, stderr } = await runBrine([...base, ...words], folder);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, text);
  }
  const gone = await runBrine(
    [...base, 'x.yaml', '--listen', '192.0.2.1:0', '--allow-remote'],
    folder,
  );
  assert.equal(gone.exitCode, 1);
  assert.match(gone.stdout, /"event":"stopped"/);
});

test('brine mock convert loses nothing between scripts, files and captures', async (context) => {
  const folder = temporaryFolder(context);
  const script = '< "220 ready"\n> "QUIT"\n+15 ms < hex "00 01 02 ff"\n* close\n';
  writeFileSync(join(folder, 'a.script'), script);
  const ways = ['a.script', 'b.yaml', 'c.json', 'd.pcapng', 'e.json', 'f.script'];
  for (const [index, to] of ways.slice(1).entries()) {
    const words = [
      'mock',
      'convert',
      String(ways[index]),
      to,
      '--framing',
      'varint',
      '--timing',
      'recorded',
    ];
    const { exitCode, stderr } = await runBrine([...words, '--name', 'a'], folder);
    assert.equal(exitCode, 0, stderr);
  }

  assert.equal(readFileSync(join(folder, 'f.script'), 'utf8'), script);
  const [first, last] = ['c.json', 'e.json'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  assert.equal(last, first);
});

test('brine mock convert and replay refuse what has no such form', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'two.yaml'), 'version: 1\nmocks: [{ name: a }, { name: b }]\n');
  writeFileSync(
    join(folder, 'one.yaml'),
    'version: 1\nmocks: [{ name: a, script: [{ expect: { length: 2 } }] }]\n',
  );
  writeFileSync(join(folder, 'bad.pcapng'), 'no capture');
  writeFileSync(join(folder, 'bad.script'), '= what\n');
  for (const [words, text] of [
    [['convert', 'gone.pcapng', 'x.yaml'], /^gone\.pcapng: there is no such file/],
    [['convert', 'bad.pcapng', 'x.yaml'], /^bad\.pcapng: not a capture/],
    [['convert', 'bad.script', 'x.yaml'], /^bad\.script: .*line 1/],
    [['convert', 'two.yaml', 'x.script'], /^x\.script: this form holds one mock/],
    [
      ['convert', 'one.yaml', 'x.script'],
      /^x\.script: the script language has no words for length/,
    ],
    [['convert', 'one.yaml', 'x.pcapng'], /^x\.pcapng: a recording holds bytes, and length is not/],
    [
      ['convert', 'one.yaml', 'x.doc'],
      /^x\.doc: the suffix must be \.yaml, \.json, \.script or \.pcapng/,
    ],
    [['convert', 'one.yaml', 'two.yaml'], /^two\.yaml is there already/],
    [['replay', 'one.yaml', '--listen', 'nowhere'], /^one\.yaml: a\.listen: /],
    [['replay', 'bad.pcapng'], /^bad\.pcapng: not a capture/],
  ] as const) {
    const { exitCode, stderr } = await runBrine(['mock', ...words], folder);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, text);
  }
});
