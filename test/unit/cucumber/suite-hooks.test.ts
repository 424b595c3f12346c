import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { register } from '../../../src/cucumber/register';
import type { RunnerWorld } from '../../../src/cucumber/runner';
import { realNetwork } from '../../../src/steps/real-network';
import { runSentence } from '../../../src/steps/run-sentence';
import { mocks } from '../../../src/steps/scenario-mock';
import type { StepWorld } from '../../../src/steps/step-world';
import { fakeRunner, hookParameter } from '../../support/fake-runner';

const out = mkdtempSync(join(tmpdir(), 'brine-suite-'));
after(() => rmSync(out, { recursive: true, force: true }));

test('mocks of the suite serve one scenario after the other, each as if they had just started', async () => {
  const file = join(out, 'suite.yaml');
  const rules = '[{ when: PING, then: PONG }]';
  writeFileSync(file, `version: 1\nmocks: [{ name: shared, framing: line, rules: ${rules} }]\n`);
  const runner = fakeRunner();
  register(runner, { networks: { real: realNetwork } });
  const ports: number[] = [];
  const scenario = async (sent: string): Promise<void> => {
    const runnerWorld: RunnerWorld & { brine?: StepWorld } = {
      parameters: { brine: { out, mocks: [file], timeout: '5s' } },
    };
    for (const hook of runner.before) await hook.call(runnerWorld, hookParameter([]));
    const world = runnerWorld.brine;
    assert.ok(world !== undefined);
    await runSentence(world, 'the mock "shared" answers "OWN" with "1"');
    await runSentence(world, 'client "alice" connects to the mock "shared"');
    await runSentence(world, `client "alice" sends "${sent}\\nOWN\\n"`);
    await runSentence(world, 'the mock "shared" received "OWN" once');
    await runSentence(world, 'the mock "shared" accepted 1 connection');
    await assert.rejects(runSentence(world, 'the mock "shared" offers only TLS 1.2'), {
      message: /mock "shared" serves the whole suite/,
    });
    ports.push(mocks(world).get({ name: 'shared' }).server.port);
    for (const hook of runner.after) {
      await hook.call(runnerWorld, hookParameter([], { status: 'PASSED' }));
    }
  };

  await scenario('PING');
  await assert.rejects(scenario('PONG'), /a scenario: mock "shared" received "PONG"/);
  await scenario('PING');
  assert.equal(new Set(ports).size, 1);
  for (const code of runner.afterAll) await code();
});
