import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { CaptureFile } from '../../../src/capture/capture-file';
import { keyLogOf } from '../../../src/steps/scenario-capture';
import { packetsOf } from '../capture/forge';
import { readConnections, streamsOf } from '../capture/read-back';
import { openScenario, type SpokenScenario } from './spoken-scenario';

async function exchange(scenario: SpokenScenario, text: string): Promise<void> {
  await scenario.say(`client sends "${text}"`);
  await scenario.say(`client receives "${text}"`);
}

/** A scenario with a client and an echo, and a folder for files. */
async function withEcho(...words: Parameters<typeof openScenario>) {
  const scenario = await openScenario(...words);
  const folder = dirname(scenario.feature);
  await scenario.say('a listener "echo" that echoes');
  await scenario.say('a client connected to the listener "echo"');
  return { scenario, folder };
}

test('a capture that is begun by a step holds what follows, its steps and its marks', async (context) => {
  const { scenario, folder } = await withEcho(context);
  const path = join(folder, 'new', 'run.pcapng');
  await exchange(scenario, 'before');
  await scenario.say(`the wire is captured to "${path}"`);
  await exchange(scenario, 'meanwhile');
  await scenario.say('the wire log is marked "here"');
  await scenario.say('the capture has 1 connection');
  await scenario.world.end();

  const file = readFileSync(path);
  const [connection] = await readConnections(file);
  assert.ok(connection);
  assert.equal(streamsOf(connection).out.toString(), 'meanwhile');
  assert.ok(CaptureFile.from(file).comments.includes('scenario: A scenario'));
  assert.ok(file.includes('MESSAGE=mark "here"'));
  const [first] = await packetsOf(file);
  assert.ok(first?.comments.includes('client sends "meanwhile"'), first?.comments.join());
  assert.deepEqual(scenario.world.warnings, []);
});

test('a capture that is saved holds everything so far, with its steps numbered', async (context) => {
  const { scenario, folder } = await withEcho(context);
  const path = join(folder, 'new', 'saved.pcapng');
  await exchange(scenario, 'hello');

  await scenario.say(`the capture is saved as "${path}"`);

  const packets = await packetsOf(readFileSync(path));
  const data = packets.find(({ tcp }) => tcp?.length === 5);
  assert.ok(packets[0]?.comments.includes('step 2: a client connected to the listener "echo"'));
  assert.ok(data?.comments.includes('step 3: client sends "hello"'));
});

test('the count of connections says what it expected and what there is', async (context) => {
  const { scenario, folder } = await withEcho(context);
  assert.match(
    await scenario.failure('the capture has 1 connection'),
    /^nothing is captured: tag the scenario @pcap, or say first "the wire is captured to …"/,
  );
  await scenario.say(`the wire is captured to "${join(folder, 'run.pcapng')}"`);

  assert.match(
    await scenario.failure('the capture has 2 connections'),
    /^expected 2 connections in the capture, it has 0\n/,
  );
});

test('secrets need a capture to go into, whose file is then for its owner alone', async (context) => {
  const { scenario, folder } = await withEcho(context);
  const path = join(folder, 'run.pcapng');
  assert.match(
    await scenario.failure('the capture includes the TLS secrets'),
    /^no capture is running/,
  );
  await scenario.say(`the wire is captured to "${path}"`);
  assert.deepEqual(keyLogOf(scenario.world), {});

  await scenario.say('the capture includes the TLS secrets');

  assert.deepEqual(keyLogOf(scenario.world), { keylog: true });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const line = `CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}`;
  const end = { connection: 'c1', from: '', to: '', direction: '-' } as const;
  scenario.world.world.trace.add({ ...end, kind: 'tls', detail: { event: 'keylog', line } });
  await scenario.world.end();
  assert.deepEqual(CaptureFile.from(readFileSync(path)).secrets, [line]);
});

test('a file that cannot be written fails its step', async (context) => {
  const { scenario, folder } = await withEcho(context);
  mkdirSync(join(folder, 'there'));

  for (const sentence of ['the wire is captured to', 'the capture is saved as']) {
    assert.match(await scenario.failure(`${sentence} "${join(folder, 'there')}"`), /folder|EISDIR/);
  }
});

test('a file is captured to once', async (context) => {
  const { scenario, folder } = await withEcho(context);
  const sentence = `the wire is captured to "${join(folder, 'run.pcapng')}"`;
  await scenario.say(sentence);

  assert.match(await scenario.failure(sentence), /^the wire is captured to .* already/);
});

test('a capture says that what is hidden in texts stands in it, or hides it too', async (context) => {
  for (const redact of [false, true]) {
    const { scenario, folder } = await withEcho(context, { capture: { redact } });
    const paths = ['run.pcapng', 'saved.pcapng'].map((name) => join(folder, name));
    await scenario.say('the wire log hides /PASS \\w+/');
    await scenario.say(`the wire is captured to "${paths[0]}"`);
    await exchange(scenario, 'PASS hunter2');
    await scenario.say(`the capture is saved as "${paths[1]}"`);
    if (redact) {
      assert.match(
        await scenario.failure('the wire log hides /x/'),
        /^the wire is captured already; say before it what is hidden/,
      );
      assert.match(
        await scenario.failure('the capture includes the TLS secrets'),
        /a redacted capture cannot carry TLS secrets/,
      );
    }
    await scenario.world.end();

    for (const path of paths) {
      const file = readFileSync(path);
      const { comments } = CaptureFile.from(file);
      const bare = 'NOT REDACTED: rules exist and were not applied to this file';
      assert.equal(file.includes('hunter2'), !redact, path);
      assert.equal(comments.includes(bare), !redact);
      assert.equal(comments.includes('redacted: 1 rule, equal length'), redact);
    }
  }
});
