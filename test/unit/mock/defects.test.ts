/** Mistakes that mock servers are known for, each shown not to be made here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defectTests, notShown } from './defect-list';
import './defects-bytes';
import './defects-configuration';
import './defects-recording';
import './defects-wire';
import './defects-world';

for (const { title, options, body } of defectTests) {
  test(title, options, async () => {
    await body();
  });
}

test('every known mistake is shown not to be made', () => {
  assert.deepEqual(notShown(), []);
});
