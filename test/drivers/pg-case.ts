import assert from 'node:assert/strict';
import { forPg } from '../../src/simulation/drivers';
import type { SimulatedWorld } from '../../src/simulation/world';
import { postgresServer } from '../support/postgres-server';
import { serveOnHost } from '../support/serve-on-host';
import type { DriverRow } from './driver-case';
import { Client, Pool } from './pg-client';

export const row: DriverRow = {
  name: 'pg',
  hook: '`new Client({ ...forPg(world) })`',
  answered: 'queries, one with a parameter, and through a pool',
  waited: '`connectionTimeoutMillis` of 60 s, then `query_timeout` of 5 minutes',
  seconds: [360, 361],
  sameTrace: 'yes',
  ownWorker: false,
  preload: false,
};

const target = { host: 'db', user: 'ada', database: 'books' };

export async function answered(world: SimulatedWorld): Promise<void> {
  await serveOnHost({ world, host: 'db', port: 5_432 }, postgresServer());
  const client = new Client({ ...target, ...forPg(world) });
  await client.connect();

  assert.deepEqual((await client.query('select 42 as answer')).rows, [{ answer: 42 }]);
  const parameter = { text: 'select $1::text as name', values: ['Ada'] };
  assert.deepEqual((await client.query(parameter)).rows, [{ name: 'Ada' }]);
  await assert.rejects(client.query('drop table books'), { code: '42601' });
  await client.end();

  const pool = new Pool({ ...target, ...forPg(world), max: 2 });
  const results = await Promise.all([1, 2, 3].map((n) => pool.query(`select ${n} as n`)));
  assert.deepEqual(
    results.flatMap(({ rows }) => rows),
    [{ n: 1 }, { n: 2 }, { n: 3 }],
  );
  await pool.end();
}

export async function waited(world: SimulatedWorld): Promise<number> {
  await serveOnHost({ world, host: 'db', port: 5_432 }, postgresServer());
  const start = world.clock.now();
  world.simulation.partition('local', 'db', { how: 'blackhole' });
  const hasty = new Client({ ...target, connectionTimeoutMillis: 60_000, ...forPg(world) });
  await assert.rejects(hasty.connect(), /timeout expired/);
  assert.equal(world.clock.now() - start, 60_000_000);

  world.simulation.heal();
  const client = new Client({ ...target, query_timeout: 300_000, ...forPg(world) });
  await client.connect();
  await assert.rejects(client.query('select pg_sleep(3600)'), /Query read timeout/);
  const passed = world.clock.now() - start;
  await client.end();
  return passed;
}
