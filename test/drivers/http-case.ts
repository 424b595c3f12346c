import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import { forHttp } from '../../src/simulation/drivers';
import type { SimulatedWorld } from '../../src/simulation/world';
import type { DriverRow } from './driver-case';

export const row: DriverRow = {
  name: 'node',
  part: '`http.Agent`, `http.Server`',
  hook: '`createConnection` and `serve` of `forHttp(world)`',
  answered: 'requests over one connection that is kept alive',
  waited: '`timeout` of a request, 60 s, then `keepAliveTimeout` of the server, 300 s',
  seconds: [360, 364],
  sameTrace: 'yes, without the `Date` header, which tells real time',
  ownWorker: false,
  preload: false,
};

export async function answered(world: SimulatedWorld): Promise<void> {
  const agent = await serve(world);

  assert.equal(await post(agent, '/echo', 'first'), 'first');
  await world.quiesce();
  assert.equal(await post(agent, '/echo', 'second'), 'second');

  const dials = world.trace.events.filter(({ kind }) => kind === 'established');
  assert.equal(dials.length, 1);
  agent.destroy();
}

export async function waited(world: SimulatedWorld): Promise<number> {
  const agent = await serve(world);
  const start = world.clock.now();
  const slow = http.get({ host: 'api', path: '/silence', agent, timeout: 60_000 });
  slow.on('error', () => {});
  await once(slow, 'timeout');
  slow.destroy();

  await post(agent, '/echo', 'text');
  await world.quiesce();
  const [idle] = Object.values(agent.freeSockets).flat() as Socket[];
  assert.ok(idle);
  await once(idle, 'close');
  const passed = world.clock.now() - start;
  agent.destroy();
  return passed;
}

async function serve(world: SimulatedWorld): Promise<http.Agent> {
  const { createConnection, serve: listen } = forHttp(world);
  const server = http.createServer(async (request, response) => {
    // The header comes from a clock of Node's own.
    response.sendDate = false;
    if (request.url === '/echo') response.end((await request.toArray()).join(''));
  });
  server.keepAliveTimeout = 300_000;
  world.simulation.host('api');
  await world.simulation.on('api', () => listen(server, { port: 80 }));
  return Object.assign(new http.Agent({ keepAlive: true }), { createConnection });
}

async function post(agent: http.Agent, path: string, body: string): Promise<string> {
  const request = http.request({ host: 'api', path, method: 'POST', agent });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return (await response.toArray()).join('');
}
