import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Claim, contract, settle } from './maker';
import { connectPair, dial, ended, listenOnce, readAll } from './pair';

/** @source SIMULATION.md 2.4; SIMULATION.md 8, lines 8 to 12 */
const memberContract = contract((claim) => {
  claim('a connection has no address and no peer before it is connected', async (world) => {
    const { endpoint } = await listenOnce(world);

    const client = dial(world, endpoint);

    assert.deepEqual(client.address(), {});
    assert.equal(client.connecting, true);
    assert.equal(client.pending, true);
    assert.equal(client.remoteAddress, undefined);
    assert.equal(client.remotePort, undefined);
    assert.equal(client.local.port, 0);
    assert.equal(client.info().state, 'connecting');
  });

  claim('a connection tells the same two addresses at both ends', async (world) => {
    const { client, server, endpoint } = await connectPair(world);

    assert.deepEqual(client.remote, endpoint.address);
    assert.deepEqual(client.local, server.remote);
    assert.deepEqual(client.remote, server.local);
    assert.equal(client.remoteAddress, client.remote.host);
    assert.equal(client.remotePort, client.remote.port);
    assert.equal(client.remoteFamily, client.remote.family);
    assert.equal(client.localPort, client.local.port);
    assert.deepEqual(client.address(), {
      address: client.local.host,
      port: client.local.port,
      family: client.local.family,
    });
  });

  claim('the addresses of a connection stay readable in its close event', async (world) => {
    const { client, server } = await connectPair(world);
    const { local, remote } = client;
    const told = once(client, 'close').then(() => ({
      local: client.local,
      remote: client.remote,
      remoteAddress: client.remoteAddress,
      remotePort: client.remotePort,
    }));

    server.destroy();
    client.resume();

    assert.deepEqual(await told, {
      local,
      remote,
      remoteAddress: remote.host,
      remotePort: remote.port,
    });
  });

  claim('the addresses of a connection stay readable after a reset', async (world) => {
    const { client, server } = await connectPair(world);
    const expected = { local: server.local, remote: server.remote };
    const over = ended(server);

    client.resetAndDestroy();
    await over;

    assert.deepEqual({ local: server.local, remote: server.remote }, expected);
    assert.equal(server.remoteAddress, expected.remote.host);
  });

  claim('a connection walks through its ready states', async (world) => {
    const { endpoint, accepted } = await listenOnce(world, { allowHalfOpen: true });
    const client = dial(world, endpoint, { allowHalfOpen: true });
    const states = [client.readyState];
    await once(client, 'connect');
    states.push(client.readyState);
    await client.halfClose();
    states.push(client.readyState);
    const server = await accepted;
    server.resume();
    await once(server, 'end');
    states.push(server.readyState);
    client.resume();
    const over = [ended(client), ended(server)];
    server.end();
    await Promise.all(over);
    states.push(client.readyState);

    assert.deepEqual(states, ['opening', 'open', 'readOnly', 'writeOnly', 'closed']);
  });

  claim('a connection tells the state of each direction', async (world) => {
    const { client, server } = await connectPair(world, {
      connect: { allowHalfOpen: true },
      listen: { allowHalfOpen: true },
    });
    const states = [client.info().state];
    await client.halfClose();
    states.push(client.info().state);
    server.resume();
    await once(server, 'end');
    states.push(server.info().state);
    client.resume();
    const over = ended(client);
    server.end();
    await over;

    assert.deepEqual(states, ['established', 'finWait', 'closeWait']);
    const { state, ended: how, finSent, finReceived } = client.info();
    assert.deepEqual(
      { state, how, finSent, finReceived },
      { state: 'closed', how: 'fin', finSent: true, finReceived: true },
    );
  });

  claim('ref and unref give the connection back', async (world) => {
    const { client } = await connectPair(world);

    assert.equal(client.unref(), client);
    assert.equal(client.ref(), client);
    assert.equal(client.setNoDelay(true), client);
    assert.equal(client.setKeepAlive(true, 1_000), client);
  });

  claim('a connection has its label, or its id for one', async (world) => {
    const { client, server } = await connectPair(world, {
      connect: { label: 'client alice' },
      listen: { label: 'mail' },
    });
    const nameless = dial(world, (await listenOnce(world)).endpoint);

    assert.deepEqual([client.label, server.label], ['client alice', 'mail']);
    assert.equal(nameless.label, nameless.id);
    assert.equal(client.info().label, 'client alice');
    assert.equal(client.info().id, client.id);
  });
});

/** @source SIMULATION.md 8, lines 1, 4, 6, 8 and 13 */
const flowContract = contract((claim) => {
  claim('writes before the connection are flushed in order', async (world) => {
    const { endpoint, accepted } = await listenOnce(world);
    const client = dial(world, endpoint);

    client.write('one ');
    client.write('two ');
    client.end('three');
    const server = await accepted;

    assert.equal(await readAll(server), 'one two three');
  });

  claim('text arrives in the encoding it was written in', async (world) => {
    const { client, server } = await connectPair(world);

    client.write('é', 'latin1');
    client.write('é');
    client.end('00ff', 'hex');

    const arrived: Uint8Array[] = [];
    server.on('data', (chunk: Uint8Array) => arrived.push(chunk));
    await once(server, 'end');
    assert.equal(Buffer.concat(arrived).toString('hex'), 'e9c3a900ff');
  });

  claim('bytes arrive in both directions, in order and unaltered', async (world) => {
    const { client, server } = await connectPair(world);
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) & 0xff));
    server.pipe(server);

    client.end(sent);
    const arrived: Uint8Array[] = [];
    client.on('data', (chunk: Uint8Array) => arrived.push(chunk));
    await once(client, 'end');

    assert.equal(Buffer.concat(arrived).equals(sent), true);
  });

  claim(
    'a connection counts bytes taken from the network and bytes handed to write',
    async (world) => {
      const { client, server } = await connectPair(world, { listen: { pauseOnConnect: true } });

      client.write('x'.repeat(1_000));
      client.write('é');
      await settle(world);
      assert.equal(client.bytesWritten, 1_002);
      assert.equal(server.bytesRead, 0);

      server.resume();
      const over = ended(server);
      client.end();
      await over;
      assert.equal(server.bytesRead, 1_002);
    },
  );

  claim('bytes that were not sent count as written', async (world) => {
    const { endpoint } = await listenOnce(world);
    const client = dial(world, endpoint);

    client.write('four');

    assert.equal(client.bytesWritten, 4);
  });

  claim('onread gets the bytes instead of data events', async (world) => {
    const memory = new Uint8Array(16);
    const seen: string[] = [];
    let onText: (text: string) => void = () => undefined;
    const { client, server } = await connectPair(world, {
      connect: {
        onread: {
          buffer: memory,
          callback: (bytes, buffer) => {
            seen.push(Buffer.from(buffer.subarray(0, bytes)).toString());
            onText(seen.join(''));
            return true;
          },
        },
      },
    });
    client.on('data', () => assert.fail('there was a data event'));
    const all = new Promise<void>((resolve) => {
      onText = (text) => text === 'hello' && resolve();
    });

    server.write('hello');
    await all;

    assert.equal(client.bytesRead, 5);
  });

  claim('onread pauses when its callback returns false', async (world) => {
    let chunks = 0;
    let onChunk: () => void = () => undefined;
    const { client, server } = await connectPair(world, {
      connect: {
        onread: {
          buffer: () => new Uint8Array(4),
          callback: () => {
            chunks++;
            onChunk();
            return chunks > 1;
          },
        },
      },
    });
    const first = new Promise<void>((resolve) => {
      onChunk = resolve;
    });

    server.write('onetwo');
    await first;
    await settle(world);
    assert.equal(chunks, 1);

    const second = new Promise<void>((resolve) => {
      onChunk = resolve;
    });
    client.resume();
    await second;
    assert.equal(client.bytesRead >= 6, true);
  });

  claim(
    'an accepted connection takes no byte before resume when the listener asked so',
    async (world) => {
      const { client, server } = await connectPair(world, { listen: { pauseOnConnect: true } });

      client.write('early');
      await settle(world);
      assert.deepEqual([server.bytesRead, server.readableLength], [0, 0]);

      const [chunk] = await Promise.all([once(server, 'data'), server.resume()]);
      assert.equal(String(chunk[0]), 'early');
    },
  );

  claim(
    'a paused connection reads ahead at most up to its high-water mark and one chunk',
    async (world) => {
      const { client, server } = await connectPair(world, { listen: { highWaterMark: 1_024 } });
      server.pause();

      client.write(Buffer.alloc(1_000_000));
      await settle(world);

      assert.equal(server.readableLength > 0, true);
      assert.equal(server.readableLength <= 1_024 + 65_536, true);
      assert.equal(server.bytesRead, server.readableLength);
    },
  );

  claim('corked writes leave as one', async (world) => {
    const { client, server } = await connectPair(world);
    client.cork();
    client.write('one ');
    client.write('two ');
    client.write('three');
    client.uncork();

    const [chunk] = await once(server, 'data');

    assert.equal(String(chunk), 'one two three');
    const writes = world.trace.events.filter(({ kind }) => kind === 'write');
    assert.deepEqual(
      writes.map(({ length }) => length),
      [13],
    );
  });
});

/** @source SIMULATION.md 8, line 2 */
const idleContract = contract((claim) => {
  claim('a connection on which nothing moves times out and stays open', async (world) => {
    const { client, server } = await connectPair(world);

    assert.equal(client.setTimeout(30), client);
    assert.equal(client.timeout, 30);
    await once(client, 'timeout');

    assert.equal(client.readyState, 'open');
    server.write('still here');
    const [chunk] = await once(client, 'data');
    assert.equal(String(chunk), 'still here');
  });

  claim('bytes in either direction restart the idle timer', async (world) => {
    const { client, server } = await connectPair(world);
    server.resume();
    client.resume();
    let timeouts = 0;
    client.setTimeout(600, () => timeouts++);

    for (let round = 0; round < 5; round++) {
      await world.clock.sleep(80);
      client.write('out');
      await world.clock.sleep(80);
      server.write('in');
    }

    assert.equal(timeouts, 0);
  });

  claim('an idle timer of 0 never fires', async (world) => {
    const { client } = await connectPair(world);
    let timeouts = 0;
    client.setTimeout(10, () => timeouts++);

    client.setTimeout(0);
    await world.clock.sleep(40);

    assert.equal(timeouts, 0);
  });
});

/** What a connection is and does while it is open. */
export const connectionContract: readonly Claim[] = [
  ...memberContract,
  ...flowContract,
  ...idleContract,
];
