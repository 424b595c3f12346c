import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionIds } from '../../../../src/network/world/connection-ids';

test('connections are numbered from one, and both ends can share a number', () => {
  const ids = new ConnectionIds();

  const first = ids.next();
  const second = ids.next();

  assert.deepEqual([ids.dialled(first), ids.accepted(first)], ['c1', 's1']);
  assert.deepEqual([ids.dialled(second), ids.accepted(second)], ['c2', 's2']);
});
