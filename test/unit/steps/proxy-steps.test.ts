import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CaptureFile } from '../../../src/capture/capture-file';
import { listeners } from '../../../src/steps/scenario-listener';
import { proxies } from '../../../src/steps/scenario-proxy';
import { steady } from '../../support/scripted-peer';
import { openScenario, type SpokenScenario } from './spoken-scenario';

const quick = { timeout: 200, quiet: 20 } as const;

/** A scenario with an echo and a proxy before it. */
async function withProxy(context: Parameters<typeof openScenario>[0]): Promise<SpokenScenario> {
  const scenario = await openScenario(context, quick);
  await scenario.say('a listener "echo" that echoes');
  await scenario.say('a proxy "flaky" in front of the listener "echo"');
  return scenario;
}

test('a proxy needs something that listens, and a name of its own', async (context) => {
  const { say, failure } = await withProxy(context);

  assert.match(
    await failure('a proxy "x" in front of the listener "eco"'),
    /^there is no listener "eco" \(did you mean "echo"\? this scenario has: "echo"\)/,
  );
  assert.match(
    await failure('a proxy "x" in front of the mock "mail"'),
    /^there is no mock "mail" \(this scenario has no mock yet\)/,
  );
  assert.equal(
    await failure('a proxy "flaky" in front of 127.0.0.1:1'),
    'proxy "flaky" already exists (defined at x.feature:4)',
  );
  await say('a proxy in front of the listener');
  assert.match(await failure('the proxy "flakey" heals'), /^there is no proxy "flakey"/);
});

test('a proxy is asked about its own server only', async (context) => {
  const { say, failure } = await withProxy(context);
  await say('a listener "other" on any free port');

  assert.equal(
    await failure('client connects to the listener "other" through the proxy "flaky"'),
    'proxy "flaky" is in front of listener "echo", not of listener "other"',
  );
});

test('a proxy says how it stands when it is to go down or come back', async (context) => {
  const { say, failure } = await withProxy(context);

  assert.equal(await failure('the proxy comes back'), 'proxy "flaky" is not down');
  await say('the proxy goes down');
  assert.equal(await failure('the proxy goes down'), 'proxy "flaky" is down already');
});

test('a port that was taken while a proxy was down is told with who has it', async (context) => {
  const { world, say, failure } = await withProxy(context);
  const { port } = proxies(world).get({ name: 'flaky' }).proxy.listen;
  await say('the proxy goes down');
  await say(`a listener "thief" on port ${port}`);

  const text = await failure('the proxy comes back');

  assert.match(
    text,
    /^proxy "flaky" could not come back: .*\(listener "thief" of this scenario holds it\)/,
  );
});

test('a connection to a proxy that is down is refused by name', async (context) => {
  const { say, failure } = await withProxy(context);
  await say('the proxy goes down');

  assert.match(
    await failure('client connects to the proxy'),
    /^client could not connect to proxy "flaky": connection refused/,
  );
});

test('a count of bytes that is wrong is told connection by connection', async (context) => {
  const { say, failure } = await withProxy(context);
  await say('the proxy drops 100% of the chunks upstream');
  await say('client connects to the proxy');
  await say('client sends "PING"');

  const text = await failure('the proxy carried 4 bytes upstream');

  assert.match(text, /^proxy "flaky" carried 0 bytes upstream, expected 4 bytes\n/);
  assert.match(text, /\n {2}flaky#1: 4 bytes came, 0 bytes went on\n/);
  assert.equal(
    await failure('the proxy carried 4 bytes both directions'),
    'bytes are carried upstream or downstream',
  );
});

test('a failure behind a proxy shows both of its sides', async (context) => {
  const { say, failure } = await withProxy(context);
  await say('the proxy "flaky" replaces "PING" with "PONG" upstream');
  await say('client connects to the proxy "flaky"');
  await say('client sends "PING"');

  const text = steady(await failure('client receives exactly "PING"'));

  assert.match(text, /\[1\] > "PING"/);
  assert.match(text, /\[2\] > "PONG"/);
  assert.match(text, /fault "replace_upstream \\"PING\\" changed on flaky#1"/);
});

test('a proxy before a proxy is shown from end to end', async (context) => {
  const { world, say, failure } = await withProxy(context);
  const { port } = proxies(world).get({ name: 'flaky' }).proxy.listen;
  await say(`a proxy "outer" in front of 127.0.0.1:${port}`);
  await say('client connects to the proxy "outer"');
  await say('client sends "PING"');

  const text = await failure('client receives exactly "PONG"');

  for (const number of [1, 2, 3]) assert.ok(text.includes(`[${number}] > "PING"`), text);
  assert.equal(proxies(world).get({ name: 'outer' }).upstream, 'proxy "flaky"');
});

test('how often a fault acted is counted by its name and by its kind', async (context) => {
  const { say, failure } = await withProxy(context);
  await say('the proxy has the fault "drop":', [['name', 'lost']]);
  await say('client connects to the proxy');
  await say('client sends "PING"');

  await say('the proxy used the fault "lost" once');
  await say('the proxy used the fault "drop" at least 1 times');
  assert.match(
    await failure('the proxy used the fault "drop" never'),
    /^the fault "drop" of proxy "flaky" acted on 1 of 1 connection, expected never\n/,
  );
  assert.equal(
    await failure('the proxy used the fault "dropp" once'),
    'proxy "flaky" never had a fault "dropp"',
  );
});

const mistakes: readonly (readonly [
  sentence: string,
  below: string | readonly (readonly string[])[] | undefined,
  message: RegExp,
])[] = [
  [
    'the proxy delays downstream by 1 ms with 2 ms of jitter',
    undefined,
    /^2 ms of jitter is more than the delay of 1 ms$/,
  ],
  [
    'the proxy delays downstream by 250 us',
    undefined,
    /^a proxy delays by whole milliseconds, got 0.25 ms$/,
  ],
  ['the proxy limits upstream to 0 B/s', undefined, /rate must be a rate above 0/],
  ['the proxy drops 101% of the chunks upstream', undefined, /^101% is more than everything/],
  ['the proxy flips bit 8 of byte 0 downstream', undefined, /^bit must be 0 to 7, got 8$/],
  ['the proxy flips bit 0 of byte -1 downstream', undefined, /^byte must be 0 or more, got -1$/],
  [
    'the proxy replaces "" with "x" downstream',
    undefined,
    /^the bytes to replace must not be empty$/,
  ],
  [
    'the proxy half-closes both directions after 1 byte',
    undefined,
    /^a half-close has one direction$/,
  ],
  [
    'the proxy slices upstream into 0 byte pieces',
    undefined,
    /^proxy "flaky" cannot have the fault "segments": .*size/,
  ],
  [
    'the proxy has the fault "latancy"',
    undefined,
    /^proxy "flaky" cannot have the fault "latancy": invalid toxic type \(did you mean "latency"\?\)/,
  ],
  [
    'the proxy has the fault "reset":',
    [['trigger.bytes', '3']],
    /invalid trigger: unknown key "bytes" \(did you mean "byte"\?\)/,
  ],
  [
    'the proxy has the fault "reset":',
    [['a', 'b', 'c']],
    /^a fault has two columns, a key and its value, got 3$/,
  ],
  [
    'the proxy has the fault "reset":',
    [
      ['after', '1'],
      ['after', '2'],
    ],
    /^"after" is given twice$/,
  ],
  ['the proxy has the fault "reset":', [['connections.numbers', '[1']], /^\[1 is no JSON: /],
  ['the proxy has the faults:', '{', /^the faults are no JSON: /],
  ['the proxy has the faults:', '[1]', /^a fault is an object, got 1$/],
  [
    'the proxy has the faults:',
    '{ "type": "noop", "toxicity": 2 }',
    /cannot have the fault "noop": invalid toxicity/,
  ],
  [
    'the proxy stalls after the certificate',
    undefined,
    /^a proxy cannot see the certificate phase of TLS; use the listener or the mock$/,
  ],
  ['the proxy resets after the first data', undefined, /^a proxy cannot see the first data of TLS/],
  [
    'the proxy swaps TLS records 2 and 4 downstream',
    undefined,
    /^records must be neighbours, got 2, 4$/,
  ],
  [
    'the proxy drops TLS record 0 downstream',
    undefined,
    /message must be a whole number of 1 or more, got 0/,
  ],
  [
    'the proxy sends the TLS alert "handshake_failed" after the client hello',
    undefined,
    /^unknown TLS alert "handshake_failed" \(did you mean "handshake_failure"\?\)/,
  ],
  [
    'the proxy changes the fault "latency":',
    [['latency', '1']],
    /^proxy "flaky" has no fault "latency" \(it has none\)$/,
  ],
  [
    'the proxy behaves like a "4h" network',
    undefined,
    /^proxy "flaky" cannot have the fault "4h": unknown profile "4h" \(did you mean "4g"\?\)/,
  ],
];

for (const [sentence, below, message] of mistakes) {
  test(`"${sentence}" ${JSON.stringify(below) ?? ''} fails with ${message}`, async (context) => {
    const { failure } = await withProxy(context);

    assert.match(await failure(sentence, below), message);
  });
}

test('a change keeps what it does not tell, and never the name', async (context) => {
  const { world, say, failure } = await withProxy(context);
  await say('the proxy has the fault "latency":', [
    ['name', 'slow'],
    ['latency', '1 s'],
    ['jitter', '5'],
    ['toxicity', '0.5'],
  ]);

  await say('the proxy changes the fault "slow":', [
    ['latency', '20 ms'],
    ['toxicity', '1'],
    ['connections.first', '3'],
    ['schedule.duration', '1 h'],
    ['trigger.byte', '2'],
  ]);

  assert.deepEqual(proxies(world).get({}).proxy.toxic('slow').toJSON(), {
    type: 'latency',
    name: 'slow',
    stream: 'downstream',
    toxicity: 1,
    attributes: { latency: 20, jitter: 5 },
    connections: { first: 3 },
    schedule: { duration: '1 h' },
    trigger: { byte: 2 },
  });
  assert.equal(
    await failure('the proxy changes the fault "slow":', [['name', 'other']]),
    'a fault keeps its name',
  );
  assert.match(
    await failure('the proxy loses the fault "sloww"'),
    /^proxy "flaky" has no fault "sloww" \(it has "slow"\)$/,
  );
});

test('a sentence that is said again changes its fault in each direction', async (context) => {
  const { world, say } = await withProxy(context);
  await say('the proxy delays both directions by 500 ms with 50 ms of jitter');
  await say('the proxy delays downstream by 20 ms');

  const { toxics } = proxies(world).get({}).proxy;

  assert.deepEqual(
    toxics.map(({ name, attributes }) => [name, attributes]),
    [
      ['latency_upstream', { latency: 500, jitter: 50 }],
      ['latency_downstream', { latency: 20, jitter: 0 }],
    ],
  );
});

test('a recording holds what was said between the proxy and its server', async (context) => {
  const { world, feature, say } = await withProxy(context);
  const script = join(feature, 'tapes', 'a.script');
  const capture = join(feature, 'tapes', 'a.pcapng');
  await say(`the proxy records to "${script}"`);
  await say(`the proxy records to "${capture}"`);
  await say('the proxy replaces "PING" with "PONG" upstream');
  await say('client connects to the proxy');
  await say('client sends "PING"');
  await say('client receives exactly "PONG"');
  await say('the capture has 1 connection');
  await world.end();

  assert.match(readFileSync(script, 'utf8'), /\* accept\n.*> "PONG"\n.*< "PONG"\n/);
  const said: string[] = [];
  for await (const connection of CaptureFile.from(readFileSync(capture)).connections()) {
    said.push(...[connection.out, connection.in].map((s) => Buffer.from(s.bytes()).toString()));
  }
  assert.deepEqual(said, ['PONG', 'PONG']);
});

test('a proxy that carried nothing leaves an empty script', async (context) => {
  const { world, feature, say } = await withProxy(context);
  await say(`the proxy records to "${join(feature, 'a.script')}"`);
  await world.end();

  assert.equal(readFileSync(join(feature, 'a.script'), 'utf8'), '');
});

test('a log between two that never met says so', async (context) => {
  const { say, failure } = await withProxy(context);
  await say('a client "alice" connected to the listener "echo"');

  assert.equal(
    await failure('the wire log between the client "alice" and the proxy is:', '* accept'),
    'client "alice" was never connected to proxy "flaky"',
  );
  assert.equal(
    await failure('the wire log between the proxy and the listener "echo" is:', '* accept'),
    'proxy "flaky" was never connected to listener "echo"',
  );
});

test('what a proxy did is told in few words', async (context) => {
  const { world, say } = await withProxy(context);
  await say('client connects to the proxy');
  const proxy = proxies(world).get({});

  assert.equal(proxy.facts, 'it is up, accepted 1 connection, 1 open');
  assert.deepEqual(proxy.target, listeners(world).get({}).address);
  await say('the proxy goes down');
  assert.match(proxy.facts, /^it is down/);
});

test('a handshake that fails behind a proxy says whether that was the proxy', async (context) => {
  const { say, failure } = await openScenario(context, { ...quick, timeout: 2_000 });
  await say('a certificate "leaf" for "localhost" signed by certificate "ca"');
  await say('a certificate "other" for "localhost" signed by certificate "ca 2"');
  await say('a listener "safe" that echoes');
  await say('the listener "safe" speaks TLS with certificate "leaf"');
  await say('a proxy "flaky" in front of the listener "safe"');
  const connects =
    'client connects to the listener "safe" through the proxy "flaky" over TLS trusting certificate';

  const honest = await failure(`${connects} "ca 2"`);
  await say('the proxy flips bit 3 of byte 60 downstream');
  const broken = await failure(`${connects} "ca"`);

  assert.match(honest, /hint: proxy "flaky" changed nothing on flaky#1\n/);
  assert.match(
    broken,
    /hint: faults of proxy "flaky" acted on flaky#2: corrupt_downstream byte 60 bit 3 \(changed\)\n/,
  );
});
