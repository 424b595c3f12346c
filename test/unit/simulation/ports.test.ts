import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ports } from '../../../src/simulation/ports';

test('ports are given out from 49152 ascending and around, without those that are taken', () => {
  const ports = new Ports();
  ports.take(65_535, 0);
  const given = Array.from({ length: 16_383 }, () => ports.takeFree(0));

  assert.deepEqual(
    given,
    Array.from({ length: 16_383 }, (_, index) => 49_152 + index),
  );
  ports.giveBack(49_160, 0);
  ports.giveBack(49_155, 0);
  assert.deepEqual([ports.takeFree(0), ports.takeFree(0)], [49_155, 49_160]);
});

test('no port is given out when all are taken', () => {
  const ports = new Ports();
  for (let index = 0; index < 16_384; index++) ports.takeFree(0);

  assert.equal(ports.takeFree(0), undefined);
});

test('a port is free again when its TIME_WAIT is over', () => {
  const ports = new Ports();
  assert.equal(ports.take(80, 0), true);
  assert.equal(ports.take(80, 0), false);

  ports.giveBack(80, 1_000, 60_000);

  assert.equal(ports.take(80, 60_999), false);
  assert.equal(ports.take(80, 61_000), true);
});
