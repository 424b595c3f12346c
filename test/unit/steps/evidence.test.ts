import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { CaptureFile } from '../../../src/capture/capture-file';
import { parseTrace } from '../../../src/capture/trace-file';
import { leaveEvidence } from '../../../src/steps/evidence';
import { captureOf } from '../../../src/steps/scenario-capture';
import { ScenarioFolder } from '../../../src/steps/scenario-folder';
import { scenarioHexdump } from '../../../src/steps/scenario-hexdump';
import { readTags } from '../../../src/steps/scenario-tags';
import { readConnections, streamsOf } from '../capture/read-back';
import { openScenario, type SpokenScenario } from './spoken-scenario';

async function login({ say }: SpokenScenario): Promise<void> {
  await say('a listener "echo" that echoes');
  await say('a client connected to the listener "echo"');
  await say('client sends "PASS hunter2"');
  await say('client receives "PASS hunter2"');
}

test('a scenario that fails leaves its wire log, pictures, a capture, all bytes and its trace', async (context) => {
  const scenario = await openScenario(context);
  const { world } = scenario;
  await login(scenario);
  await world.end();

  const { files, problems } = leaveEvidence(world, readTags([], world.settings), true);

  assert.deepEqual(problems, []);
  const [script, svg, page, pcapng, hex, trace] = files.map(({ file }) =>
    readFileSync(join(world.folder.path, file)),
  );
  assert.deepEqual(readdirSync(world.folder.path).sort(), files.map(({ file }) => file).sort());
  assert.match(String(script), /> "PASS hunter2"/);
  assert.match(String(svg), /^<svg .*<title>A scenario /s);
  assert.match(String(page), /^<!doctype html>.*PASS hunter2/is);
  assert.match(String(page), /"links":\[\{"label":"Wire log","href":"wire\.script"\}/);
  assert.match(
    String(hex),
    /^\[1\] @\S+ \w+ to the server, 12 bytes\n00000000 {2}50 41 53 53 20 .* PASS hunter2\n\n\[1\] @.* to the client/,
  );
  const [connection] = await readConnections(pcapng ?? Buffer.alloc(0));
  assert.ok(connection);
  assert.deepEqual(
    [streamsOf(connection).out.toString(), connection.ended],
    ['PASS hunter2', 'fin'],
  );
  assert.equal(parseTrace(trace ?? Buffer.alloc(0)).events.length, world.world.trace.events.length);
});

test('what is hidden is hidden in evidence that nobody asked for', async (context) => {
  for (const [tags, holds] of [
    [[], false],
    [['@pcap'], true],
  ] as const) {
    const scenario = await openScenario(context);
    const { world } = scenario;
    await scenario.say('the wire log hides /PASS \\w+/');
    await login(scenario);
    await world.end();

    const { files } = leaveEvidence(world, readTags(tags, world.settings), true);

    const holding = files.filter(({ file }) =>
      readFileSync(join(world.folder.path, file)).includes('hunter2'),
    );
    assert.deepEqual(
      holding.map(({ file }) => file),
      holds ? ['wire.pcapng'] : [],
    );
    const trace = files.find(({ file }) => file === 'wire.ndjson');
    assert.equal(parseTrace(Buffer.from(String(trace?.attached))).header.redacted, true);
  }
});

test('a scenario that put nothing on the wire leaves nothing', async (context) => {
  const { world } = await openScenario(context);

  assert.deepEqual(leaveEvidence(world, readTags([], world.settings), true).files, []);
  assert.equal(world.folder.made, false);
});

test('evidence that cannot be written is said, and the rest is written', async (context) => {
  const scenario = await openScenario(context);
  const { world } = scenario;
  await login(scenario);
  mkdirSync(join(world.folder.path, 'wire.pcapng'));
  writeFileSync(join(world.folder.path, 'mine.txt'), 'kept');

  const { files, problems } = leaveEvidence(world, readTags([], world.settings), true);

  assert.deepEqual(
    files.map(({ file }) => file),
    ['wire.script', 'wire.svg', 'wire.html', 'wire.hex', 'wire.ndjson'],
  );
  assert.match(problems.join(), /^wire\.pcapng could not be written: /);
  assert.equal(readFileSync(join(world.folder.path, 'mine.txt'), 'utf8'), 'kept');
});

test('a capture says which bytes the trace of a long scenario no longer has', async (context) => {
  const scenario = await openScenario(context);
  const { world } = scenario;
  await login(scenario);
  const nowhere = { connection: 'c1', from: '', to: '', direction: 'out' } as const;
  const bytes = Buffer.alloc(16 * 2 ** 20, 'x');
  for (let stream = 12, told = 0; told < 4; told++, stream += bytes.length) {
    world.world.trace.add({ ...nowhere, kind: 'write', bytes, stream });
  }

  leaveEvidence(world, readTags(['@pcap'], world.settings), false);

  await using file = await CaptureFile.open(join(world.folder.path, 'wire.pcapng'));
  assert.ok(file.comments.some((text) => /^the bytes of \d events were not kept$/.test(text)));
});

test('what is too large for a report stays on the disk', async (context) => {
  const scenario = await openScenario(context);
  const { world } = scenario;
  await login(scenario);
  const nowhere = { connection: 'c1', from: '', to: '', direction: 'out' } as const;
  const bytes = Buffer.alloc(9 * 2 ** 20, 'x');
  world.world.trace.add({ ...nowhere, kind: 'write', bytes, stream: 12 });

  const { files } = leaveEvidence(world, readTags([], world.settings), true);

  assert.deepEqual(
    files.map(({ file, attached }) => [file, attached !== undefined]),
    [
      ['wire.script', true],
      ['wire.svg', true],
      ['wire.html', true],
      ['wire.pcapng', false],
      ['wire.hex', false],
      ['wire.ndjson', false],
    ],
  );
});

test('the bytes of a scenario end where a reader would, and say where the rest is', async (context) => {
  const scenario = await openScenario(context);
  const { world } = scenario;
  await login(scenario);
  const { trace } = world.world;
  const nowhere = { connection: 'c1', from: '', to: '', direction: 'out', kind: 'write' } as const;
  trace.add({ ...nowhere, length: 5, stream: 12 });
  const bytes = Buffer.alloc(4_096, 'x');
  for (let told = 0; told < 70; told++) {
    trace.add({ ...nowhere, bytes, stream: 17 + told * bytes.length });
  }

  const dump = scenarioHexdump(world);

  assert.match(dump, /to the server, 5 bytes, not kept\n/);
  assert.match(dump, /\n00000011 {2}78 78 /);
  assert.match(dump, /… what follows is in the capture and the trace\n$/);
  assert.equal(dump.match(/to the server, 4.096 bytes/g)?.length, 64);
});

test('a failure names the evidence that its scenario is going to leave', async (context) => {
  const scenario = await openScenario(context, {}, { leavesEvidence: true });
  const { world } = scenario;
  await login(scenario);

  const text = await scenario.failure('client receives "more" within 20 ms');

  const shown = (file: string) => join(world.folder.shown, file);
  assert.ok(text.endsWith(`   evidence: ${shown('wire.html')}  ${shown('wire.pcapng')}`), text);
  assert.deepEqual(world.failure?.failure.evidence, {
    timeline: shown('wire.html'),
    capture: shown('wire.pcapng'),
  });
});

test('a scenario that fails of something else than a comparison says of what on its page', async (context) => {
  const scenario = await openScenario(context);
  const { world } = scenario;
  await login(scenario);
  await scenario.failure('client "bob" sends "hello"');

  leaveEvidence(world, readTags([], world.settings), true);

  const page = readFileSync(join(world.folder.path, 'wire.html'), 'utf8');
  assert.match(page, /"status":"failed","headline":"there is no client \\"bob\\"/);
});

test('the timeline is saved as a page of what was on the wire so far', async (context) => {
  const scenario = await openScenario(context);
  await login(scenario);
  const path = join(scenario.feature, 'new', 'so-far.html');

  await scenario.say(`the timeline is saved as '${path}'`);

  assert.match(readFileSync(path, 'utf8'), /^<!doctype html>.*PASS hunter2/is);
});

test('a scenario of more than memory is for is streamed from there on, and its capture has everything', async (context) => {
  const scenario = await openScenario(context);
  const { world } = scenario;
  captureOf(world).watch();
  await login(scenario);
  const { trace } = world.world;
  const nowhere = { connection: 'c1', from: '', to: '', direction: 'out', kind: 'write' } as const;
  const bytes = Buffer.alloc(10 * 2 ** 20, 'x');
  let stream = 12;
  for (; stream < 90 * 2 ** 20; stream += bytes.length) {
    trace.add({ ...nowhere, bytes, stream });
    // As often as data comes from a socket, others have their turn.
    await setImmediate();
  }
  await scenario.say('client sends "the end"');
  await world.end();

  const { files, problems } = leaveEvidence(world, readTags(['@pcap'], world.settings), false);

  assert.deepEqual([problems, world.warnings], [[], []]);
  assert.deepEqual(
    files.map(({ file, attached }) => [file, attached]),
    [['wire.pcapng', undefined]],
  );
  await using file = await CaptureFile.open(join(world.folder.path, 'wire.pcapng'));
  for await (const connection of file.connections()) {
    assert.equal(connection.out.length, stream + 7);
    const [first] = connection.out.chunks();
    assert.equal(Buffer.from(first?.bytes ?? []).toString(), 'PASS hunter2');
    const said = connection.comments.map(({ text }) => text);
    assert.ok(said.includes('step 3: client sends "PASS hunter2"'), said.join());
    assert.ok(said.includes('step 5: client sends "the end"'), said.join());
  }
  assert.deepEqual(readdirSync(dirname(world.folder.path)), [world.folder.name]);
});

test('a stream that cannot be written leaves the capture of what memory has', async (context) => {
  const scenario = await openScenario(context);
  const { world } = scenario;
  captureOf(world).watch();
  await login(scenario);
  mkdirSync(`${world.folder.beyond}.pcapng`, { recursive: true });
  const nowhere = { connection: 'c1', from: '', to: '', direction: 'out', kind: 'write' } as const;
  world.world.trace.add({ ...nowhere, bytes: Buffer.alloc(50 * 2 ** 20), stream: 12 });
  await world.end();

  const { files } = leaveEvidence(world, readTags(['@pcap'], world.settings), false);

  assert.equal(files.length, 1);
  assert.match(world.warnings.join(), /^open capture \S+\.pcapng: /);
});

test('scenarios of two features with one name and one line have two folders, each its own again', () => {
  const named = (uri: string) =>
    new ScenarioFolder('out', { name: 'It works!', uri, line: 3 }).name;

  assert.deepEqual(
    [named('a/x.feature'), named('b/x.feature'), named('a/x.feature')],
    ['it-works-3', 'it-works-3-2', 'it-works-3'],
  );
});
