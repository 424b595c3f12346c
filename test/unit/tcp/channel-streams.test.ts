import assert from 'node:assert/strict';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { codeOf, pattern, readToEnd, tcpPair } from '../../conformance/tcp-pair';
import { inRealWorld } from '../../support/tcp-world';

test('a Duplex carries bytes both ways, and ends with FIN both ways', async () => {
  await inRealWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world);
    const sent = pattern(3_000_000);
    const echo = caller.toDuplex();
    const echoing = pipeline(echo, echo);
    const stream = client.toDuplex();

    const received: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => received.push(chunk));
    stream.end(sent);
    await once(stream, 'end');
    await echoing;

    assert.ok(Buffer.concat(received).equals(sent));
    const [one, other] = await Promise.all([client.closed, caller.closed]);
    assert.deepEqual([one.sent, one.received, other.sent], ['fin', 'fin', 'fin']);
    await listener.gracefulStop();
  });
});

test('what a Duplex was given before the FIN of the peer is sent all the same', async () => {
  await inRealWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world);
    const stream = client.toDuplex();
    const sent = pattern(2_000_000);

    stream.write(sent);
    await caller.end();
    stream.resume();
    await once(stream, 'end');

    assert.ok((await readToEnd(caller)).equals(sent));
    assert.equal((await client.closed).sent, 'fin');
    await listener.gracefulStop();
  });
});

test('destroying a Duplex sends RST', async () => {
  await inRealWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world);
    const met = codeOf(caller.readBytes());

    client.toDuplex().destroy();

    assert.equal(await met, 'ECONNRESET');
    assert.equal((await client.closed).sent, 'rst');
    await listener.gracefulStop();
  });
});

test('a RST of the peer is the error of the Duplex', async () => {
  await inRealWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world);
    const stream = client.toDuplex();
    stream.resume();

    caller.reset();
    const [error] = await once(stream, 'error');

    assert.equal(error.code, 'ECONNRESET');
    await client.closed;
    await listener.gracefulStop();
  });
});

test('a Duplex holds reader and writer for ever', async () => {
  await inRealWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world);
    const stream = client.toDuplex();

    assert.equal(await codeOf(client.readBytes()), 'EBUSY');
    assert.equal(await codeOf(client.writeBytes(Buffer.from('x'))), 'EBUSY');
    assert.throws(() => client.toWeb(), { code: 'EBUSY' });

    stream.destroy();
    caller.reset();
    await client.closed;
    await listener.immediateStop();
  });
});

test('a Duplex is not read ahead of its reader', async () => {
  await inRealWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world);
    const stream = client.toDuplex();
    const writing = codeOf(caller.writeBytes(Buffer.alloc(8_000_000)));

    stream.read(0);
    await once(stream, 'readable');
    await new Promise((resolve) => setTimeout(resolve, 20)); // for bytes that must not come

    assert.ok(client.bytesRead <= 65_536 + 2 * 65_536, `${client.bytesRead} bytes were taken`);
    stream.destroy();
    await Promise.all([client.closed, writing]);
    await listener.immediateStop();
  });
});

test('web streams carry bytes both ways, and close with FIN', async () => {
  await inRealWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world);
    const { readable, writable } = client.toWeb();

    const writer = writable.getWriter();
    await writer.write(Buffer.from('question'));
    await writer.close();
    assert.equal((await readToEnd(caller)).toString(), 'question');
    const answering = caller.closed;
    assert.equal(await text(readable), '');

    const [one, other] = await Promise.all([client.closed, answering]);
    assert.deepEqual([one.sent, other.sent], ['fin', 'fin']);
    await listener.gracefulStop();
  });
});

test('cancelling a readable web stream, or aborting a writable one, sends RST', async () => {
  await inRealWorld(async (world) => {
    for (const end of ['cancel', 'abort'] as const) {
      const { client, caller, listener } = await tcpPair(world);
      const met = codeOf(caller.readBytes());
      const { readable, writable } = client.toWeb();

      await (end === 'cancel' ? readable.cancel() : writable.abort());

      assert.equal(await met, 'ECONNRESET', end);
      assert.equal((await client.closed).sent, 'rst', end);
      await listener.gracefulStop();
    }
  });
});
