import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultTypes } from '../../../src/faults/fault-names';
import { catalogue } from '../../../src/steps/catalogue';
import { unusedSteps } from '../../support/unused-steps';
import { readFiles } from '../repository-files';

test('every sentence of the catalogue occurs in a feature', async () => {
  const features = readFiles(['features'], /\.feature$/);

  const unused = await unusedSteps(catalogue, features);

  assert.deepEqual(
    unused.map(({ expression }) => expression),
    [],
  );
});

/** Kinds of faults that have a sentence of their own. */
const spoken: Readonly<Record<string, RegExp>> = {
  latency: / delays (upstream|downstream|both directions) by /,
  bandwidth: / limits (upstream|downstream|both directions) to /,
  truncate: / cuts the connection after /,
  limit_time: / resets the connection after /,
  segments: / slices (upstream|downstream|both directions) into /,
  corrupt: / flips bit /,
  replace: / replaces ".*" with /,
  half_close: / half-closes (upstream|downstream) after /,
  drop: / drops .*% of the chunks /,
};

test('every kind of fault is shown by a scenario', () => {
  const features = readFiles(['features/04-proxies'], /\.feature$/);
  const text = features.map((feature) => feature.text).join('\n');

  const unseen = [...faultTypes.keys()].filter(
    (type) => !text.includes(`has the fault "${type}"`) && spoken[type]?.test(text) !== true,
  );

  assert.deepEqual(unseen, []);
  assert.deepEqual(
    Object.values(spoken).filter((sentence) => !sentence.test(text)),
    [],
  );
});
