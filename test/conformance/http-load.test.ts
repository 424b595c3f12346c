import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpService } from '../../examples/http-over-tcp/http-service';
import { realWorld } from '../../src/network/real/world';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';

const users = 10;
const requestsOfEach = 50;
const request = Buffer.from('POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\nHello World');
const response =
  'HTTP/1.1 200 Ok\r\nContent-Type:text/plain\r\nContent-Length: 11\r\n\r\nHello World';

// Case 53, I4, I24: bounded, with its figure printed and no figure required.
test('ten users of the HTTP example get every answer, and none gets that of another', async (t) => {
  const world = realWorld();
  const listener = new Listener(0, { world }).attach(httpService);
  const { port } = await listener.start();
  const begunUs = world.clock.now();

  await Promise.all(
    Array.from({ length: users }, async () => {
      const client = await Client.connect('127.0.0.1', port, { world });
      for (let asked = 0; asked < requestsOfEach; asked++) {
        await client.writeBytes(request);
        const answer = await client.readBytes(response.length);
        assert.equal(Buffer.from(answer).toString(), response);
      }
      await client.close();
    }),
  );

  const seconds = (world.clock.now() - begunUs) / 1_000_000;
  const rate = Math.round((users * requestsOfEach) / seconds);
  t.diagnostic(`${users * requestsOfEach} requests, ${rate} a second`);
  await listener.gracefulStop();
  assert.ok(world.scope.leaks().clean);
});
