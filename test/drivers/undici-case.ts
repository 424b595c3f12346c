import assert from 'node:assert/strict';
import { Agent, request } from 'undici';
import { forUndici } from '../../src/simulation/drivers';
import type { SimulatedWorld } from '../../src/simulation/world';
import { httpService } from '../support/http-service';
import { serveOnHost } from '../support/serve-on-host';
import type { DriverRow } from './driver-case';

export const row: DriverRow = {
  name: 'undici',
  hook: '`new Agent(forUndici(world))`',
  answered: 'requests over one connection that is kept alive',
  waited: '`headersTimeout` of 300 s',
  seconds: [300, 302],
  sameTrace: 'in a worker of its own: its ticker lives as long as the process',
  ownWorker: true,
  preload: false,
};

export async function answered(world: SimulatedWorld): Promise<void> {
  await serveOnHost({ world, host: 'api', port: 80 }, httpService());
  const dispatcher = new Agent({ ...forUndici(world), connections: 1 });

  for (const body of ['first', 'second']) {
    const answer = await request('http://api/echo', { dispatcher, method: 'POST', body });
    assert.deepEqual([answer.statusCode, await answer.body.text()], [200, body]);
  }
  const missing = await request('http://api/nothing', { dispatcher });
  assert.deepEqual([missing.statusCode, await missing.body.text()], [404, '']);
  await assert.rejects(request('http://api:81/', { dispatcher }), { code: 'ECONNREFUSED' });

  const dials = world.trace.events.filter(({ kind }) => kind === 'established');
  assert.equal(dials.length, 1);
  await dispatcher.close();
}

export async function waited(world: SimulatedWorld): Promise<number> {
  await serveOnHost({ world, host: 'api', port: 80 }, httpService());
  const dispatcher = new Agent({ ...forUndici(world), headersTimeout: 300_000 });

  const start = world.clock.now();
  const silence = request('http://api/silence', { dispatcher });
  await assert.rejects(silence, { code: 'UND_ERR_HEADERS_TIMEOUT' });
  const passed = world.clock.now() - start;

  await dispatcher.close();
  return passed;
}
