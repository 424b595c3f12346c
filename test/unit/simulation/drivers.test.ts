import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import type { Connection } from '../../../src/network/connection';
import { forHttp, forPg } from '../../../src/simulation/drivers';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import type { SimulationOptions } from '../../../src/simulation/world-options';

const limit = { timeout: 20_000 };

test('http keeps a connection alive over segments of one byte', limit, async () => {
  await withHttp({ plan: oneByte }, async (world, agent) => {
    const bodies: string[] = [];
    for (let round = 0; round < 3; round++) {
      bodies.push(await post(agent, `round ${round}`));
      await world.quiesce();
    }

    assert.deepEqual(bodies, ['echo round 0', 'echo round 1', 'echo round 2']);
    const dials = world.trace.events.filter(({ kind }) => kind === 'syn');
    assert.equal(dials.length, 1);
  });
});

test('the keep-alive timeout of a server runs on virtual time', limit, async () => {
  await withHttp({}, async (world, agent, server) => {
    server.keepAliveTimeout = 300_000;
    await post(agent, 'x');
    await world.quiesce();
    const idle = Object.values(agent.freeSockets).flat()[0] as unknown as Connection;

    await once(idle, 'close');

    const seconds = world.clock.now() / 1_000_000;
    assert.ok(seconds >= 300 && seconds < 302, `closed after ${seconds} s`);
  });
});

test('the timeout of a request runs on virtual time', limit, async () => {
  await simulatedWorld().run(async (world) => {
    const { createConnection } = forHttp(world);
    await world.network.listen({ port: 80 }, () => {});
    const request = http.get({
      host: 'localhost',
      port: 80,
      createConnection,
      timeout: 30_000,
    });
    request.on('error', () => {});

    await once(request, 'timeout');

    assert.ok(world.clock.now() >= 30_000_000);
    request.destroy();
  });
});

test('pg gets a stream that it dials by itself', limit, async () => {
  await withEcho(async (world) => {
    const stream = forPg(world).stream() as Connection & { connect(...values: unknown[]): unknown };
    assert.deepEqual([stream.connecting, stream.pending], [false, true]);
    stream.setNoDelay(true);

    stream.connect(7, 'db');

    assert.equal(stream.connecting, true);
    await echo(stream);
    assert.throws(() => stream.connect(7, 'db'), { code: 'ERR_INVALID_STATE' });
    assert.throws(() => stream.connect(), { code: 'ERR_MISSING_ARGS' });
  });
});

const oneByte = {
  v: 1,
  links: [{ from: '*', to: '*', segmenter: { each: 1 } }],
} as const;

async function withHttp(
  options: SimulationOptions,
  body: (world: SimulatedWorld, agent: http.Agent, server: http.Server) => Promise<void>,
): Promise<void> {
  await simulatedWorld(options).run(async (world) => {
    const { createConnection, serve } = forHttp(world);
    const server = http.createServer(async (request, response) => {
      response.end(`echo ${(await request.toArray()).join('')}`);
    });
    await serve(server, { port: 80 });
    const agent = Object.assign(new http.Agent({ keepAlive: true }), { createConnection });
    await body(world, agent, server);
    agent.destroy();
  });
}

function post(agent: http.Agent, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: 'localhost', port: 80, method: 'POST', agent },
      (response) => {
        response.toArray().then((chunks) => resolve(chunks.join('')), reject);
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}

async function withEcho(body: (world: SimulatedWorld) => Promise<void>): Promise<void> {
  await simulatedWorld().run(async (world) => {
    world.simulation.host('db');
    await world.simulation.on('db', () =>
      world.network.listen({ port: 7 }, (peer) => {
        peer.pipe(peer);
      }),
    );
    await body(world);
  });
}

async function echo(stream: Connection): Promise<void> {
  stream.write('ping');
  const [chunk] = await once(stream, 'data');
  assert.equal(String(chunk), 'ping');
}
