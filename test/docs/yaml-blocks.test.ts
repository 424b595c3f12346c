import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printProblem, readMockText } from '../../src/mock/mock-file';
import { allBlocks } from './markdown';

for (const { page, line, code } of allBlocks().filter(({ language }) => language === 'yaml')) {
  test(`the mocks at ${page}:${line} are read without a mistake`, () => {
    const { problems, warnings, mocks } = readMockText(code, `${page}-${line}.yaml`, 'docs');

    assert.deepEqual([...problems, ...warnings].map(printProblem), []);
    assert.ok(mocks.length > 0);
  });
}
