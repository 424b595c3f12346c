import assert from 'node:assert/strict';
import mysql from 'mysql2/promise';
import { forMysql2 } from '../../src/simulation/drivers';
import type { SimulatedWorld } from '../../src/simulation/world';
import { mysqlServer } from '../support/mysql-server';
import { serveOnHost } from '../support/serve-on-host';
import type { DriverRow } from './driver-case';

export const row: DriverRow = {
  name: 'mysql2',
  hook: '`createConnection({ ...forMysql2(world) })`',
  answered: 'ping, queries, and queries through a pool',
  waited: '`connectTimeout` of 60 s, then a query with a `timeout` of 5 minutes',
  seconds: [360, 361],
  sameTrace: 'yes',
  ownWorker: false,
  preload: false,
};

const target = { host: 'db', user: 'ada', password: 'lovelace' };

export async function answered(world: SimulatedWorld): Promise<void> {
  await serveOnHost({ world, host: 'db', port: 3_306 }, mysqlServer());
  const connection = await mysql.createConnection({ ...target, ...forMysql2(world) });

  await connection.ping();
  assert.deepEqual(await rows(connection.query('select 42 as answer')), [{ answer: 42 }]);
  assert.deepEqual(await rows(connection.query("select 'Ada' as name")), [{ name: 'Ada' }]);
  await assert.rejects(connection.query('drop table books'), { errno: 1_064, sqlState: '42000' });
  await connection.end();

  const pool = mysql.createPool({ ...target, ...forMysql2(world), connectionLimit: 2 });
  const results = await Promise.all([1, 2, 3].map((n) => rows(pool.query(`select ${n} as n`))));
  assert.deepEqual(results.flat(), [{ n: 1 }, { n: 2 }, { n: 3 }]);
  await pool.end();
}

export async function waited(world: SimulatedWorld): Promise<number> {
  await serveOnHost({ world, host: 'db', port: 3_306 }, mysqlServer());
  const start = world.clock.now();
  world.simulation.partition('local', 'db', { how: 'blackhole' });
  const hasty = mysql.createConnection({ ...target, connectTimeout: 60_000, ...forMysql2(world) });
  await assert.rejects(hasty, { code: 'ETIMEDOUT' });
  assert.equal(world.clock.now() - start, 60_000_000);

  world.simulation.heal();
  const connection = await mysql.createConnection({ ...target, ...forMysql2(world) });
  const sleep = connection.query({ sql: 'select sleep(3600)', timeout: 300_000 });
  await assert.rejects(sleep, { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
  const passed = world.clock.now() - start;
  connection.destroy();
  return passed;
}

/** The rows of an answer, as plain objects. */
async function rows(answer: Promise<readonly [unknown, unknown]>): Promise<readonly object[]> {
  const [found] = await answer;
  return (found as readonly object[]).map((entry) => ({ ...entry }));
}
