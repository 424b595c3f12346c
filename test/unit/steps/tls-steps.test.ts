import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { referencedValue } from '../../../src/steps/command-values';
import { openScenario } from './spoken-scenario';

const quick = { timeout: 300, quiet: 20 } as const;

test('a handshake that fails is told in words, with what the connector says', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "shop" that echoes');
  await say('an expired certificate "bad" for "localhost"');
  await say('the listener "shop" speaks TLS with certificate "bad"');

  const text = await failure(
    'client "alice" connects to the listener "shop" over TLS trusting certificate "ca"',
  );

  assert.match(text, /^client "alice" could not connect to listener "shop": expired certificate\n/);
  assert.match(text, /\n {2}TLS handshake with 127\.0\.0\.1:\d+ failed on c1: .*expired/);
});

test('another version than the one negotiated is told', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a self-signed certificate "own" for "localhost"');
  await say('the listener "echo" speaks TLS with certificate "own"');
  await say('client "alice" connects to the listener "echo" over TLS trusting certificate "own"');

  assert.match(
    await failure('client "alice" negotiated TLS 1.2'),
    /^client "alice" negotiated TLSv1\.3, expected TLSv1\.2/,
  );
  assert.match(
    await failure('client "alice" resumed its session'),
    /^client "alice" had a full handshake, expected a resumed session/,
  );
  assert.match(
    await failure('client "alice" negotiated the ALPN protocol "h2"'),
    /^client "alice" negotiated no ALPN protocol, expected h2/,
  );
  assert.match(
    await failure('client "alice" got no close notify'),
    /^client "alice" got no close notify, but the stream has not ended either/,
  );
});

test('a client without TLS has negotiated nothing', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('client "alice" connects to the listener "echo"');

  assert.match(
    await failure('client "alice" negotiated TLS 1.3'),
    /^client "alice" has no secured connection/,
  );
});

test('another alert than the one wanted is told by name and number', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "rude" that echoes');
  await say('the listener "rude" sends the TLS alert "internal_error" after the client hello');
  await say('a self-signed certificate "own" for "localhost"');
  await say(
    'client "alice" tries to connect to the listener "rude" over TLS trusting certificate "own"',
  );

  const text = await failure('client "alice" receives the TLS alert "handshake_failure"');

  assert.match(text, /^client "alice" did not receive the TLS alert handshake_failure/);
  assert.match(text, /alerts: internal_error \(80, received\)/);
});

test('an alert that does not exist is refused with the names that do', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "rude" that echoes');

  assert.match(
    await failure(
      'the listener "rude" sends the TLS alert "handshake_failed" before the client hello',
    ),
    /^unknown TLS alert "handshake_failed" \(did you mean "handshake_failure"\?\)/,
  );
});

test('a failure that a listener did not see is told with what it saw', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a self-signed certificate "own" for "localhost"');
  await say('the listener "echo" speaks TLS with certificate "own"');
  await say('client "plain" connects to the listener "echo"');
  await say('client "plain" sends "hello, is anybody there?"');
  await say('client "plain" is disconnected');

  const text = await failure('the listener "echo" sees handshake timeout');

  assert.match(text, /^listener "echo" did not see handshake timeout \(waited 300 ms/);
  assert.match(text, /saw not TLS \(ETLSNOTTLS\) instead/);
});

test('a leaf signs nothing, and an authority is shown by nobody', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a certificate "leaf" for "localhost" signed by certificate "ca"');

  assert.equal(
    await failure('a certificate "other" for "localhost" signed by certificate "leaf"'),
    'certificate "leaf" is a leaf, it cannot sign',
  );
  assert.match(
    await failure('the listener "echo" speaks TLS with certificate "ca"'),
    /^certificate "ca" is an authority/,
  );
});

test('a listener that has accepted connections keeps the TLS it has', async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('client "alice" connects to the listener "echo"');

  assert.match(
    await failure('the listener "echo" offers only TLS 1.2'),
    /^listener "echo" has accepted connections already; say this before/,
  );
});

test('files of a certificate are private, and go with the scenario', async (context) => {
  const { say, world } = await openScenario(context, quick);
  await say('a certificate "leaf" for "localhost" signed by certificate "ca"');

  const path = referencedValue(world, {
    kind: 'certificate',
    name: 'leaf',
    part: 'key',
    source: '${certificate "leaf" key}',
  });

  assert.match(readFileSync(path, 'utf8'), /^-----BEGIN PRIVATE KEY-----\n/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  await world.end();
  assert.equal(existsSync(path), false);
});
