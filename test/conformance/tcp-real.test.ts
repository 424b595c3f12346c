import { test } from 'node:test';
import { realWorld } from '../../src/network/real/world';
import { ballerinaTlsContract } from './ballerina-tls-contract';
import { clientContract } from './client-contract';
import { listenerContract } from './listener-contract';
import type { Maker } from './maker';
import { tlsTcpContract } from './tls-tcp-contract';

const maker: Maker = {
  name: 'the real network',
  simulated: false,
  makeWorld: async () => realWorld({ trace: { mode: 'full' } }),
};

for (const { claim, check } of [
  ...clientContract,
  ...listenerContract,
  ...tlsTcpContract,
  ...ballerinaTlsContract,
]) {
  test(`${maker.name}: ${claim}`, { timeout: 20_000 }, () => check(maker));
}
