/** What the sentences about hosts, links and time refuse, on a network in memory. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { realNetwork } from '../../../src/steps/real-network';
import { runSentence } from '../../../src/steps/run-sentence';
import { simulatedNetwork } from '../../../src/steps/simulated-network';
import { readStepOptions } from '../../../src/steps/step-settings';
import { StepWorld } from '../../../src/steps/step-world';

interface Spoken {
  readonly world: StepWorld;
  say(...sentences: readonly string[]): Promise<void>;
  failure(sentence: string): Promise<string>;
}

/** A scenario with the hosts `app` and `db`. */
async function simulated(context: TestContext): Promise<Spoken> {
  const folder = mkdtempSync(join(tmpdir(), 'brine-network-'));
  const world = new StepWorld({
    scenario: { name: 'A scenario', uri: join(folder, 'x.feature'), line: 1 },
    settings: readStepOptions({ out: folder, network: 'simulated', seed: 5 }),
    makers: { real: realNetwork, simulated: simulatedNetwork },
  });
  context.after(async () => {
    await world.end();
    rmSync(folder, { recursive: true, force: true });
  });
  const spoken: Spoken = {
    world,
    async say(...sentences) {
      for (const sentence of sentences) await runSentence(world, sentence);
    },
    failure: (sentence) =>
      spoken.say(sentence).then(
        () => Promise.reject(new Error(`"${sentence}" was expected to fail, and did not`)),
        (error: unknown) => (error as Error).message,
      ),
  };
  await spoken.say('a host "app"', 'a host "db"');
  return spoken;
}

const refusals: readonly (readonly [before: readonly string[], sentence: string, RegExp])[] = [
  [[], 'a host "db"', /^host "db" already exists$/],
  [[], 'host "app" crashes and burns', /no step|matches/],
  [
    [],
    'host "ap" crashes',
    /^there is no host "ap" \(did you mean "app"\? this scenario has: "local", "app", "db"\)$/,
  ],
  [[], 'host "app" restarts', /^host "app" is up$/],
  [['host "app" crashes'], 'host "app" crashes', /^host "app" is down already$/],
  [
    ['the name "x.test" points to host "db"'],
    'the name "x.test" points to host "app"',
    /^the name "x.test" already points to host "db"$/,
  ],
  [[], 'host "app" is cut off from host "app"', /^host "app" cannot be cut off from itself$/],
  [
    ['host "app" is cut off from host "db"'],
    'host "db" is cut off from host "app"',
    /^host "db" is already cut off from host "app"$/,
  ],
  [
    ['host "app" can no longer reach host "db"'],
    'host "app" can no longer reach host "db"',
    /^host "app" is already cut off/,
  ],
  [[], 'host "app" can reach host "db" again', /^host "app" was not cut off from host "db"$/],
  [
    ['host "app" is cut off from host "db"'],
    'the network is partitioned for 1 s',
    /^the network is already cut: let it heal first$/,
  ],
  [
    [],
    'data from host "app" to host "app" is held back',
    /^data is held back between two hosts, not within one$/,
  ],
  [
    [],
    'data from host "app" to host "db" flows again',
    /^nothing was held back from host "app" to host "db"$/,
  ],
  [
    [],
    'the link between host "app" and host "db" takes 1 ms with 2 ms of jitter',
    /^2 ms of jitter is more than the delay of 1 ms$/,
  ],
  [
    [],
    'connection 1 is split both directions at message 0 offset 1',
    /^a split has one direction$/,
  ],
  [['1 s passes'], 'it is 2 s since the scenario started', /^it is 1 s since .*, expected 2 s\n/],
  [[], 'a simulated network', /^this scenario already has open connections$/],
];

for (const [before, sentence, message] of refusals) {
  test(`"${sentence}" is refused: ${message}`, async (context) => {
    const { say, failure } = await simulated(context);
    await say(...before);

    assert.match(await failure(sentence), message);
  });
}

test('what is pending is told thing by thing', async (context) => {
  const { world, say, failure } = await simulated(context);
  await say(
    'a listener "store" that echoes',
    'the listener "store" runs on host "db"',
    'the client "alice" runs on host "app"',
    'the link between host "app" and host "db" takes 1 s',
    'client "alice" connects to the listener "store"',
    'client "alice" sends "PING"',
  );
  world.clock.after(60_000_000, () => undefined, 'a timer of the test');

  const text = await failure('nothing is pending');

  assert.match(text, /^\d things? pending\n/);
  assert.match(text, /4 bytes on the way at c1 of client "alice"/);
  assert.match(text, /a timer runs: a timer of the test/);
});

test('random data follows from the seed, and a file that is not there is told', async (context) => {
  const { say, failure } = await simulated(context);
  await say(
    'a listener "echo" that echoes',
    'a client "alice" connected to the listener "echo"',
    'client "alice" sends 8 bytes of random data',
    'client "alice" receives everything it sent',
  );

  assert.match(await failure('client "alice" sends file "gone.bin"'), /^file "gone.bin" not found/);
});
