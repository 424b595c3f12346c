import { test } from 'node:test';
import type { Connection } from '../../src/network/connection';
import { realWorld } from '../../src/network/real/world';
import type { World } from '../../src/network/world';
import { withNetwork } from '../support/tcp-world';
import { faultContract } from './fault-contract';
import type { Maker } from './maker';
import { proxyContract } from './proxy-contract';
import { toxicContract } from './toxic-contract';
import { triggerContract } from './trigger-contract';

const makers: readonly Maker[] = [
  {
    name: 'the real network',
    simulated: false,
    makeWorld: async () => realWorld({ trace: { mode: 'full' } }),
  },
  { name: 'the real network, untraced', simulated: false, makeWorld: async () => realWorld() },
  {
    name: 'the real network, where no memory is lent',
    simulated: false,
    makeWorld: async () => lendingNothing(realWorld()),
  },
];

const claims = [...proxyContract, ...toxicContract, ...faultContract, ...triggerContract];
for (const [index, maker] of makers.entries()) {
  // Only the first keeps a trace.
  for (const { claim, check } of claims.filter(
    (some) => index === 0 || !/trace/.test(some.claim),
  )) {
    test(`${maker.name}: ${claim}`, { timeout: 20_000 }, () => check(maker));
  }
}

/** As on a version of Node whose sockets lack what lending is made of. */
function lendingNothing(world: World): World {
  const { network } = world;
  const unlent = (connection: Connection): Connection =>
    Object.assign(connection, { lendTo: () => false });
  return withNetwork(world, {
    connect: (options) => unlent(network.connect(options)),
    listen: (options, accept) =>
      network.listen(options, (connection) => accept(unlent(connection))),
  });
}
