import assert from 'node:assert/strict';
import { createClient } from 'redis';
import { interceptHosts } from '../../src/simulation/intercept';
import type { SimulatedWorld } from '../../src/simulation/world';
import { redisServer } from '../support/redis-server';
import { type HostedService, serveOnHost } from '../support/serve-on-host';
import type { DriverRow } from './driver-case';

export const row: DriverRow = {
  name: 'redis',
  hook: "`interceptHosts(world, ['cache:6379'])`",
  answered: 'SET, GET, INCR over RESP3',
  waited: 'INCR waits for reconnects to a server that is down for 10 minutes',
  seconds: [600, 606],
  sameTrace: 'yes',
  ownWorker: false,
  preload: false,
};

const options = { url: 'redis://cache:6379' } as const;

export async function answered(world: SimulatedWorld): Promise<void> {
  await serve(world);
  const client = await createClient(options).connect();

  assert.equal(await client.set('colour', 'blue'), 'OK');
  assert.equal(await client.get('colour'), 'blue');
  assert.equal(await client.get('shape'), null);
  assert.deepEqual(await Promise.all([client.incr('n'), client.incr('n')]), [1, 2]);
  await assert.rejects(client.lPush('list', '1'), /unknown command 'LPUSH'/);

  await client.close();
}

export async function waited(world: SimulatedWorld): Promise<number> {
  const server = await serve(world);
  const client = createClient({ ...options, commandOptions: { timeout: 0 } });
  const failures: string[] = [];
  client.on('error', ({ code, name }) => failures.push(code ?? name));
  await client.connect();
  await client.incr('n');

  const start = world.clock.now();
  world.simulation.host('cache').kill();
  await new Promise((resolve) => client.once('reconnecting', resolve));
  const counted = client.incr('n');
  await world.advance('10 minutes');
  await server.restart();
  assert.equal(await counted, 2);
  const passed = world.clock.now() - start;

  assert.ok(failures.length > 250, `${failures.length} attempts`);
  await client.close();
  return passed;
}

function serve(world: SimulatedWorld): Promise<HostedService> {
  interceptHosts(world, ['cache:6379']);
  return serveOnHost({ world, host: 'cache', port: 6_379 }, redisServer(new Map()));
}
