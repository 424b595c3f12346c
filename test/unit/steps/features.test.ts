import assert from 'node:assert/strict';
import { test } from 'node:test';
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
