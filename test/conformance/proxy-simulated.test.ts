import { test } from 'node:test';
import { type SimulatedWorld, simulatedWorld } from '../../src/simulation/world';
import { faultContract } from './fault-contract';
import type { Maker } from './maker';
import { proxyContract } from './proxy-contract';
import { toxicContract } from './toxic-contract';
import { triggerContract } from './trigger-contract';

const maker: Maker = {
  name: 'the simulated network',
  simulated: true,
  makeWorld: async () => simulatedWorld({ trace: 'full' }),
  run: (world, body) => (world as SimulatedWorld).drive(body),
};

for (const { claim, check } of [
  ...proxyContract,
  ...toxicContract,
  ...faultContract,
  ...triggerContract,
]) {
  test(`${maker.name}: ${claim}`, { timeout: 20_000 }, () => check(maker));
}
