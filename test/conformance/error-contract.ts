import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Claim, contract, inWorld, type Maker } from './maker';
import { connectPair, dial, ended, failureOf, listenOnce, write } from './pair';

type Fields = Pick<NodeJS.ErrnoException, 'code' | 'errno' | 'syscall' | 'message'> & {
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
};

/** @source SIMULATION.md 7.5; SIMULATION.md 8, line 3 */
const dialErrors = contract((claim) => {
  claim('a dial to a port where nobody listens is refused', async (world) => {
    const { endpoint } = await listenOnce(world);
    const { host, port } = endpoint.address;
    await endpoint.close();

    const client = world.network.connect({ host, port });
    const error = await failureOf(client);
    await ended(client);

    assert.deepEqual(fieldsOf(error), {
      code: 'ECONNREFUSED',
      errno: -111,
      syscall: 'connect',
      message: `connect ECONNREFUSED ${host}:${port}`,
      address: host,
      port,
    });
    assert.equal(client.info().ended, 'error');
  });

  claim('a dial to a name that does not exist is ENOTFOUND', async (world) => {
    const client = world.network.connect({ host: 'nohost.invalid', port: 1 });

    assert.deepEqual(fieldsOf(await failureOf(client)), {
      code: 'ENOTFOUND',
      errno: -3008,
      syscall: 'getaddrinfo',
      message: 'getaddrinfo ENOTFOUND nohost.invalid',
      hostname: 'nohost.invalid',
    });
  });

  claim('a dial from a local address of somebody else is EADDRNOTAVAIL', async (world) => {
    const { endpoint } = await listenOnce(world);
    const client = dial(world, endpoint, { localAddress: '192.0.2.201' });

    const { code, errno, syscall } = await failureOf(client);

    assert.deepEqual([code, errno, syscall], ['EADDRNOTAVAIL', -99, 'bind']);
  });

  claim('a dial from a local name that does not exist is EADDRNOTAVAIL, later', async (world) => {
    const { endpoint } = await listenOnce(world);
    const client = dial(world, endpoint, { localAddress: 'nohost.invalid' });
    assert.equal(client.connecting, true);

    const { code, syscall } = await failureOf(client);

    assert.deepEqual([code, syscall], ['EADDRNOTAVAIL', 'bind']);
  });

  claim('a dial from a local name binds to what the name stands for', async (world) => {
    const { endpoint, accepted } = await listenOnce(world);
    const client = dial(world, endpoint, { localAddress: 'localhost' });
    client.write('early');

    const server = await accepted;
    const [chunk] = await once(server, 'data');

    assert.equal(String(chunk), 'early');
    assert.equal(server.remote.host, '127.0.0.1');
  });

  claim('a port outside its range is thrown at once', async (world) => {
    for (const port of [70_000, -1, 1.5]) {
      assert.throws(() => world.network.connect({ host: '127.0.0.1', port }), {
        name: 'RangeError',
        code: 'ERR_SOCKET_BAD_PORT',
        message: `Port should be >= 0 and < 65536. Received type number (${port}).`,
      });
    }
    const { clean } = world.scope.leaks();
    assert.equal(clean, true);
  });

  claim('an aborted signal ends a dial with an AbortError', async (world) => {
    const { endpoint } = await listenOnce(world);
    const controller = new AbortController();
    const client = dial(world, endpoint, { signal: controller.signal });
    const failure = failureOf(client);
    const over = ended(client);

    controller.abort(new Error('enough'));
    await over;

    const { name, code, cause } = await failure;
    assert.deepEqual([name, code], ['AbortError', 'ABORT_ERR']);
    assert.equal((cause as Error).message, 'enough');
  });

  claim('an aborted signal ends an open connection with an AbortError', async (world) => {
    const controller = new AbortController();
    const { client, server } = await connectPair(world, {
      connect: { signal: controller.signal },
    });
    server.resume();
    const failure = failureOf(client);
    const peerOver = ended(server);

    controller.abort();

    assert.equal((await failure).name, 'AbortError');
    await peerOver;
    assert.equal(server.info().ended, 'fin');
  });

  claim('a signal that was aborted before ends the dial all the same', async (world) => {
    const { endpoint } = await listenOnce(world);
    const client = dial(world, endpoint, { signal: AbortSignal.abort() });

    assert.equal((await failureOf(client)).name, 'AbortError');
    assert.equal(endpoint.connections, 0);
  });
});

/** @source SIMULATION.md 7.5 */
const listenErrors = contract((claim) => {
  claim('a port that is taken is EADDRINUSE', async (world) => {
    const { endpoint } = await listenOnce(world);
    const { host, port } = endpoint.address;

    const failure = await rejectionOf(world.network.listen({ host, port }, () => undefined));

    assert.deepEqual(fieldsOf(failure), {
      code: 'EADDRINUSE',
      errno: -98,
      syscall: 'listen',
      message: `listen EADDRINUSE: address already in use ${host}:${port}`,
      address: host,
      port,
    });
  });

  claim('listening on an address of somebody else is EADDRNOTAVAIL', async (world) => {
    const failure = await rejectionOf(
      world.network.listen({ host: '192.0.2.201', port: 0 }, () => undefined),
    );

    assert.deepEqual(
      [failure.code, failure.errno, failure.syscall],
      ['EADDRNOTAVAIL', -99, 'listen'],
    );
    assert.equal(failure.message, 'listen EADDRNOTAVAIL: address not available 192.0.2.201');
  });

  claim('listening on a port outside its range rejects', async (world) => {
    const failure = await rejectionOf(world.network.listen({ port: 70_000 }, () => undefined));

    assert.deepEqual([failure.name, failure.code], ['RangeError', 'ERR_SOCKET_BAD_PORT']);
    assert.equal(world.scope.leaks().clean, true);
  });
});

/** @source SIMULATION.md 7.5 */
const writeErrors = contract((claim) => {
  claim('a write after end is ERR_STREAM_WRITE_AFTER_END', async (world) => {
    const { client } = await connectPair(world);
    client.on('error', () => undefined);
    client.end();

    const outcome = await write(client, 'too late');

    assert.deepEqual(
      [outcome?.code, outcome?.message],
      ['ERR_STREAM_WRITE_AFTER_END', 'write after end'],
    );
  });

  claim('a write of a dial that was destroyed tells so', async (world) => {
    const { endpoint } = await listenOnce(world);
    const client = dial(world, endpoint);

    const outcome = write(client, 'never sent');
    client.destroy();

    assert.deepEqual(
      [(await outcome)?.code, (await outcome)?.message],
      [
        'ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
        'Socket closed before the connection was established',
      ],
    );
  });

  claim('a write on a closed connection fails', async (world) => {
    const { client } = await connectPair(world);
    const over = ended(client);
    client.destroy();
    await over;

    assert.equal((await write(client, 'too late'))?.code, 'ERR_STREAM_DESTROYED');
  });
});

/** @source SIMULATION.md 8, line 14 */
const unheardErrors: readonly Claim[] = [
  {
    claim: 'an error that nobody listens to is raised and charged to the scope',
    check: async (maker: Maker) => {
      const charged: Error[] = [];
      const raised = await uncaughtDuring(() =>
        inWorld(maker, async (world) => {
          const { endpoint } = await listenOnce(world);
          await endpoint.close();
          const client = dial(world, endpoint);
          await new Promise<void>((resolve) => client.once('close', () => resolve()));
          charged.push(...world.scope.leaks().unhandledErrors);
        }),
      );

      assert.equal(raised.length > 0, true);
      assert.match(String(raised[0]), /ECONNREFUSED/);
      if (!maker.simulated) {
        assert.deepEqual(charged, raised);
      }
    },
  },
];

/** The errors that connections and endpoints raise. */
export const errorContract: readonly Claim[] = [
  ...dialErrors,
  ...listenErrors,
  ...writeErrors,
  ...unheardErrors,
];

function fieldsOf(error: NodeJS.ErrnoException & Partial<Fields>): Partial<Fields> {
  const { code, errno, syscall, message, address, port, hostname } = error;
  const fields = { code, errno, syscall, message, address, port, hostname };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

async function rejectionOf(promise: Promise<unknown>): Promise<NodeJS.ErrnoException> {
  try {
    await promise;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new assert.AssertionError({ message: 'nothing was rejected' });
}

/** What a body raises that nobody catches, as rejection or past everybody. */
async function uncaughtDuring(body: () => Promise<void>): Promise<unknown[]> {
  const raised: unknown[] = [];
  const collect = (error: unknown): void => {
    raised.push(error);
  };
  // The test runner listens too, and would fail the test.
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', collect);
  try {
    await body().catch(collect);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const other of others) process.on('uncaughtException', other);
  }
  return raised;
}
