import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { forIoredis } from '../../src/simulation/drivers';
import type { SimulatedWorld } from '../../src/simulation/world';
import { redisServer } from '../support/redis-server';
import { type HostedService, serveOnHost } from '../support/serve-on-host';
import type { DriverRow } from './driver-case';

export const row: DriverRow = {
  name: 'ioredis',
  hook: '`new Redis({ ...forIoredis(world) })`',
  answered: 'SET, GET, INCR over RESP3',
  waited: 'INCR waits for reconnects to a server that is down for 10 minutes',
  seconds: [600, 606],
  sameTrace: 'yes',
  ownWorker: false,
  preload: false,
};

export async function answered(world: SimulatedWorld): Promise<void> {
  await serve(world);
  const redis = new Redis({ host: 'cache', ...forIoredis(world) });

  assert.equal(await redis.set('colour', 'blue'), 'OK');
  assert.equal(await redis.get('colour'), 'blue');
  assert.equal(await redis.get('shape'), null);
  assert.deepEqual(await Promise.all([redis.incr('n'), redis.incr('n')]), [1, 2]);
  await assert.rejects(redis.lpush('list', 1), /unknown command 'lpush'/);

  await redis.quit();
}

export async function waited(world: SimulatedWorld): Promise<number> {
  const server = await serve(world);
  const redis = new Redis({ host: 'cache', maxRetriesPerRequest: null, ...forIoredis(world) });
  const failures: string[] = [];
  redis.on('error', ({ code }: NodeJS.ErrnoException) => failures.push(String(code)));
  await redis.incr('n');

  const start = world.clock.now();
  world.simulation.host('cache').kill();
  const counted = redis.incr('n');
  await world.advance('10 minutes');
  await server.restart();
  assert.equal(await counted, 2);
  const passed = world.clock.now() - start;

  assert.ok(failures.length > 100, `${failures.length} attempts`);
  assert.deepEqual([...new Set(failures)], ['ECONNREFUSED']);
  redis.disconnect();
  await once(redis, 'end');
  return passed;
}

function serve(world: SimulatedWorld): Promise<HostedService> {
  return serveOnHost({ world, host: 'cache', port: 6_379 }, redisServer(new Map()));
}
