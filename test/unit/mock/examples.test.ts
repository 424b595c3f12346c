import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import Redis from 'ioredis';
import { createTransport } from 'nodemailer';
import { mockFromFile } from '../../../src/mock/mock-builder';
import { Client } from '../../../src/tcp/client';
import { networks } from '../../support/networks';

const run = promisify(execFile);
/** Whether a program is there. */
async function isInstalled(program: string): Promise<boolean> {
  return await run(program, ['--version']).then(
    () => true,
    () => false,
  );
}

test('redis-cli talks to the Redis of the examples', { timeout: 30_000 }, async (context) => {
  if (!(await isInstalled('redis-cli'))) {
    context.diagnostic('redis-cli is not installed');
    return;
  }
  const server = await mockFromFile('examples/mocks/redis.yaml').start();
  const ask = async (...words: string[]): Promise<string> =>
    (await run('redis-cli', ['-h', server.host, '-p', String(server.port), ...words])).stdout;

  assert.equal(await ask('PING'), 'PONG\n');
  assert.equal(await ask('GET', 'count'), '\n');
  assert.match(await ask('FLY'), /ERR unknown command/);

  await server.stop();
  server.verify().all();
});

test('ioredis talks to the Redis of the examples', { timeout: 30_000 }, async () => {
  const server = await mockFromFile('examples/mocks/redis.yaml').start();
  const redis = new Redis({
    host: server.host,
    port: server.port,
    enableReadyCheck: false,
    lazyConnect: true,
  });

  await redis.connect();
  assert.equal(await redis.ping(), 'PONG');
  assert.equal(await redis.get('count'), null);
  assert.equal(await redis.set('count', '42'), 'OK');
  assert.equal(await redis.get('count'), '42');
  await redis.quit();

  await server.stop();
  server
    .verify()
    .received(/SET|set/)
    .all();
});

test('nodemailer sends a mail through STARTTLS to the server of the examples', {
  timeout: 30_000,
}, async () => {
  const server = await mockFromFile('examples/mocks/smtp.yaml').start();
  const transport = createTransport({
    host: server.host,
    port: server.port,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
  });

  const sent = await transport.sendMail({
    from: 'a@mail.test',
    to: 'b@mail.test',
    subject: 'hi',
    text: 'hello',
  });
  transport.close();

  assert.match(sent.response, /250 kept/);
  await server.waitFor('.');
  await server.stop();
  server
    .verify()
    .inOrder('STARTTLS', /^MAIL FROM:/, 'DATA', '.')
    .all();
});

for (const { network, run: inWorld } of networks) {
  test(
    `${network}: the meter of the examples answers with the number of the question`,
    { timeout: 20_000 },
    () =>
      inWorld(async (world) => {
        const server = await mockFromFile('examples/mocks/meter.yaml').start(world);
        const client = await Client.connect(server, { world });

        await client.writeBytes(
          Buffer.from('0005 02 1234 10 05 0005 02 abcd 10 80'.replaceAll(' ', ''), 'hex'),
        );
        assert.equal(Buffer.from(await client.readBytes(8)).toString('hex'), '000602123490002a');
        assert.equal(Buffer.from(await client.readBytes(7)).toString('hex'), '000502abcd90ff');
        await client.writeBytes(Buffer.from('0001ff', 'hex'));
        assert.equal((await client.readBytes(1_026)).length, 1_026);
        await client.close();
        await server.stop();
        server.verify().all();
      }),
  );

  test(`${network}: the chat of the examples tells everybody else`, { timeout: 20_000 }, () =>
    inWorld(async (world) => {
      const server = await mockFromFile('examples/mocks/chat.yaml').start(world);
      const [alice, bob] = [
        await Client.connect(server, { world }),
        await Client.connect(server, { world }),
      ];
      const line = async (client: Client): Promise<string> =>
        String(await client.readUntil(Buffer.from('\n')));
      assert.equal(await line(alice), 'welcome, 1\n');
      assert.equal(await line(bob), 'welcome, 2\n');

      await alice.writeBytes(Buffer.from('say hello\nleave\n'));

      assert.equal(await line(bob), '1: hello\n');
      assert.equal(await line(bob), '1 left\n');
      assert.equal(await line(alice), 'ok\n');
      await alice.close();
      await bob.close();
      await server.stop();
      server.verify().all();
    }),
  );
}
