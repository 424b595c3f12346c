import { test } from 'node:test';
import { type SimulatedWorld, simulatedWorld } from '../../src/simulation/world';
import { ballerinaTlsContract } from './ballerina-tls-contract';
import { clientContract } from './client-contract';
import { listenerContract } from './listener-contract';
import type { Maker } from './maker';
import { tlsTcpContract } from './tls-tcp-contract';

const maker: Maker = {
  name: 'the simulated network',
  simulated: true,
  makeWorld: async () => simulatedWorld({ trace: 'full' }),
  run: (world, body) => (world as SimulatedWorld).drive(body),
};

for (const { claim, check } of [
  ...clientContract,
  ...listenerContract,
  ...tlsTcpContract,
  ...ballerinaTlsContract,
]) {
  test(`${maker.name}: ${claim}`, { timeout: 20_000 }, () => check(maker));
}
