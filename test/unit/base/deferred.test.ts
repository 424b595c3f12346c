import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from '../../../src/base/deferred';

test('a deferred promise resolves with what it is given, once', async () => {
  const later = deferred<number>();

  later.resolve(1);
  later.resolve(2);
  later.reject(new Error('too late'));

  assert.equal(await later.promise, 1);
});

test('a deferred promise rejects with the reason it is given', async () => {
  const later = deferred();
  const reason = new Error('no');

  later.reject(reason);

  await assert.rejects(later.promise, reason);
});

test('a deferred promise takes a callback apart from it', async () => {
  const { promise, resolve } = deferred<string>();

  queueMicrotask(() => resolve('done'));

  assert.equal(await promise, 'done');
});
