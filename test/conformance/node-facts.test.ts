/**
 * Facts of Node and TCP that the real network is built around, shown on bare `node:net`.
 *
 * Each has a page in docs/notes. Where a Node line has mended something, the test says which.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const limit = { timeout: 20_000 };
const node20 = process.versions.node.startsWith('20.');

interface Bare {
  readonly client: Socket;
  readonly server: Socket;
}

/** Two ends of bare Node, half open, the accepted one unread; both are destroyed afterwards. */
async function withPair(
  body: (pair: Bare) => Promise<void>,
  options: { readonly pauseOnConnect?: boolean; readonly allowHalfOpen?: boolean } = {},
): Promise<void> {
  const { pauseOnConnect = true, allowHalfOpen = true } = options;
  const listener = createServer({ pauseOnConnect, allowHalfOpen });
  const port = await portOf(listener);
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen });
  const [[server]] = await Promise.all([once(listener, 'connection'), once(client, 'connect')]);
  listener.close();
  for (const end of [client, server]) end.on('error', () => undefined);
  try {
    await body({ client, server });
  } finally {
    client.destroy();
    server.destroy();
  }
}

async function portOf(listener: Server): Promise<number> {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

/** What is under way on the loopback arrives: several turns of the event loop, however busy it is. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await wait(2);
}

function write(end: Socket, bytes: Uint8Array | string): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => end.write(bytes, (error) => resolve(error ?? null)));
}

/** Unlike `once`, not disturbed by an error. */
function closed(end: Socket): Promise<void> {
  return new Promise((resolve) => end.once('close', () => resolve()));
}

function journalOf(end: Socket): string[] {
  const journal: string[] = [];
  end.on('end', () => journal.push('end'));
  end.on('error', ({ code, syscall }: NodeJS.ErrnoException) =>
    journal.push(`error ${syscall} ${code}`),
  );
  end.on('close', () => journal.push('close'));
  return journal;
}

// docs/notes/bad-arguments-throw.md

test('a bad port and a local address that is a name are thrown, not emitted', limit, () => {
  assert.throws(() => new Socket().connect({ port: 70_000 }), { code: 'ERR_SOCKET_BAD_PORT' });
  assert.throws(() => new Socket().connect({ port: 1, localAddress: 'localhost' }), {
    code: 'ERR_INVALID_IP_ADDRESS',
  });
});

test(
  'a local address of somebody else is an asynchronous EADDRNOTAVAIL of bind',
  limit,
  async () => {
    const socket = connect({ port: 1, host: '127.0.0.1', localAddress: '192.0.2.201' });

    const [error] = await once(socket, 'error');

    assert.deepEqual([error.code, error.syscall], ['EADDRNOTAVAIL', 'bind']);
  },
);

test('a local port outside its range is not refused as one', limit, async () => {
  const socket = connect({ port: 1, host: '127.0.0.1', localPort: 70_000 });

  const [error] = await once(socket, 'error');

  assert.equal(error.code === 'ERR_SOCKET_BAD_PORT', false);
});

// docs/notes/local-port-at-attempt.md

test('a dial knows its local port before anything can be accepted', limit, async () => {
  const order: string[] = [];
  const listener = createServer((socket) => {
    order.push(`accepted ${socket.remotePort}`);
    socket.destroy();
  });
  const port = await portOf(listener);
  const client = connect({ port, host: '127.0.0.1' });
  client.on('connectionAttempt', () => {
    process.nextTick(() => order.push(`attempt ${client.localPort}`));
  });
  client.resume();
  await closed(client);
  listener.close();

  assert.equal(order.length, 2);
  assert.equal(order[1], order[0]?.replace('attempt', 'accepted'));
});

// docs/notes/destroy-with-unread-bytes.md

test('destroy with bytes unread in the kernel sends RST, not FIN', limit, () =>
  withPair(async ({ client, server }) => {
    await write(client, 'never read');
    await settle();
    const journal = journalOf(client);
    client.resume();

    server.destroy();
    await closed(client);

    assert.deepEqual(journal, ['error read ECONNRESET', 'close']);
  }),
);

test('destroy with nothing unread sends FIN', limit, () =>
  withPair(async ({ client, server }) => {
    const journal = journalOf(client);
    client.resume();

    server.destroy();
    await once(client, 'end');

    assert.deepEqual(journal, ['end']);
  }),
);

// docs/notes/write-after-close.md

test('the first write after an unseen FIN succeeds, the second is EPIPE', limit, () =>
  withPair(async ({ client, server }) => {
    client.pause();
    server.destroy();
    await settle();

    const first = await write(client, 'one');
    await settle();
    const second = await write(client, 'two');

    assert.equal(first, null);
    assert.equal(second?.code, 'EPIPE');
  }),
);

test('a write after an unseen RST is ECONNRESET of write', limit, () =>
  withPair(async ({ client, server }) => {
    client.resetAndDestroy();
    await settle();

    const outcome = await write(server, 'one');

    assert.deepEqual([outcome?.code, outcome?.syscall], ['ECONNRESET', 'write']);
  }),
);

// docs/notes/reset-while-paused.md

test('RST reaches a connection that does not read when it reads again', limit, () =>
  withPair(async ({ client, server }) => {
    const journal = journalOf(server);
    client.resetAndDestroy();
    await settle();
    assert.deepEqual(journal, []);

    server.resume();
    await closed(server);

    assert.deepEqual(journal, ['error read ECONNRESET', 'close']);
  }),
);

// docs/notes/reset-read-as-end.md

test('RST behind unread bytes reads as an orderly end on Node 20', limit, () =>
  withPair(async ({ client, server }) => {
    const journal = journalOf(server);
    await write(client, 'unread');
    client.resetAndDestroy();
    await settle();

    server.resume();
    await Promise.race([new Promise((resolve) => server.once('end', resolve)), closed(server)]);

    assert.equal(journal[0], node20 ? 'end' : 'error read ECONNRESET');
    assert.equal(server.bytesRead, 6);
  }),
);

test('an empty write tells a reset connection, and is nothing to an open one', limit, () =>
  withPair(async ({ client, server }) => {
    assert.equal(await write(server, ''), null);
    client.resume();
    await settle();
    assert.equal(client.bytesRead, 0);

    client.resetAndDestroy();
    await settle();

    assert.equal((await write(server, ''))?.code, 'ECONNRESET');
  }),
);

// docs/notes/reset-after-end.md

test('resetAndDestroy right after end fails with EINVAL and never closes', limit, async () => {
  // In a process of its own: the handle that is lost would keep this one alive.
  const program = `
    const net = require('node:net');
    const listener = net.createServer((socket) => socket.resume().on('error', () => {}));
    listener.listen(0, '127.0.0.1', () => {
      const client = net.connect(listener.address().port, '127.0.0.1', () => {
        const journal = [];
        client.on('error', ({ code, syscall }) => journal.push('error ' + syscall + ' ' + code));
        client.on('close', () => journal.push('close'));
        client.end();
        client.resetAndDestroy();
        setTimeout(() => { console.log(journal.join(', ')); process.exit(); }, 100);
      });
    });`;

  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program]);

  assert.equal(stdout.trim(), 'error reset EINVAL');
});

// docs/notes/write-cut-off.md

test('a write that destroy cuts off reports success on Node 20', limit, () =>
  withPair(async ({ client }) => {
    const outcome = write(client, Buffer.alloc(20_000_000));
    await settle();
    client.destroy();

    assert.equal((await outcome)?.code, node20 ? undefined : 'ECANCELED');
  }),
);

// docs/notes/reads-ahead.md

test('a paused connection takes bytes from the kernel up to a chunk beyond its mark', limit, () =>
  withPair(
    async ({ client, server }) => {
      server.pause();
      await write(client, 'read ahead');
      await settle();

      assert.equal(server.isPaused(), true);
      assert.equal(server.bytesRead, 10);
      assert.equal(server.readableLength, 10);
    },
    { pauseOnConnect: false },
  ),
);

// docs/notes/bytes-written.md

test('bytesWritten counts bytes that were not sent', limit, async () => {
  const socket = new Socket();
  socket.on('error', () => undefined);
  socket.connect({ port: 1, host: '127.0.0.1' });

  socket.write('never sent');

  assert.equal(socket.bytesWritten, 10);
  await closed(socket);
});

// docs/notes/small-writes-stall.md

test('write-write-read stalls without no-delay', limit, async () => {
  const listener = createServer({ noDelay: true }, (socket) => {
    let unanswered = 0;
    socket.on('data', ({ length }) => {
      for (unanswered += length; unanswered >= 2; unanswered -= 2) socket.write('r');
    });
  });
  const port = await portOf(listener);
  const finished: string[] = [];
  const exchange = async (name: string, noDelay: boolean): Promise<void> => {
    const socket = connect({ port, host: '127.0.0.1', noDelay });
    await once(socket, 'connect');
    for (let round = 0; round < 12; round++) {
      socket.write('a');
      socket.write('b');
      await once(socket, 'data');
    }
    finished.push(name);
    socket.destroy();
  };

  await Promise.all([exchange('delayed', false), exchange('no-delay', true)]);
  listener.close();

  assert.deepEqual(finished, ['no-delay', 'delayed']);
});

// docs/notes/leaving-a-loop.md

test('leaving a for await loop destroys the connection', limit, () =>
  withPair(async ({ client, server }) => {
    await write(client, 'one');

    for await (const _chunk of server) break;

    assert.equal(server.destroyed, true);
  }),
);

// docs/notes/closed-before-close.md

test('a destroyed connection says closed before it emits close', limit, () =>
  withPair(async ({ client }) => {
    const journal = journalOf(client);

    client.destroy();

    assert.equal(client.closed, true);
    assert.deepEqual(journal, []);
    await closed(client);
  }),
);

test('a destroyed connection has forgotten its local address', limit, () =>
  withPair(async ({ client }) => {
    assert.equal(typeof client.localPort, 'number');

    client.destroy();

    assert.equal(client.localPort, undefined);
    await closed(client);
  }),
);

// docs/notes/server-close-waits.md

test('the port of a closed server is free while its connections live on', limit, async () => {
  const listener = createServer();
  const port = await portOf(listener);
  const client = connect({ port, host: '127.0.0.1' });
  const [[server]] = await Promise.all([once(listener, 'connection'), once(client, 'connect')]);
  let closed = false;
  listener.close(() => {
    closed = true;
  });

  const second = createServer();
  second.listen(port, '127.0.0.1');
  await once(second, 'listening');
  await settle();

  assert.equal(closed, false);
  second.close();
  server.resume();
  client.destroy();
  await once(listener, 'close');
});

// docs/notes/early-timers.md

test('a timer of Node may run before its time', limit, async () => {
  let earliest = 0;
  for (let round = 0; round < 20 && earliest === 0; round++) {
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        await wait(index * 0.37);
        const set = performance.now();
        await new Promise<void>((resolve) => {
          setTimeout(() => {
            earliest = Math.min(earliest, performance.now() - set - 3);
            resolve();
          }, 3);
        });
      }),
    );
  }

  assert.equal(earliest < 0, true);
});

test('a delay above 2147483647 ms runs after 1 ms', limit, async () => {
  const warnings: Error[] = [];
  const collect = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', collect);
  await wait(2 ** 31);
  await settle();
  process.off('warning', collect);

  assert.deepEqual(
    warnings.map(({ name }) => name),
    ['TimeoutOverflowWarning'],
  );
});
