import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openScenario, type SpokenScenario } from './spoken-scenario';

const quick = { timeout: 300, quiet: 20 } as const;

/** A client "a" that has sent PING to an echo and got it back. */
async function pinged(context: TestContext): Promise<SpokenScenario> {
  const scenario = await openScenario(context, quick);
  await scenario.say('a listener "echo" that echoes');
  await scenario.say('a client "a" connected to the listener "echo"');
  await scenario.say('client "a" sends "PING"');
  await scenario.say('client "a" receives "PING"');
  return scenario;
}

const pair = 'the wire log between the client "a" and the listener "echo" is:';

test('the log of a pair is compared as a script, whatever the pieces', async (context) => {
  const { say } = await pinged(context);
  await say('client "a" sends "xyz" in 3 chunks');
  await say('client "a" receives "xyz"');
  await say('client "a" closes');

  await say(pair, '> "PING"\n< "PING"\n> "xyz"\n< "xyz"\n* peer closes\n* close');
});

test('a log that differs is told by its first line and shown around it', async (context) => {
  const { failure } = await pinged(context);

  const text = await failure(pair, '> "PING"\n< "PONG"');

  assert.match(text, /^the wire log between client "a" and listener "echo" is another: line 2: /);
  assert.match(text, /\n {2}- < "PONG"\n {2}\+ < "PING"\n/);
});

test('a log that goes on behind the script is another', async (context) => {
  const { failure } = await pinged(context);

  assert.match(await failure(pair, '> "PING"'), /the log goes on: < "PING"/);
});

test('the log of a pair leaves out other connections', async (context) => {
  const { say } = await pinged(context);
  await say('a client "b" connected to the listener "echo"');
  await say('client "b" sends "other"');
  await say('client "b" receives "other"');

  await say(pair, '> "PING"\n< "PING"');
});

test('a pair that was never connected has no log', async (context) => {
  const { say, failure } = await pinged(context);
  await say('a listener "lonely" that echoes');

  assert.equal(
    await failure('the wire log between the client "a" and the listener "lonely" is:', '> "x"'),
    'client "a" was never connected to listener "lonely"',
  );
});

test('a log contains lines in their order, others may lie between', async (context) => {
  const { say, failure } = await pinged(context);
  await say('the wire log is marked "half-way"');
  await say('client "a" resets the connection');

  await say('the wire log contains:', '> "PING"\n* mark "half-way"\n* peer resets');

  const text = await failure('the wire log contains:', '* peer resets\n> "PING"');
  assert.match(text, /^the wire log lacks a line: line 2: > "PING" is not in the log/);
});

test('a log is waited for as long as asserting steps wait', async (context) => {
  const { say, world } = await pinged(context);
  const { clock, trace } = world.world;
  const nowhere = { connection: '', from: '', to: '', direction: '-' } as const;
  clock.after(100_000, () => trace.add({ ...nowhere, kind: 'note', detail: { mark: 'late' } }));

  await say('the wire log contains:', '* mark "late"');
});

test('a text that is no script is refused with its line', async (context) => {
  const { failure } = await pinged(context);

  assert.match(
    await failure('the wire log contains:', '> "PING"\n= "x"'),
    /line 2: expected <, > or \*/,
  );
});

test('bytes that must not be on the wire are found across chunks', async (context) => {
  const { say, failure } = await pinged(context);
  await say('client "a" sends "my s3cret" one byte at a time');
  await say('client "a" receives 9 bytes');

  await say('nothing on the wire contains "s4cret"');
  assert.match(
    await failure('nothing on the wire contains "s3cret"'),
    /^what must not be on the wire is there: connection 1, to the server, from byte 7/,
  );
});

test('a saved log is a script, with what is hidden masked', async (context) => {
  const { say, world } = await pinged(context);
  await say('client "a" sends "PASS x1"');
  await say('client "a" receives "PASS x1"');
  await say('the wire log hides /PASS \\S+/');

  await say("the wire log is saved as '${directory}/logs/run.script'");

  const text = readFileSync(join(world.folder.path, 'logs/run.script'), 'utf8');
  assert.match(text, /> "PING"/);
  assert.match(text, /> "\*{7}"/);
  assert.doesNotMatch(text, /PASS/);
});

test('a snapshot is written when asked for, and compared otherwise', async (context) => {
  const { say, failure, feature } = await pinged(context);
  const sentence = 'the wire log matches the snapshot "ping.script"';
  assert.match(
    await failure(sentence),
    /^there is no snapshot .*snapshots.ping\.script; run with BRINE_UPDATE=1 to write it anew$/,
  );

  process.env['BRINE_UPDATE'] = '1';
  context.after(() => delete process.env['BRINE_UPDATE']);
  await say(sentence);
  delete process.env['BRINE_UPDATE'];

  const path = join(feature, 'snapshots/ping.script');
  assert.equal(readFileSync(path, 'utf8'), '* accept\n> "PING"\n< "PING"\n');
  await say(sentence);
  writeFileSync(path, '> "PING"\n< "PONG"\n');
  assert.match(await failure(sentence), /hint: .*ping\.script: run with BRINE_UPDATE=1/);
});

test('connections that are left open are told with owner, state and the step that opened them', async (context) => {
  const { say, failure } = await pinged(context);

  const text = await failure('no connection is left open');

  assert.match(text, /^2 ends of connections are left open\n/);
  assert.match(
    text,
    /\n {2}c1 of client "a": established, opened by: a client "a" connected to the listener "echo"\n/,
  );
  await say('client "a" closes');
  await say('no connection is left open');
});

test('the folder of a scenario is made on need and kept clean', async (context) => {
  const { world } = await openScenario(context, quick);
  assert.equal(world.folder.made, false);

  const path = world.folder.inside('deep/file.txt');
  writeFileSync(path, 'x');
  mkdirSync(join(world.folder.path, 'more'));

  assert.ok(path.startsWith(world.folder.path));
  assert.throws(() => world.folder.inside('../out'), {
    message: 'the path "../out" leaves the scenario folder',
  });
  world.folder.remove();
  assert.equal(existsSync(path), false);
});
