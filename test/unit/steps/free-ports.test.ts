import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Endpoint, Network } from '../../../src/network/network';
import { FreePorts } from '../../../src/steps/free-ports';
import { testWorld } from './program-under-test';

const host = '127.0.0.1';

test('a reserved port is held until it is let go of, and free then', async (t) => {
  const { network } = testWorld(t);
  const ports = new FreePorts();

  const port = await ports.reserve('web', network);
  assert.equal(ports.get('web'), port);
  await assert.rejects(
    network.listen({ host, port }, () => {}),
    { code: 'EADDRINUSE' },
  );

  void ports.release('web');
  const connection = network.connect({ host, port });
  const [error] = await once(connection, 'error');
  assert.equal(error.code, 'ECONNREFUSED');
  const endpoint = await network.listen({ host, port }, () => {});
  await endpoint.close();
  assert.equal(ports.get('web'), port);
});

test('two names never get the same port, also when the system offers it again', async (t) => {
  const { network } = testWorld(t);
  const offers = [7001, 7001, 7001, 7002];
  const closed: number[] = [];
  const repeating = {
    ...network,
    listen: async () => {
      const port = offers.shift() ?? 0;
      const close = async (): Promise<void> => void closed.push(port);
      return { address: { host, port, family: 'IPv4' }, close } as unknown as Endpoint;
    },
  } as unknown as Network;
  const ports = new FreePorts();

  assert.equal(await ports.reserve('a', repeating), 7001);
  assert.equal(await ports.reserve('b', repeating), 7002);

  assert.deepEqual(closed, [7001, 7001]);
  await ports.close();
  assert.deepEqual(closed, [7001, 7001, 7001, 7002]);
});

test('a name is reserved once', async (t) => {
  const { network } = testWorld(t);
  const ports = new FreePorts();
  await ports.reserve('web', network);

  await assert.rejects(ports.reserve('web', network), {
    message: 'free port "web" already exists',
  });
  await ports.close();
});

test('without a port left the failure says so', async () => {
  const full = { listen: () => Promise.reject(new Error('EMFILE')) } as unknown as Network;

  await assert.rejects(new FreePorts().reserve('web', full), { message: 'no free port: EMFILE' });
});
