/** Every driver without its hook: `interceptHosts` alone leads it into the world. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import mqtt from 'mqtt';
import mysql from 'mysql2/promise';
import { createClient } from 'redis';
import { Agent, request } from 'undici';
import { interceptHosts } from '../../src/simulation/intercept';
import { planFromSeed } from '../../src/simulation/seed-plan';
import { simulatedWorld } from '../../src/simulation/world';
import type { Service } from '../../src/tcp/service';
import { httpService } from '../support/http-service';
import { mqttBroker } from '../support/mqtt-broker';
import { mysqlServer } from '../support/mysql-server';
import { postgresServer } from '../support/postgres-server';
import { redisServer } from '../support/redis-server';
import { serveOnHost } from '../support/serve-on-host';
import { Client } from './pg-client';

/** What each driver asks of the host `peer`, and what it gets. */
const drivers: readonly {
  readonly name: string;
  readonly port: number;
  readonly server: Service['onConnect'];
  readonly ask: () => Promise<unknown>;
  readonly answer: unknown;
}[] = [
  {
    name: 'ioredis',
    port: 6_379,
    server: redisServer(new Map()),
    async ask() {
      const redis = new Redis({ host: 'peer' });
      const reply = await redis.echo('hello');
      await redis.quit();
      return reply;
    },
    answer: 'hello',
  },
  {
    name: 'redis',
    port: 6_379,
    server: redisServer(new Map()),
    async ask() {
      const client = await createClient({ url: 'redis://peer' }).connect();
      const reply = await client.echo('hello');
      await client.close();
      return reply;
    },
    answer: 'hello',
  },
  {
    name: 'pg',
    port: 5_432,
    server: postgresServer(),
    async ask() {
      const client = new Client({ host: 'peer', user: 'ada', database: 'books' });
      await client.connect();
      const { rows } = await client.query('select 42 as answer');
      await client.end();
      return rows;
    },
    answer: [{ answer: 42 }],
  },
  {
    name: 'mysql2',
    port: 3_306,
    server: mysqlServer(),
    async ask() {
      const connection = await mysql.createConnection({ host: 'peer', user: 'ada' });
      const [rows] = await connection.query('select 42 as answer');
      await connection.end();
      return rows;
    },
    answer: [{ answer: 42 }],
  },
  {
    name: 'mqtt',
    port: 1_883,
    server: mqttBroker(),
    async ask() {
      const client = await mqtt.connectAsync('mqtt://peer');
      const message = new Promise((resolve) => {
        client.once('message', (_topic, payload) => resolve(payload.toString()));
      });
      await client.subscribeAsync('news');
      await client.publishAsync('news', 'hello');
      const heard = await message;
      await client.endAsync();
      return heard;
    },
    answer: 'hello',
  },
  {
    name: 'undici',
    port: 80,
    server: httpService(),
    async ask() {
      const dispatcher = new Agent();
      const answer = await request('http://peer/echo', { dispatcher, method: 'POST', body: 'hi' });
      const text = await answer.body.text();
      await dispatcher.close();
      return text;
    },
    answer: 'hi',
  },
  {
    name: 'http',
    port: 80,
    server: httpService(),
    async ask() {
      const agent = new http.Agent({ keepAlive: true });
      const asked = http.request({ host: 'peer', path: '/echo', method: 'POST', agent });
      asked.end('hi');
      const [response] = (await once(asked, 'response')) as [http.IncomingMessage];
      const text = (await response.toArray()).join('');
      agent.destroy();
      return text;
    },
    answer: 'hi',
  },
];

for (const { name, port, server, ask, answer } of drivers) {
  test(`${name} reaches the world by a host rule alone`, { timeout: 20_000 }, async () => {
    for (const plan of [{ v: 1 } as const, planFromSeed(6, 'rough')]) {
      const world = simulatedWorld({ plan, globals: 'installed' });
      await world.run(async () => {
        await serveOnHost({ world, host: 'peer', port }, server);
        interceptHosts(world, ['peer']);

        assert.deepEqual(JSON.parse(JSON.stringify(await ask())), answer);

        await world.advance('1 min');
        assert.deepEqual(world.scope.leaks().connections, []);
      });
      assert.deepEqual(world.escapes, []);
    }
  });
}
