import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Connection } from '../../../src/network/connection';
import { StepFailure } from '../../../src/steps/step-failure';
import { scriptedPeer, steady } from '../../support/scripted-peer';
import { openScenario, type SpokenScenario } from './spoken-scenario';

const quick = { timeout: 150, quiet: 20, seed: 7 } as const;

/** A scenario whose client "alice" is connected to a peer that does as it is told. */
async function aliceWith(
  context: TestContext,
  serve: (connection: Connection) => void,
): Promise<SpokenScenario> {
  const scenario = await openScenario(context, quick);
  const address = await scriptedPeer(scenario.world, serve);
  await scenario.say(`client "alice" connects to ${address}`);
  return scenario;
}

/** Sends once the client is there, so that its log begins with the accept. */
const says =
  (...texts: readonly string[]) =>
  (connection: Connection): void => {
    for (const text of texts) connection.write(Buffer.from(text, 'latin1'));
  };

const failureOf = async (scenario: SpokenScenario, sentence: string): Promise<string> =>
  steady(await scenario.failure(sentence));

test('other bytes than expected are shown in hex, aligned, with the extra ones', async (context) => {
  const alice = await aliceWith(context, (connection) => {
    connection.once('data', () => says('\x00\x03\xaa\xff\xcc\r\n')(connection));
  });
  await alice.say('client "alice" sends hex "00 01 02"');

  const failure = await failureOf(alice, 'client "alice" receives exactly hex "00 03 aa bb cc"');

  assert.equal(
    failure,
    [
      'client "alice" received other bytes than expected (connection 1, from 127.0.0.1:PORT; stopped after T: 7 bytes, then quiet for 20 ms)',
      '  step: client "alice" receives exactly hex "00 03 aa bb cc"',
      '  first difference at byte 3',
      '            00 01 02 03 04 05 06',
      '  expected  00 03 aa bb cc',
      '  received  00 03 aa ff cc 0d 0a',
      '                     ^^    ++ ++      2 extra bytes: "\\r\\n"',
      '  hint: the extra bytes are a line end',
      '  wire:',
      '    @T [1] * accept',
      '    @T [1] > hex "00 01 02"',
      '    @T [1] < hex "00 03 aa ff cc 0d 0a"',
      '  seed N',
    ].join('\n'),
  );
});

test('bytes that did not come are told with the nearest match and what was skipped', async (context) => {
  const alice = await aliceWith(context, says('220 ready\r\n250-size\r\n'));
  await alice.say('client "alice" receives "ready\\r\\n"');

  const failure = await failureOf(alice, 'client "alice" receives "250 size\\r\\n"');

  assert.equal(
    failure,
    [
      'client "alice" did not receive "250 size\\r\\n" (connection 1, from 127.0.0.1:PORT; waited 150 ms: 10 bytes came)',
      '  step: client "alice" receives "250 size\\r\\n"',
      '  first difference at byte 3',
      '  expected  "250 size\\r\\n"',
      '  received  "250-size\\r\\n"',
      '                ^',
      '  skipped earlier: "220 " by client "alice" receives "ready\\r\\n"',
      '  wire:',
      '    @T [1] * accept',
      '    @T [1] < "220 ready\\r\\n250-size\\r\\n"',
      '  seed N',
    ].join('\n'),
  );
});

test('a wait that the peer ends by FIN stops at once and says so', async (context) => {
  const alice = await aliceWith(context, (connection) => connection.end('bye'));

  const failure = await failureOf(alice, 'client "alice" receives "hello"');

  assert.equal(
    failure.split('\n')[0],
    'client "alice" did not receive "hello" (connection 1, from 127.0.0.1:PORT; stopped after T: the peer closed with FIN)',
  );
  assert.match(failure, /\* close\n/);
});

/** Resets once something came, since a reset in the handshake is a failure to connect. */
const resets = (connection: Connection): void => {
  connection.once('data', () => connection.resetAndDestroy());
};

test('a wait that the peer ends by RST stops at once and says so', async (context) => {
  const alice = await aliceWith(context, resets);
  await alice.say('client "alice" sends "x"');

  const failure = await failureOf(alice, 'client "alice" receives "hello"');

  assert.match(failure, /stopped after T: the peer reset the connection \(RST\)\)/);
  assert.match(failure, /\* reset/);
});

test('bytes that come too late are told with how late they came', async (context) => {
  let peer: Connection | undefined;
  const alice = await aliceWith(context, (connection) => {
    peer = connection;
  });

  const failing = failureOf(alice, 'client "alice" receives "PONG" within 20 ms');
  // Long behind the limit and long before the watch for late bytes ends, also on a busy machine.
  alice.world.clock.after(250_000, () => peer?.write('PONG'));

  assert.match(await failing, /hint: it came \d+ ms after the deadline/);
});

test('a read timeout ends a wait, and is its code', async (context) => {
  const scenario = await openScenario(context, quick);
  const address = await scriptedPeer(scenario.world, () => undefined);
  await scenario.say('a 20 ms read timeout for client "alice"');
  await scenario.say(`client "alice" connects to ${address}`);
  await scenario.say('client "alice" sends "PING"');

  const error = await scenario.say('client "alice" receives "PONG"').then(
    () => undefined,
    (failure: unknown) => failure,
  );

  assert.ok(error instanceof StepFailure);
  assert.equal(error.code, 'EREADTIMEOUT');
  assert.match(error.headline, /read timeout, nothing came/);
});

test('a pattern that cannot match any more stops at once with its element', async (context) => {
  const alice = await aliceWith(context, says('\x02\x07\x11OK'));

  const failure = await failureOf(
    alice,
    'client "alice" receives data like pattern "02 ?? 10 \'OK\'"',
  );

  assert.match(failure, /and no more can make them match\)/);
  assert.match(failure, /\n {2}element 3 \(10\) at byte 2: got 11\n/);
});

test('a regular expression that did not match is shown with the bytes it was tried on', async (context) => {
  const alice = await aliceWith(context, says('550 no\r\n'));

  const failure = await failureOf(alice, 'client "alice" receives data matching /^250[ -]/m');

  assert.match(failure, /^client "alice" received nothing that matches \/\^250\[ -\]\/m \(/);
  assert.match(failure, /\n {2}received {2}"550 no\\r\\n"\n/);
});

test('a count that was not reached says how much came', async (context) => {
  const alice = await aliceWith(context, says('abc'));

  assert.match(
    await failureOf(alice, 'client "alice" receives 5 bytes'),
    /^client "alice" received 3 of 5 bytes \(.*waited 150 ms: 3 bytes came\)/,
  );
});

test('bytes where silence was expected are dumped with their time', async (context) => {
  const alice = await aliceWith(context, says('abc'));
  await alice.say('client "alice" receives "ab"');

  const failure = await failureOf(alice, 'client "alice" receives nothing for 30 ms');

  assert.match(failure, /received 1 byte where 30 ms of silence was expected/);
  assert.match(failure, /they were there, unread/);
  assert.match(failure, /00000000 {2}63 /);
});

test('another failure than the one expected is named with its code', async (context) => {
  const alice = await aliceWith(context, resets);
  await alice.say('client "alice" sends "x"');

  const failure = await failureOf(alice, 'client "alice" sees read timeout');

  assert.match(failure, /^client "alice" did not see read timeout \(/);
  assert.match(failure, /\n {2}saw connection reset \(ECONNRESET\) instead\n/);
});

test('a connection that is refused is told in words, with the place', async (context) => {
  const scenario = await openScenario(context, quick);
  await scenario.say('a free port "nobody"');

  const failure = await failureOf(scenario, 'client "bob" connects to the free port "nobody"');

  assert.equal(
    failure.split('\n')[0],
    'client "bob" could not connect to 127.0.0.1:PORT: connection refused',
  );
});

test('a client that is gone is told with who closed and how', async (context) => {
  const alice = await aliceWith(context, (connection) => connection.end());

  const failure = await failureOf(alice, 'client "alice" is still connected');

  assert.match(failure, /^client "alice" is not connected \(the peer closed with FIN, /);
});

const hints: readonly (readonly [sent: string, sentence: string, hint: string])[] = [
  ['PONG\n', 'receives "PONG\\r\\n"', 'the same came with LF where CR LF was wanted'],
  ['PONG\r\n', 'receives "PONG\\n"', 'the same came with CR LF where LF was wanted'],
  [
    'pong',
    'receives "PONG"',
    'equal when case is ignored; matching is byte-exact, use /…/i if you mean that',
  ],
  ['PONG\r\n', 'receives exactly "PONG"', 'the extra bytes are a line end'],
  [
    '..PONG',
    'receives exactly "PONG"',
    'the expected bytes come later, at byte 2 of what is unread',
  ],
  [
    '\x15\x03\x03\x00\x02',
    'receives "PONG"',
    'what came begins like a TLS alert record: the peer speaks TLS',
  ],
];

for (const [sent, sentence, hint] of hints) {
  test(`after ${JSON.stringify(sent)}, ${sentence} fails with a hint`, async (context) => {
    const alice = await aliceWith(context, says(sent));

    const failure = await failureOf(alice, `client "alice" ${sentence}`);

    assert.ok(failure.includes(`\n  hint: ${hint}\n`), failure);
  });
}

test('a greeting before the bytes expected is told', async (context) => {
  const alice = await aliceWith(context, (connection) => {
    connection.write('220 ready\r\n');
    connection.once('data', () => connection.write('250 ok\r\n'));
  });
  await alice.say('client "alice" receives "220"');
  const address = await scriptedPeer(alice.world, (connection) => {
    connection.write('220 ready\r\n');
    connection.once('data', () => connection.write('250 ok\r\n'));
  });
  await alice.say(`client "bob" connects to ${address}`);
  await alice.say('client "bob" receives nothing for 1 ms').catch(() => undefined);
  await alice.say('client "bob" sends "x"');

  assert.match(
    await failureOf(alice, 'client "bob" receives exactly "250 ok\\r\\n"'),
    /hint: the peer spoke first: "220 ready\\r\\n" came before the client sent anything/,
  );
});

test('a failure without a reason for a hint has none', async (context) => {
  const alice = await aliceWith(context, says('NO'));

  assert.doesNotMatch(await failureOf(alice, 'client "alice" receives "YES"'), /hint:/);
});

test('bytes that another client received, or an earlier step skipped, are told', async (context) => {
  const alice = await aliceWith(context, says('one two'));
  await alice.say('client "alice" receives "two"');
  const address = await scriptedPeer(alice.world, says('three'));
  await alice.say(`client "bob" connects to ${address}`);
  await alice.say('client "bob" receives "th"');

  assert.match(
    await failureOf(alice, 'client "alice" receives "one"'),
    /hint: these bytes came earlier and were skipped by: client "alice" receives "two"/,
  );
  assert.match(
    await failureOf(alice, 'client "alice" receives "ree"'),
    /hint: client "bob" received these bytes/,
  );
});

test('a failure has its facts as fields too, and no frames of Brine', async (context) => {
  const alice = await aliceWith(context, says('PONG\n'));

  const error = await alice.say('client "alice" receives "PONG\\r\\n"').then(
    () => undefined,
    (failure: unknown) => failure,
  );

  assert.ok(error instanceof StepFailure);
  assert.equal(error.name, 'StepFailure');
  assert.equal(error.code, 'EDEADLINE');
  assert.equal(error.connection, 'c1');
  assert.deepEqual(error.expected, Buffer.from('PONG\r\n'));
  assert.deepEqual(error.actual, Buffer.from('PONG\n'));
  assert.deepEqual(error.hints, ['the same came with LF where CR LF was wanted']);
  assert.equal(error.stack, `StepFailure: ${error.message}`);
});

test('what is to be hidden is masked in every part of a failure', async (context) => {
  const alice = await aliceWith(context, says('PASS s3cret\r\n'));
  await alice.say('the wire log hides /s3\\w+/');

  const failure = await failureOf(alice, 'client "alice" receives "no s3cret"');

  assert.doesNotMatch(failure, /s3cret/);
  assert.match(failure, /< "PASS \*{6}\\r\\n"/);
});
