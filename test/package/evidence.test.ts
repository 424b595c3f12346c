/** What a failed scenario leaves behind, in a project of its own, with both runners. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CaptureFile } from '../../src/capture/capture-file';
import { readTrace } from '../../src/capture/trace-file';
import { PackedProject } from './packed-project';

const feature = `Feature: evidence
  Background:
    Given a listener "echo" that echoes
    And a client connected to the listener "echo"
    When client sends "hello"

  Scenario: it fails
    Then client receives "hullo"

  Scenario: it passes
    Then client receives "hello"

  @pcap @wire-log
  Scenario: it passes and keeps
    Then client receives "hello"
`;

interface Attachment {
  readonly body: string;
  readonly mediaType: string;
  readonly fileName?: string;
  readonly contentEncoding: 'BASE64' | 'IDENTITY';
}

const attached = ['wire.html', 'wire.ndjson', 'wire.pcapng', 'wire.script', 'wire.svg'];
const files = ['wire.hex', ...attached];
const out = '.brine/out/worker-0';

/** How the failure itself names its evidence. */
const named = `evidence: ${out}/it-fails-7/wire.html  ${out}/it-fails-7/wire.pcapng`;

/** Checks what lies in the folders of the scenarios. */
async function checkFolders(project: PackedProject): Promise<void> {
  const folder = join(project.folder, out);
  assert.deepEqual(readdirSync(folder).sort(), ['it-fails-7', 'it-passes-and-keeps-14']);
  assert.deepEqual(readdirSync(join(folder, 'it-fails-7')).sort(), files);
  const kept = readdirSync(join(folder, 'it-passes-and-keeps-14')).sort();
  assert.deepEqual(kept, ['wire.pcapng', 'wire.script']);

  const index = project.read('.brine/out/index.html');
  assert.match(index, /<h1>1 scenario failed<\/h1>/);
  assert.match(index, /href="worker-0\/it-fails-7\/wire\.html"/);

  const { events, complete } = await readTrace(join(folder, 'it-fails-7', 'wire.ndjson'));
  assert.ok(complete && events.length > 0);
  await using capture = await CaptureFile.open(join(folder, 'it-fails-7', 'wire.pcapng'));
  assert.ok(capture.comments.includes('scenario: it fails'));
  assert.ok(capture.comments.includes('feature: features/evidence.feature:7'));
  for await (const connection of capture.connections()) {
    assert.equal(Buffer.from(connection.in.bytes()).toString(), 'hello');
  }
}

for (const network of ['real', 'simulated'] as const) {
  test(`a failed scenario of the ${network} network leaves files and attaches them to the report`, async (context) => {
    const project = new PackedProject({ beside: ['@cucumber/cucumber'] });
    context.after(() => project.remove());
    project.write('features/evidence.feature', feature);
    project.write('steps.cjs', "require('brine/cucumber');\n");
    const parameters = JSON.stringify({ brine: { network } });

    const run = await project.run(
      `cucumber-js --require steps.cjs --world-parameters '${parameters}' --format progress --format message:run.ndjson --format html:run.html`,
    );

    assert.equal(run.exitCode, 1, run.stderr);
    assert.match(run.stdout, /^3 scenarios \(1 failed, 2 passed\)$/m);
    assert.ok(run.stdout.includes(named), run.stdout);
    for (const file of files) assert.ok(run.stdout.includes(`${out}/it-fails-7/${file}`), file);
    await checkFolders(project);

    const attachments = project
      .read('run.ndjson')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { attachment?: Attachment }).attachment)
      .filter((attachment) => attachment !== undefined);
    const names = attachments.flatMap(({ fileName }) => (fileName === undefined ? [] : [fileName]));
    assert.deepEqual(names.sort(), [...attached, 'wire.pcapng', 'wire.script'].sort());
    const pcapng = attachments.find(({ fileName }) => fileName === 'wire.pcapng');
    assert.deepEqual(
      [pcapng?.mediaType, pcapng?.contentEncoding],
      ['application/vnd.tcpdump.pcap', 'BASE64'],
    );
    const onDisk = readFileSync(join(project.folder, out, 'it-fails-7', 'wire.pcapng'));
    assert.ok(Buffer.from(pcapng?.body ?? '', 'base64').equals(onDisk));
    assert.ok(existsSync(join(project.folder, 'run.html')));
    assert.ok(project.read('run.html').includes('"fileName":"wire.pcapng"'));
  });
}

test('a failed scenario of cucumber 6 leaves files and names them', async (context) => {
  const project = new PackedProject({ beside: ['cucumber'] });
  context.after(() => project.remove());
  project.write('features/evidence.feature', feature);
  project.write('steps.js', "require('brine/cucumber/legacy');\n");

  const run = await project.run('cucumber-js --require steps.js');

  assert.equal(run.exitCode, 1, run.stderr);
  assert.match(run.stdout, /^3 scenarios \(1 failed, 2 passed\)$/m);
  assert.ok(run.stdout.includes(named), run.stdout);
  for (const file of files) assert.ok(run.stdout.includes(`${out}/it-fails-7/${file}`), file);
  assert.match(run.stdout, /Attachment \(text\/plain\): @\d+ ms +\* accept/);
  await checkFolders(project);
});
