import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listeners } from '../../../src/steps/scenario-listener';
import { steady } from '../../support/scripted-peer';
import { openScenario } from './spoken-scenario';

const quick = { timeout: 2_000, quiet: 20 } as const;

test('a port that is taken is refused with who of the scenario holds it', async (context) => {
  const { say, failure, world } = await openScenario(context, quick);
  await say('a listener "first" on any free port');
  const port = listeners(world).get({ name: 'first' }).address?.port;

  const text = await failure(`a listener "second" on port ${port}`);

  assert.match(
    text,
    /^listener "second" could not listen: .*\(listener "first" of this scenario holds it\)/,
  );
});

test('a second listener of the same name is refused before it listens', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener that echoes');

  assert.equal(
    await failure('a listener that echoes'),
    'listener already exists (defined at x.feature:4)',
  );
});

test('a listener answers every connection with its greeting', async (context) => {
  const { say } = await openScenario(context, quick);
  await say('a listener "rude" on any free port that answers every connection with "hi\\r\\n"');

  for (const name of ['a', 'b']) {
    await say(`a client "${name}" connected to the listener "rude"`);
    await say(`client "${name}" receives exactly "hi\\r\\n"`);
  }
});

test('a count of open connections that is wrong is told with their ids', async (context) => {
  const { say, failure } = await openScenario(context, { ...quick, timeout: 100 });
  await say('a listener "echo" that echoes');
  await say('a client "a" connected to the listener "echo"');
  await say('the listener "echo" has 1 open connection');

  const text = steady(await failure('the listener "echo" has 2 open connections'));

  assert.match(text, /^listener "echo" has 1 open connection, expected 2\n/);
  assert.match(text, /\n {2}s1 from 127\.0\.0\.1:PORT\n/);
});

test('closing every connection is a FIN on each, and the listener goes on', async (context) => {
  const { say } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a client "a" connected to the listener "echo"');
  await say('a client "b" connected to the listener "echo"');

  await say('the listener "echo" closes every connection');

  await say('client "a" sees end of stream');
  await say('client "b" sees end of stream');
  await say('the listener "echo" has 0 open connections');
  await say('a client "c" connected to the listener "echo"');
});

test('a listener that stops accepting refuses new connections and keeps the others', async (context) => {
  const { say } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a client "a" connected to the listener "echo"');

  await say('the listener "echo" stops accepting connections');

  await say('client "b" tries to connect to the listener "echo"');
  await say('client "b" sees connection refused');
  await say('client "a" sends "still here"');
  await say('client "a" receives everything it sent');
});

test('events that differ are told as two lists with the first difference', async (context) => {
  const { say, failure } = await openScenario(context, { ...quick, timeout: 100 });
  await say('a listener "echo" that echoes');
  await say('a client "a" connected to the listener "echo"');
  await say('client "a" sends "x"');
  await say('client "a" receives "x"');

  const text = await failure('the listener "echo" saw the events "connect, bytes, close"');

  assert.match(text, /\n {2}expected {2}connect, bytes, close\n {2}actual {4}connect, bytes\n/);
  assert.match(text, /first difference at event 3: expected close, got the end/);
});

test('an unknown word for an event is refused with the known ones', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');

  assert.equal(
    await failure('the listener saw the events "conect"'),
    'unknown event "conect" (did you mean "connect"?), expected connect, bytes, end, error, close',
  );
});
