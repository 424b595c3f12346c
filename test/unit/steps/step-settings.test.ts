import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStepOptions } from '../../../src/steps/step-settings';

test('worldParameters.brine may be left out', () => {
  assert.deepEqual(readStepOptions(undefined), {
    network: 'real',
    timeoutMs: 2_000,
    quietMs: 50,
    exitTimeoutMs: 15_000,
    longestWaitMs: 10_000,
    seed: undefined,
    out: '.brine/out',
    strict: false,
    mockMode: undefined,
    redact: [],
    mocks: [],
    capture: { always: false, redact: false },
  });
});

test('durations are numbers of milliseconds or text with a unit', () => {
  const settings = readStepOptions({ timeout: 250, quiet: '10ms', exitTimeout: '1 minute' });

  assert.equal(settings.timeoutMs, 250);
  assert.equal(settings.quietMs, 10);
  assert.equal(settings.exitTimeoutMs, 60_000);
});

const refused: readonly (readonly [value: unknown, message: RegExp])[] = [
  [{ timout: 1 }, /worldParameters\.brine: unknown key "timout" \(did you mean "timeout"\?\)/],
  [{ timeout: '2' }, /worldParameters\.brine\.timeout must be a duration/],
  [{ network: 'cloud' }, /worldParameters\.brine\.network must be one of "real", "simulated"/],
  [{ seed: -1 }, /worldParameters\.brine\.seed must be a whole number/],
  [{ strict: 'yes' }, /worldParameters\.brine\.strict must be true or false/],
  [{ redact: 'x' }, /worldParameters\.brine\.redact must be a list/],
  [{ redact: ['('] }, /worldParameters\.brine\.redact\[0\]/],
  [{ mocks: 'a.yaml' }, /worldParameters\.brine\.mocks must be a list of files/],
  [{ mocks: [1] }, /worldParameters\.brine\.mocks\[0\] must be/],
  [{ capture: true }, /worldParameters\.brine\.capture must be an object of options/],
  [{ capture: { alway: true } }, /unknown key "alway" \(did you mean "always"\?\)/],
  [{ capture: { redact: 1 } }, /worldParameters\.brine\.capture\.redact must be true or false/],
  ['fast', /worldParameters\.brine must be an object/],
];

for (const [value, message] of refused) {
  test(`worldParameters.brine refuses ${JSON.stringify(value)}`, () => {
    assert.throws(() => readStepOptions(value), { message });
  });
}
