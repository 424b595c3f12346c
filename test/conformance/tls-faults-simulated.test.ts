import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SimulatedWorld, simulatedWorld } from '../../src/simulation/world';
import { inWorld, type Maker } from './maker';
import { playRow, tlsMatrix } from './tls-matrix';

const maker: Maker = {
  name: 'the simulated network',
  simulated: true,
  makeWorld: async () => simulatedWorld({ trace: 'full' }),
  run: (world, body) => (world as SimulatedWorld).drive(body),
};

test(`${maker.name}: every row of the matrix of TLS ends as it has to`, {
  timeout: 120_000,
}, async (t) => {
  for (const row of await tlsMatrix()) {
    const { name, expect } = row;
    await t.test(`${name} is told as ${Object.values(expect).join(' / ')}`, () =>
      inWorld(maker, async (world) => assert.deepEqual(await playRow(world, row), expect)),
    );
  }
});
