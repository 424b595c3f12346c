import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Claim, contract, settle } from './maker';
import { connectPair, dial, ended, failureOf, journalOf, listenOnce, readAll, write } from './pair';

const halfOpen = { connect: { allowHalfOpen: true }, listen: { allowHalfOpen: true } };

/** @source SIMULATION.md 7.3; SIMULATION.md 8, lines 5 and 7 */
const finContract = contract((claim) => {
  claim('end sends everything, then FIN', async (world) => {
    const { client, server } = await connectPair(world);
    const journal = journalOf(server);

    client.end('the last words');

    assert.equal(await readAll(server), 'the last words');
    await ended(server);
    assert.deepEqual(journal, ['end', 'finish', 'close']);
  });

  claim(
    'without allowHalfOpen the end of the peer ends our side after pending writes',
    async (world) => {
      const { client, server } = await connectPair(world, { connect: { allowHalfOpen: true } });
      const arrived = readAll(client);
      server.resume();
      server.once('end', () => server.write('not too late'));

      await client.halfClose();

      assert.equal(await arrived, 'not too late');
    },
  );

  claim('with allowHalfOpen our side stays open when the peer has ended', async (world) => {
    const { client, server } = await connectPair(world, halfOpen);
    const arrived = readAll(client);
    await client.halfClose();
    server.resume();
    await once(server, 'end');
    await settle(world);

    assert.equal(server.readyState, 'writeOnly');
    server.end('an answer');
    assert.equal(await arrived, 'an answer');
  });

  claim('halfClose resolves when the FIN has left, also the second time', async (world) => {
    const { client, server } = await connectPair(world, halfOpen);

    await client.halfClose();
    assert.equal(client.info().finSent, true);
    await client.halfClose();

    server.resume();
    await once(server, 'end');
    assert.equal(server.info().finReceived, true);
    assert.equal(server.info().ended, 'none');
  });

  claim('halfClose rejects when the connection ends first', async (world) => {
    const { client } = await connectPair(world, { listen: { pauseOnConnect: true } });
    client.write(Buffer.alloc(20_000_000), () => undefined);

    const closing = client.halfClose();
    client.destroy();

    await assert.rejects(closing);
  });

  claim('destroySoon finishes pending writes', async (world) => {
    const { client, server } = await connectPair(world);
    const sent = Buffer.alloc(500_000, 'x');
    const arrived = readAll(server);

    client.write(sent);
    client.destroySoon();

    assert.equal((await arrived).length, sent.length);
  });

  claim('destroy with nothing unread reads as an orderly end', async (world) => {
    const { client, server } = await connectPair(world);
    const journal = journalOf(server);
    server.resume();
    const over = ended(server);

    client.destroy();
    await over;

    assert.deepEqual(journal, ['end', 'finish', 'close']);
    assert.equal(server.info().ended, 'fin');
    assert.equal(client.info().ended, 'fin');
  });

  claim('destroy with bytes only in the stream is an orderly end', async (world) => {
    const { client, server } = await connectPair(world);
    server.pause();
    client.write('read ahead, never consumed');
    await settle(world);
    assert.equal(server.readableLength, 26);
    const journal = journalOf(client);
    client.resume();
    const over = ended(client);

    server.destroy();
    await over;

    assert.deepEqual(journal, ['end', 'finish', 'close']);
  });

  claim('destroy gives pending writes an error', async (world) => {
    const { client } = await connectPair(world, { listen: { pauseOnConnect: true } });

    const outcome = write(client, Buffer.alloc(20_000_000));
    await settle(world);
    client.destroy();

    assert.notEqual(await outcome, undefined);
  });

  claim('end comes once, after all bytes', async (world) => {
    const { client, server } = await connectPair(world);
    server.pause();
    client.end(Buffer.alloc(200_000));
    await settle(world);
    let bytes = 0;
    const atEnd: number[] = [];
    server.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
    });
    server.on('end', () => atEnd.push(bytes));
    const over = ended(server);

    server.resume();
    await over;

    assert.deepEqual(atEnd, [200_000]);
  });
});

/** @source SIMULATION.md 7.3, resets */
const resetContract = contract((claim) => {
  claim('resetAndDestroy reads as ECONNRESET at the peer', async (world) => {
    const { client, server } = await connectPair(world);
    const journal = journalOf(server);
    server.resume();
    const failure = failureOf(server);
    const over = ended(server);

    assert.equal(client.resetAndDestroy(), client);
    const error = await failure;
    await over;

    assert.deepEqual([error.code, error.errno, error.syscall], ['ECONNRESET', -104, 'read']);
    assert.equal(error.message, 'read ECONNRESET');
    assert.deepEqual(journal, ['error:ECONNRESET', 'close with error']);
    assert.equal(server.info().ended, 'rst');
    assert.deepEqual([client.info().ended, client.info().state], ['rst', 'reset']);
  });

  claim('resetAndDestroy drops what was not sent and closes at once', async (world) => {
    const { client, server } = await connectPair(world, { listen: { pauseOnConnect: true } });
    const journal = journalOf(client);
    const outcome = write(client, Buffer.alloc(20_000_000));
    await settle(world);

    const over = ended(client);
    client.resetAndDestroy();
    await over;

    assert.notEqual(await outcome, undefined);
    assert.deepEqual(journal, ['close']);
    const serverOver = ended(server);
    server.resume();
    await serverOver;
    assert.equal(server.bytesRead < 20_000_000, true);
    assert.equal(server.info().ended, 'rst');
  });

  claim('resetAndDestroy right after end resets too', async (world) => {
    const { client, server } = await connectPair(world);
    const journal = journalOf(client);
    const over = Promise.all([ended(client), ended(server)]);
    server.resume();

    client.end();
    client.resetAndDestroy();
    await over;

    assert.deepEqual(
      journal.filter((entry) => entry !== 'finish'),
      ['close'],
    );
    assert.equal(client.info().ended, 'rst');
  });

  claim('resetAndDestroy may be called again and again', async (world) => {
    const { client, server } = await connectPair(world);
    const journal = journalOf(client);
    const over = Promise.all([ended(client), ended(server)]);

    client.resetAndDestroy();
    client.resetAndDestroy();
    await over;
    client.resetAndDestroy();
    await settle(world);

    assert.deepEqual(journal, ['close']);
  });

  claim('resetAndDestroy ends a connection that is still being made', async (world) => {
    const { endpoint } = await listenOnce(world);
    const client = dial(world, endpoint);
    const journal = journalOf(client);
    const over = ended(client);

    client.resetAndDestroy();
    await over;

    assert.deepEqual(journal, ['close']);
    assert.equal(client.info().ended, 'none');
  });

  claim('destroy with bytes unread in the receive buffer resets', async (world) => {
    const { client, server } = await connectPair(world, { listen: { pauseOnConnect: true } });
    client.write('never read');
    await settle(world);
    const failure = failureOf(client);
    client.resume();

    server.destroy();

    assert.deepEqual([(await failure).code, (await failure).syscall], ['ECONNRESET', 'read']);
  });

  claim('a reset reaches an idle connection at once', async (world) => {
    const { client, server } = await connectPair(world);
    const failure = failureOf(client);

    server.resetAndDestroy();

    assert.equal((await failure).code, 'ECONNRESET');
  });

  claim('a reset reaches a connection that does not read when it reads again', async (world) => {
    const { client, server } = await connectPair(world, { listen: { pauseOnConnect: true } });
    const journal = journalOf(server);
    client.resetAndDestroy();
    await settle(world);
    assert.deepEqual(journal, []);
    const over = ended(server);

    server.resume();
    await over;

    assert.deepEqual(journal, ['error:ECONNRESET', 'close with error']);
  });

  claim('a reset behind unread bytes is not taken for an orderly end', async (world) => {
    const { client, server } = await connectPair(world, { listen: { pauseOnConnect: true } });
    const journal = journalOf(server);
    client.write('unread');
    await settle(world);
    client.resetAndDestroy();
    await settle(world);
    const over = ended(server);

    server.resume();
    await over;

    assert.deepEqual(journal, ['error:ECONNRESET', 'close with error']);
    assert.equal(server.info().ended, 'rst');
  });
});

/** @source SIMULATION.md 7.3; CONNECTOR.md section 10, items 10 and 11 */
const lateContract = contract((claim) => {
  claim('the first write after an unseen close succeeds, the next one is EPIPE', async (world) => {
    const { client, server } = await connectPair(world, halfOpen);
    client.pause();
    client.on('error', () => undefined);
    server.destroy();
    await settle(world);

    const first = await write(client, 'nobody listens');
    await settle(world);
    const second = await write(client, 'still nobody');

    assert.equal(first, undefined);
    assert.equal(second?.code, 'EPIPE');
    assert.equal(client.info().ended, 'rst');
  });

  claim('a write after an unseen reset is ECONNRESET', async (world) => {
    const { client, server } = await connectPair(world, { listen: { pauseOnConnect: true } });
    server.on('error', () => undefined);
    client.resetAndDestroy();
    await settle(world);

    const outcome = await write(server, 'nobody listens');

    assert.deepEqual([outcome?.code, outcome?.syscall], ['ECONNRESET', 'write']);
  });
});

/** How connections end: FIN and RST, and who sees which. */
export const closingContract: readonly Claim[] = [
  ...finContract,
  ...resetContract,
  ...lateContract,
];
