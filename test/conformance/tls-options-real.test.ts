import { test } from 'node:test';
import { realWorld } from '../../src/network/real/world';
import type { Maker } from './maker';
import { tlsOptionsContract } from './tls-options-contract';
import { tlsShownContract } from './tls-shown-contract';

const maker: Maker = {
  name: 'the real network',
  simulated: false,
  makeWorld: async () => realWorld({ trace: { mode: 'full' } }),
};

for (const { claim, check } of [...tlsOptionsContract, ...tlsShownContract]) {
  test(`${maker.name}: ${claim}`, { timeout: 20_000 }, () => check(maker));
}
