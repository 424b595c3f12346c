import { test } from 'node:test';
import { type SimulatedWorld, simulatedWorld } from '../../src/simulation/world';
import type { Maker } from './maker';
import { tlsOptionsContract } from './tls-options-contract';
import { tlsShownContract } from './tls-shown-contract';

const maker: Maker = {
  name: 'the simulated network',
  simulated: true,
  makeWorld: async () => simulatedWorld({ trace: 'full' }),
  run: (world, body) => (world as SimulatedWorld).drive(body),
};

for (const { claim, check } of [...tlsOptionsContract, ...tlsShownContract]) {
  test(`${maker.name}: ${claim}`, { timeout: 20_000 }, () => check(maker));
}
