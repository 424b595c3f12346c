import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clients } from '../../../src/steps/scenario-clients';
import { scriptedPeer } from '../../support/scripted-peer';
import { openScenario } from './spoken-scenario';

const quick = { timeout: 2_000, quiet: 20 } as const;

test('a client that closed connects anew, and its stream begins again', async (context) => {
  const { say } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('client "alice" connects to the listener "echo"');
  await say('client "alice" sends "first"');
  await say('client "alice" receives everything it sent');
  await say('client "alice" closes');

  await say('client "alice" connects to the listener "echo"');
  await say('client "alice" sends "second"');

  await say('client "alice" has received "second" in total');
  await say('client "alice" receives everything it sent');
});

test('a client that is connected does not connect again', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('client connects to the listener');

  assert.equal(
    await failure('client connects to the listener'),
    'client is already connected to listener "echo"',
  );
});

test('an unnamed client is the one mentioned last', async (context) => {
  const { say, world } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a client "alice" connected to the listener');
  await say('a client "bob" connected to the listener');

  await say('client sends "b"');
  await say('client "alice" sends "a"');
  await say('client receives exactly "a"');
  await say('client "bob" receives exactly "b"');

  assert.deepEqual(
    clients(world).all.map(({ name }) => name),
    ['alice', 'bob'],
  );
});

test('a setting may come before the client connects', async (context) => {
  const { say } = await openScenario(context, quick);
  await say('a listener "silent" on any free port');

  await say('a 20 ms read timeout for client "alice"');
  await say('a client "alice" connected to the listener "silent"');

  await say('client "alice" sees read timeout');
  await say('a 10 ms read timeout for client "alice"');
  await say('client "alice" sees read timeout');
});

test('a silence is one read timeout, however long it lasts', async (context) => {
  const { say, world } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a 10 ms read timeout for client "alice"');
  await say('a client "alice" connected to the listener "echo"');

  await say('60 ms pass');

  assert.equal(clients(world).get({ name: 'alice' }).failures.length, 1);
  await say('client "alice" sees read timeout');
});

test('a client that stopped reading takes nothing until it reads again', async (context) => {
  const { say } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a 10 ms read timeout for client "alice"');
  await say('a client "alice" connected to the listener "echo"');
  await say('client "alice" stops reading');

  await say('client "alice" sends "late"');
  await say('client "alice" receives nothing for 40 ms');

  await say('client "alice" starts reading again');
  await say('client "alice" receives "late"');
});

test('a connection that was reset is met as a failure only by the other side', async (context) => {
  const { say, world } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a client "alice" connected to the listener "echo"');

  await say('client "alice" resets the connection');

  await say('client "alice" is disconnected');
  await say('the listener "echo" saw the events "connect, error, close"');
  assert.deepEqual(clients(world).get({ name: 'alice' }).failures, []);
});

test('a closed client refuses to half-close, reset and send', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a client "alice" connected to the listener "echo"');
  await say('client "alice" closes');

  assert.equal(await failure('client "alice" half-closes'), 'client "alice" was already closed');
  assert.equal(
    await failure('client "alice" resets the connection'),
    'client "alice" was already closed',
  );
  assert.equal(await failure('client "alice" sends "x"'), 'client "alice" is not connected');
});

test('bytes are cut into near-equal pieces, one segment each', async (context) => {
  const { say, world } = await openScenario(context, quick);
  await say('a listener "silent" on any free port');
  await say('a client "alice" connected to the listener "silent"');

  await say('client "alice" sends "abcdefgh" in 3 chunks');
  await say('client "alice" sends "xy" one byte at a time');

  const sent = world.world.trace.events.filter(
    ({ kind, connection }) => kind === 'write' && connection === 'c1',
  );
  assert.deepEqual(
    sent.map(({ bytes }) => Buffer.from(bytes ?? []).toString()),
    ['abc', 'def', 'gh', 'x', 'y'],
  );
});

test('more pieces than bytes are refused', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "silent" on any free port');
  await say('a client "alice" connected to the listener "silent"');

  assert.equal(
    await failure('client "alice" sends "ab" in 3 chunks'),
    '2 bytes cannot be cut into 3 pieces',
  );
});

test('repeated sending needs an exact count, and repeats on the clock', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a client "alice" connected to the listener "echo"');

  await say('client "alice" sends "tick" every 5 ms 3 times');
  await say('client "alice" receives "ticktickticktick" within 20 ms').catch(() => undefined);

  await say('client "alice" has received "ticktickticktick" in total').then(
    () => assert.fail('four ticks'),
    () => undefined,
  );
  await say('client "alice" has received "ticktick\x74ick" in total');
  assert.match(
    await failure('client "alice" sends "tick" every 5 ms at least 2 times'),
    /repeating needs an exact count/,
  );
});

test('everything that was read stays readable behind the end of the peer', async (context) => {
  const { say, world } = await openScenario(context, quick);
  const address = await scriptedPeer(world, (connection) => {
    connection.write('one ');
    connection.end('two');
  });

  await say(`client "alice" connects to ${address}`);
  await say('client "alice" sees end of stream');

  await say('client "alice" receives exactly "one two"');
});

test('named groups of a match and captures of a pattern are kept', async (context) => {
  const { say, world } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a client "alice" connected to the listener "echo"');
  await say('client "alice" sends "id=42;\\x00\\x07"');

  await say('client "alice" receives data matching /id=(?<id>\\d+);/');
  await say('client "alice" receives data like pattern "(len:u16be)"');

  assert.equal(Buffer.from(world.matches.get('id') ?? []).toString(), '42');
  assert.equal(Buffer.from(world.matches.get('len') ?? []).toString(), '7');
});

test('a doc string and a table of literals are joined', async (context) => {
  const { say } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a client "alice" connected to the listener "echo"');

  await say('client "alice" sends:', 'line "EHLO me"\n# a comment\n\nhex "00 01"');
  await say('client "alice" receives:', [['bytes'], ['"EHLO me\\r\\n"'], ['hex "0001"']]);

  await say('client "alice" receives nothing for 20 ms');
});
