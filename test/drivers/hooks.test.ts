/** What the hooks owe to single drivers, beside what the table tells. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { Agent, request } from 'undici';
import { forHttp, forIoredis, forUndici } from '../../src/simulation/drivers';
import { interceptHosts } from '../../src/simulation/intercept';
import { type SimulatedWorld, simulatedWorld } from '../../src/simulation/world';
import { redisServer } from '../support/redis-server';
import { serveOnHost } from '../support/serve-on-host';

/** A test in a world with a Redis on the host `cache`. */
function withCache(claim: string, body: (world: SimulatedWorld) => Promise<void>): void {
  test(claim, { timeout: 20_000 }, () =>
    simulatedWorld({ globals: 'installed' }).run(async (world) => {
      await serveOnHost({ world, host: 'cache', port: 6_379 }, redisServer(new Map()));
      await body(world);
    }),
  );
}

withCache('ioredis gives up a dead link after its disconnectTimeout', async (world) => {
  const redis = new Redis({ host: 'cache', disconnectTimeout: 7_000, ...forIoredis(world) });
  await redis.ping();
  const start = world.clock.now();
  world.simulation.partition('local', 'cache', { how: 'blackhole' });

  redis.disconnect();
  await once(redis, 'end');

  assert.equal(world.clock.now() - start, 7_000_000);
});

withCache(
  'ioredis fails a command after maxRetriesPerRequest with what the network said',
  async (world) => {
    world.simulation.host('cache').kill();
    const redis = new Redis({ host: 'cache', maxRetriesPerRequest: 20, ...forIoredis(world) });
    const failures: unknown[] = [];
    redis.on('error', ({ message }: Error) => failures.push(message));

    await assert.rejects(redis.get('x'), { name: 'MaxRetriesPerRequestError' });

    assert.equal(failures.length, 21);
    assert.deepEqual(new Set(failures), new Set(['connect ECONNREFUSED 10.0.0.1:6379']));
    redis.disconnect();
  },
);

withCache('redis ends a command that waits for a connection after its own 5 s', async (world) => {
  interceptHosts(world, ['cache']);
  const client = createClient({ url: 'redis://cache' }).on('error', () => {});
  await client.connect();
  world.simulation.host('cache').kill();
  await new Promise((resolve) => client.once('reconnecting', resolve));
  const start = world.clock.now();

  await assert.rejects(
    client.get('x'),
    (error: Error) => error.constructor.name === 'TimeoutError',
  );

  assert.equal(world.clock.now() - start, 5_000_000);
  client.destroy();
});

test('the hook of undici refuses https instead of speaking in plain', async () => {
  await simulatedWorld({ globals: 'installed' }).run(async (world) => {
    const dispatcher = new Agent(forUndici(world));

    await assert.rejects(request('https://api/', { dispatcher }), {
      code: 'ECONFIG',
      message: /^protocol must be "http:", since the hook opens no TLS/,
    });

    assert.deepEqual(world.trace.events, []);
    await dispatcher.close();
  });
});

test('the Date header of http.Server tells real time, as the table says', async () => {
  await simulatedWorld({ globals: 'installed' }).run(async (world) => {
    const { createConnection, serve } = forHttp(world);
    await serve(
      http.createServer((_request, response) => response.end()),
      { port: 80 },
    );
    const asked = http.get({ host: 'localhost', createConnection });
    const [response] = (await once(asked, 'response')) as [http.IncomingMessage];
    response.resume();

    assert.ok(Date.parse(response.headers.date ?? '') - Date.now() > 24 * 3_600_000);
    asked.destroy();
  });
});
