import assert from 'node:assert/strict';
import { test } from 'node:test';
import { misspelt, readTags } from '../../../src/steps/scenario-tags';
import { readStepOptions } from '../../../src/steps/step-settings';

const defaults = readStepOptions(undefined);

test('without a tag the settings stay as they are', () => {
  assert.deepEqual(readTags([], defaults).settings, defaults);
});

test('@simulated and @real choose the network over the settings', () => {
  assert.equal(readTags(['@simulated'], defaults).settings.network, 'simulated');
  const simulated = readStepOptions({ network: 'simulated' });
  assert.equal(readTags(['@real'], simulated).settings.network, 'real');
});

test('@simulated with @real is refused', () => {
  assert.throws(() => readTags(['@real', '@simulated'], defaults), {
    message: '@simulated and @real exclude each other',
  });
});

test('@seed(n) sets the seed, the innermost one wins', () => {
  assert.equal(readTags(['@seed(7)', '@seed(42)'], defaults).settings.seed, 42);
});

for (const tag of ['@seed', '@seed()', '@seed(x)', '@seed(1.5)', '@seed(99999999999999999999)']) {
  test(`${tag} is no seed and is refused`, () => {
    assert.throws(() => readTags([tag], defaults), /a seed is written @seed\(42\)/);
  });
}

test('@strict and @lenient decide over the settings', () => {
  assert.equal(readTags(['@strict'], defaults).settings.strict, true);
  assert.equal(readTags(['@lenient'], readStepOptions({ strict: true })).settings.strict, false);
  assert.throws(() => readTags(['@strict', '@lenient'], defaults), /exclude each other/);
});

test('@strict and @lenient decide over the mode of mocks, without them it is their own', () => {
  const strict = readStepOptions({ strict: true });
  assert.equal(readTags(['@strict'], defaults).settings.mockMode, 'strict');
  assert.equal(readTags(['@lenient'], strict).settings.mockMode, 'lenient');
  assert.equal(readTags([], strict).settings.mockMode, 'strict');
  assert.equal(readTags([], defaults).settings.mockMode, undefined);
});

test('@slow doubles the waits and lifts the limit of time that passes', () => {
  const { settings } = readTags(['@slow'], defaults);

  assert.equal(settings.timeoutMs, 4_000);
  assert.equal(settings.longestWaitMs, Number.POSITIVE_INFINITY);
});

test('@wire-log and @keep are told', () => {
  const tags = readTags(['@wire-log', '@keep'], defaults);

  assert.ok(tags.asked.has('@wire-log'));
  assert.equal(tags.keep, true);
});

test('@pcap asks for a capture, over the settings', () => {
  assert.deepEqual(readTags(['@pcap'], defaults).settings.capture, { always: true, redact: false });
  const always = readStepOptions({ capture: { always: true, redact: true } });
  assert.deepEqual(readTags([], always).settings.capture, { always: true, redact: true });
  assert.ok(readTags([], always).asked.has('@pcap'));
  assert.ok(!readTags([], defaults).asked.has('@pcap'));
});

for (const tag of ['@audit', '@verify-twice']) {
  test(`${tag} is refused until its release`, () => {
    assert.throws(() => readTags([tag], defaults), {
      message: `${tag} comes with a later release of Brine`,
    });
  });
}

test('a tag one letter away from one of ours gives a warning, others do not', () => {
  assert.deepEqual(misspelt('@stict'), ['the tag @stict is unknown (did you mean @strict?)']);
  assert.deepEqual(misspelt('@sead(3)'), ['the tag @sead(3) is unknown (did you mean @seed?)']);
  assert.deepEqual(misspelt('@smoke'), []);
  assert.deepEqual(misspelt('@seed(3)'), []);
});
