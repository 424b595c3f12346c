import { test } from 'node:test';
import { realWorld } from '../../src/network/real/world';
import { faultContract } from './fault-contract';
import type { Maker } from './maker';
import { proxyContract } from './proxy-contract';
import { toxicContract } from './toxic-contract';
import { triggerContract } from './trigger-contract';

const maker: Maker = {
  name: 'the real network',
  simulated: false,
  makeWorld: async () => realWorld({ trace: { mode: 'full' } }),
};

for (const { claim, check } of [
  ...proxyContract,
  ...toxicContract,
  ...faultContract,
  ...triggerContract,
]) {
  test(`${maker.name}: ${claim}`, { timeout: 20_000 }, () => check(maker));
}
