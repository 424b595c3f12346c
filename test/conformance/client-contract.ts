import assert from 'node:assert/strict';
import { crlf } from '../../src/framing/delimiter';
import { Client } from '../../src/tcp/client';
import { type Claim, contract, settle } from './maker';
import { codeOf, errorOf, pattern, readToEnd, serving, tcpPair, textOf } from './tcp-pair';

const bytes = (text: string): Buffer => Buffer.from(text);
const KiB = 1_024;

const connecting = contract((claim) => {
  claim('a client connects by name, and tells which address it reached (A1, B1)', async (world) => {
    const listener = await serving(world, () => ({ onBytes: (data) => data }));

    const client = await Client.connect('localhost', listener.port, { world });
    await client.writeBytes(bytes('hello'));

    assert.equal(textOf(await client.readBytes(5)), 'hello');
    assert.equal(client.remoteHost, '127.0.0.1');
    assert.equal(client.remotePort, listener.port);
    assert.deepEqual(client.remote, listener.address);
  });

  claim(
    'a connect to nobody is refused, with the text of the original (C1, D12)',
    async (world) => {
      const { listener, client } = await tcpPair(world);
      const { port } = listener;
      await client.close();
      await listener.gracefulStop();

      const error = await errorOf(Client.connect('127.0.0.1', port, { world }));

      assert.equal(error.code, 'ECONNREFUSED');
      assert.equal(error.phase, 'connect');
      assert.equal(
        error.compatMessage,
        `Unable to connect with remote host: Connection refused: /127.0.0.1:${port}`,
      );
      assert.ok(error.cause instanceof Error);
    },
  );

  claim('an unknown name is told as such (C3)', async (world) => {
    const error = await errorOf(Client.connect('no-such-host.invalid', 7, { world }));

    assert.equal(error.code, 'ENOTFOUND');
    assert.equal(error.compatMessage, 'Unable to connect with remote host: no-such-host.invalid');
  });

  claim('a client dials from the address and port it is told (A3)', async (world) => {
    const { listener } = await tcpPair(world);
    const free = await serving(world, () => ({ onBytes: () => undefined }));
    const localPort = free.port;
    await free.gracefulStop();

    const client = await Client.connect(listener.address, {
      world,
      localHost: 'localhost',
      localPort,
    });

    assert.deepEqual(client.local, { host: '127.0.0.1', port: localPort, family: 'IPv4' });
  });

  claim(
    'a local address that is not ours is refused, and so is an unknown one (A3, C2)',
    async (world) => {
      const { listener } = await tcpPair(world);
      for (const localHost of ['203.0.113.9', 'no-such-host.invalid']) {
        const error = await errorOf(Client.connect(listener.address, { world, localHost }));

        assert.equal(error.code, 'EADDRNOTAVAIL');
        assert.equal(error.field, 'localHost');
        assert.match(error.compatMessage ?? '', /^Unable to connect with remote host: /);
      }
    },
  );

  claim('an aborted connect rejects and leaves nothing open', async (world) => {
    const { listener } = await tcpPair(world);
    const reason = new Error('enough');
    const before = world.scope.leaks().connections.length;

    const aborted = AbortSignal.abort(reason);
    const error = await errorOf(Client.connect(listener.address, { world, signal: aborted }));
    const controller = new AbortController();
    const connecting = Client.connect(listener.address, { world, signal: controller.signal });
    controller.abort(reason);

    assert.equal(error.code, 'ABORT_ERR');
    assert.equal(error.cause, reason);
    assert.equal(await codeOf(connecting), 'ABORT_ERR');
    await settle(world);
    assert.equal(world.scope.leaks().connections.length, before);
  });
});

const reading = contract((claim) => {
  claim(
    'a read gives one chunk of 1 to 65,536 bytes, and all of them what was sent (B3)',
    async (world) => {
      const { client, caller } = await tcpPair(world);
      const sent = pattern(200_000);
      const writing = caller.writeBytes(sent);

      const chunks: Uint8Array[] = [];
      let length = 0;
      while (length < sent.length) {
        const chunk = await client.readBytes();
        assert.ok(chunk.length >= 1 && chunk.length <= 65_536, `${chunk.length} bytes`);
        chunks.push(chunk);
        length += chunk.length;
      }

      await writing;
      assert.ok(Buffer.concat(chunks).equals(sent));
      assert.equal(client.bytesRead, 200_000);
      assert.equal(caller.bytesFlushed, 200_000);
    },
  );

  claim('an exact read waits across chunks and leaves the rest (B6, D11)', async (world) => {
    const { client, caller } = await tcpPair(world);

    const read = client.readBytes(5);
    await caller.writeBytes(bytes('abc'));
    await settle(world);
    await caller.writeBytes(bytes('defg'));

    assert.equal(textOf(await read), 'abcde');
    assert.equal(textOf(await client.readBytes(2)), 'fg');
    assert.equal((await client.readBytes(0)).length, 0);
  });

  claim('a read until a delimiter takes it and leaves what is behind it (B6)', async (world) => {
    const { client, caller } = await tcpPair(world);

    const line = client.readUntil(bytes('\r\n'));
    await caller.writeBytes(bytes('EHLO a\r'));
    await settle(world);
    await caller.writeBytes(bytes('\nMAIL'));

    assert.equal(textOf(await line), 'EHLO a\r\n');
    assert.equal(textOf(await client.readBytes(4)), 'MAIL');
    await caller.writeBytes(Buffer.alloc(20));
    const tooLong = await errorOf(client.readUntil(bytes('\n'), { maxBytes: 10 }));
    assert.equal(tooLong.code, 'ELIMIT');
    assert.equal((await client.readBytes(20)).length, 20);
  });

  claim(
    'a read that times out keeps what comes later for the next one (A4, C5, D6)',
    async (world) => {
      const { client, caller } = await tcpPair(world, { client: { timeout: '20ms' } });

      const error = await errorOf(client.readBytes());
      await caller.writeBytes(bytes('LATE'));
      await settle(world);
      await caller.writeBytes(bytes('NEXT'));

      assert.equal(error.code, 'EREADTIMEOUT');
      assert.equal(error.compatMessage, 'Read timed out');
      assert.equal(error.connectionId, client.id);
      assert.deepEqual(error.remote, client.remote);
      assert.equal(textOf(await client.readBytes(8, { timeout: 0 })), 'LATENEXT');
    },
  );

  claim(
    'a read and a write wait at the same time, and two reads in their order (B5, D3)',
    async (world) => {
      const { client, caller } = await tcpPair(world);

      const first = client.readBytes(3);
      const second = client.readBytes(3);
      await client.writeBytes(bytes('question'));
      assert.equal(textOf(await caller.readBytes(8)), 'question');
      await caller.writeBytes(bytes('onetwo'));

      assert.deepEqual((await Promise.all([first, second])).map(textOf), ['one', 'two']);
    },
  );

  claim('an aborted read takes nothing (I10)', async (world) => {
    const { client, caller } = await tcpPair(world);
    const controller = new AbortController();

    const read = client.readBytes(4, { signal: controller.signal });
    await caller.writeBytes(bytes('ab'));
    await settle(world);
    controller.abort(new Error('enough'));
    const error = await errorOf(read);

    assert.equal(error.name, 'AbortError');
    assert.equal(error.code, 'ABORT_ERR');
    assert.equal(textOf(error.partial ?? bytes('')), 'ab');
    assert.equal(textOf(await client.readBytes(2)), 'ab');
  });

  claim(
    'iteration ends with the FIN of the peer, and frames with it too (B6, E6)',
    async (world) => {
      const { client, caller } = await tcpPair(world);

      await caller.writeBytes(bytes('one\r\ntwo\r\nrest'));
      const lines: string[] = [];
      for await (const line of client.frames(crlf())) {
        lines.push(textOf(line));
        if (lines.length === 2) break;
      }
      await caller.end();

      assert.deepEqual(lines, ['one', 'two']);
      assert.equal((await readToEnd(client)).toString(), 'rest');
    },
  );

  claim('a loop over frames left early keeps every byte that was not handed out', async (world) => {
    const { client, caller } = await tcpPair(world);
    await caller.writeBytes(bytes('one\r\ntwo\r\nthr'));
    await settle(world);

    for await (const line of client.frames(crlf())) {
      assert.equal(textOf(line), 'one');
      break;
    }

    assert.equal(textOf(await client.readBytes(8)), 'two\r\nthr');
  });

  claim('FIN inside a frame rejects with what came of it (E6)', async (world) => {
    const { client, caller } = await tcpPair(world);
    await caller.writeBytes(bytes('one\r\nhal'));
    await caller.end();

    const lines: string[] = [];
    const error = await errorOf(
      (async () => {
        for await (const line of client.frames(crlf())) lines.push(textOf(line));
      })(),
    );

    assert.deepEqual(lines, ['one']);
    assert.equal(error.code, 'EPEERCLOSED');
    assert.equal(textOf(error.partial ?? bytes('')), 'hal');
  });

  claim(
    'while somebody holds the reader, other reads are refused and writes are not',
    async (world) => {
      const { client, caller } = await tcpPair(world);

      const iterator = client[Symbol.asyncIterator]();
      const next = iterator.next();
      const refused = await errorOf(client.readBytes());
      await client.writeBytes(bytes('still writing'));
      await caller.writeBytes(bytes('x'));
      await next;
      await iterator.return?.();

      assert.equal(refused.code, 'EBUSY');
      assert.equal(refused.phase, 'read');
      await caller.writeBytes(bytes('y'));
      assert.equal(textOf(await client.readBytes()), 'y');
    },
  );

  claim(
    'beyond the high-water mark bytes stay with the kernel until they are read (B1, I22)',
    async (world) => {
      const { client, caller } = await tcpPair(world);
      const sent = pattern(8_000_000);

      const writing = caller.writeBytes(sent);
      await settle(world);
      assert.ok(client.bytesRead <= 131_072, `${client.bytesRead} bytes were taken unasked`);
      assert.ok(caller.bytesFlushed < sent.length, 'the writer felt it');

      const received = await client.readBytes(sent.length);
      await writing;
      assert.ok(Buffer.from(received).equals(sent));
    },
  );
});

const writing = contract((claim) => {
  claim('a write copies its bytes at the call, and an empty one succeeds (B2)', async (world) => {
    const { client, caller } = await tcpPair(world);
    const data = pattern(3_000_000);
    const sent = Buffer.from(data);

    const write = client.writeBytes(data);
    data.fill(0);
    const empty = client.writeBytes(new Uint8Array(0));
    const received = await caller.readBytes(sent.length);

    await Promise.all([write, empty]);
    assert.ok(Buffer.from(received).equals(sent));
    await client.writeBytes(new Uint8Array([1, 2]).buffer);
    assert.deepEqual([...(await caller.readBytes(2))], [1, 2]);
  });

  claim(
    'a write that times out leaves the connection good for reading only (A5, C6, I12)',
    async (world) => {
      const { client, caller } = await tcpPair(world, { client: { writeTimeout: '30ms' } });

      const error = await errorOf(client.writeBytes(Buffer.alloc(30_000_000)));
      const later = await errorOf(client.writeBytes(bytes('more')));
      await caller.writeBytes(bytes('still here'));

      assert.equal(error.code, 'EWRITETIMEOUT');
      assert.equal(error.compatMessage, 'Write timed out');
      assert.equal(error.bytesFlushed, client.bytesFlushed);
      assert.equal(later.code, 'ECLOSED');
      assert.equal(later.cause, error);
      assert.equal(textOf(await client.readBytes(10)), 'still here');
      await client.close();
      const info = await client.closed;
      assert.equal(info.sent, 'rst', 'nothing may follow a write whose outcome is unknown');
    },
  );

  claim(
    'a write aborted before it started disappears; one that has started breaks the writer (I12)',
    async (world) => {
      const { client, caller } = await tcpPair(world);
      const controller = new AbortController();
      const { signal } = controller;

      const blocking = client.writeBytes(Buffer.alloc(20_000_000));
      const behind = client.writeBytes(bytes('gone'), { signal });
      await settle(world);
      controller.abort();
      assert.equal(await codeOf(behind), 'ABORT_ERR');
      await caller.readBytes(20_000_000);
      await blocking;
      await client.writeBytes(bytes('next'));
      assert.equal(textOf(await caller.readBytes(4)), 'next');

      const started = new AbortController();
      const half = client.writeBytes(Buffer.alloc(20_000_000), { signal: started.signal });
      await settle(world);
      started.abort();
      const error = await errorOf(half);
      assert.equal(error.code, 'ABORT_ERR');
      assert.equal((await errorOf(client.writeBytes(bytes('x')))).cause, error);
    },
  );

  claim(
    'a slow peer delays only its own writer, and gets everything in the end (D5)',
    async (world) => {
      const slow = await tcpPair(world);
      const quick = await tcpPair(world);
      const big = pattern(8 * KiB * KiB);

      const writes = [
        slow.client.writeBytes(big),
        slow.client.writeBytes(pattern(KiB)),
        slow.client.writeBytes(pattern(KiB)),
      ];
      await quick.client.writeBytes(bytes('ping'));
      assert.equal(textOf(await quick.caller.readBytes(4)), 'ping');
      const received = await slow.caller.readBytes(big.length + 2 * KiB);

      await Promise.all(writes);
      assert.ok(Buffer.from(received).equals(Buffer.concat([big, pattern(KiB), pattern(KiB)])));
    },
  );
});

const ending = contract((claim) => {
  claim(
    'close flushes what was written, sends FIN and may be called twice (B4, I15, I17)',
    async (world) => {
      const { client, caller } = await tcpPair(world);
      const sent = pattern(2_000_000);

      const write = client.writeBytes(sent);
      const closing = client.close();
      const received = readToEnd(caller);
      await Promise.all([write, closing, client.close()]);
      const info = await client.closed;

      assert.ok((await received).equals(sent));
      assert.equal(info.reason, 'local-close');
      assert.equal(info.sent, 'fin');
      assert.equal(info.received, 'fin');
      assert.equal(info.hadError, false);
      assert.equal(info.bytesFlushed, 2_000_000);
    },
  );

  claim('close rejects the reads that wait, at once (B4, D4)', async (world) => {
    const { client } = await tcpPair(world);

    const reads = [client.readBytes(), client.readBytes(10)];
    const closing = client.close();

    for (const read of reads) assert.equal(await codeOf(read), 'ECLOSED');
    await closing;
  });

  claim(
    'every call on a connection known to be over is refused the same way (C8)',
    async (world) => {
      const { client } = await tcpPair(world);
      await client.close();

      for (const call of [client.readBytes(), client.readBytes(1), client.writeBytes(bytes('x'))]) {
        const error = await errorOf(call);
        assert.equal(error.code, 'ECLOSED');
        assert.equal(error.compatMessage, 'Socket connection already closed.');
      }
      await client.close();
      assert.equal(client.signal.aborted, true);
      assert.equal(client.signal.reason, await client.closed);
    },
  );

  claim('close succeeds after any end, of the peer too (B4, C10, I17)', async (world) => {
    const byFin = await tcpPair(world);
    await byFin.caller.close();
    await byFin.client.close();
    assert.equal((await byFin.client.closed).received, 'fin');

    const byReset = await tcpPair(world);
    byReset.caller.reset();
    await settle(world);
    await byReset.client.close();
    assert.equal((await byReset.client.closed).received, 'rst');
  });

  claim('unread bytes are dropped by close, and still FIN goes out (I15)', async (world) => {
    const { client, caller } = await tcpPair(world);
    await caller.writeBytes(bytes('never read'));
    await settle(world);

    const closing = client.close();
    assert.equal(await codeOf(caller.readBytes()), 'EPEERCLOSED');
    await closing;

    assert.equal((await client.closed).sent, 'fin');
    assert.equal((await caller.closed).received, 'fin');
  });

  claim('a peer that never ends is waited for no longer than closeTimeout (I15)', async (world) => {
    const { client, caller } = await tcpPair(world, {
      client: { closeTimeout: '20ms' },
      listener: { allowHalfOpen: true },
    });

    await client.close();
    const info = await client.closed;

    assert.equal(info.sent, 'fin');
    assert.equal(info.received, 'none');
    assert.ok(info.closedAtUs - info.openedAtUs >= 20_000);
    caller.reset();
  });

  claim('a flush that does not end makes close send RST (I16)', async (world) => {
    const { client } = await tcpPair(world, { client: { writeTimeout: '30ms' } });

    const write = codeOf(client.writeBytes(Buffer.alloc(30_000_000)));
    await client.close();

    assert.equal(await write, 'EWRITETIMEOUT');
    assert.equal((await client.closed).sent, 'rst');
    assert.equal((await client.closed).reason, 'local-close');
  });

  claim(
    'FIN meets the first read that finds nothing left; later calls are refused (C7, C8)',
    async (world) => {
      const { client, caller } = await tcpPair(world);
      await caller.writeBytes(bytes('last'));
      await caller.close();

      assert.equal(textOf(await client.readBytes()), 'last');
      const error = await errorOf(client.readBytes());
      assert.equal(error.code, 'EPEERCLOSED');
      assert.equal(error.compatMessage, 'Connection closed by the server.');
      assert.equal(await codeOf(client.readBytes()), 'ECLOSED');
      assert.equal(await codeOf(client.writeBytes(bytes('x'))), 'ECLOSED');
      assert.equal((await client.closed).reason, 'peer-close');
    },
  );

  claim('FIN meets every read that waits', async (world) => {
    const { client, caller } = await tcpPair(world);

    const reads = [client.readBytes(), client.readBytes(3)];
    await caller.end();

    for (const read of reads) assert.equal(await codeOf(read), 'EPEERCLOSED');
  });

  claim('FIN before enough bytes rejects with those there are, and keeps them', async (world) => {
    const { client, caller } = await tcpPair(world);
    await caller.writeBytes(bytes('abc'));
    await caller.end();

    const error = await errorOf(client.readBytes(5));

    assert.equal(error.code, 'EPEERCLOSED');
    assert.equal(textOf(error.partial ?? bytes('')), 'abc');
    assert.equal(textOf(await client.readBytes()), 'abc');
    assert.equal(await codeOf(client.readBytes()), 'EPEERCLOSED');
  });

  claim('a first write after an unseen FIN succeeds; later calls fail (C12)', async (world) => {
    const { client, caller } = await tcpPair(world);
    await caller.close().catch(() => undefined);
    await settle(world);

    await client.writeBytes(bytes('into the void'));
    await settle(world);

    assert.notEqual(await codeOf(client.writeBytes(bytes('again'))), 'none');
  });

  claim('RST is told once to reads, and then the connection is over (C11, C13)', async (world) => {
    const { client, caller } = await tcpPair(world);

    const waiting = errorOf(client.readBytes());
    await settle(world);
    caller.reset();
    const error = await waiting;

    assert.equal(error.code, 'ECONNRESET');
    assert.equal(error.phase, 'read');
    assert.equal(error.compatMessage, 'Connection reset');
    assert.equal(await codeOf(client.readBytes()), 'ECLOSED');
    const info = await client.closed;
    assert.equal(info.reason, 'peer-reset');
    assert.equal(info.received, 'rst');
    assert.equal(info.error?.code, 'ECONNRESET');
  });

  claim(
    'RST that nobody waited for meets the first read, behind what was queued (C13)',
    async (world) => {
      const { client, caller } = await tcpPair(world);
      await caller.writeBytes(bytes('queued'));
      await settle(world);
      client.resume();
      assert.equal(textOf(await client.readBytes(3)), 'que');
      const over = client.closed;
      caller.reset();
      // Reading on makes the kernel tell of the RST; what is queued here stays.
      const rest = await client.readBytes();
      assert.equal(textOf(rest), 'ued');
      await over;

      assert.equal(await codeOf(client.readBytes()), 'ECONNRESET');
      assert.equal(await codeOf(client.readBytes()), 'ECLOSED');
      assert.equal(await codeOf(client.writeBytes(bytes('x'))), 'ECLOSED');
    },
  );

  claim(
    'a write that a RST stops rejects with ECONNRESET and the text of the original (C9)',
    async (world) => {
      const { client, caller } = await tcpPair(world);

      const write = errorOf(client.writeBytes(Buffer.alloc(30_000_000)));
      await settle(world);
      caller.reset();
      const error = await write;

      assert.equal(error.code, 'ECONNRESET');
      assert.equal(error.phase, 'write');
      assert.match(error.compatMessage ?? '', /^Failed to write data: /);
      assert.equal(await codeOf(client.writeBytes(bytes('x'))), 'ECLOSED');
    },
  );

  claim(
    'reset puts RST on the wire and nothing else, end and close put FIN (D13, I18)',
    async (world) => {
      const resetting = await tcpPair(world);
      const met = errorOf(resetting.caller.readBytes());
      await settle(world);
      resetting.client.reset();
      resetting.client.reset();
      assert.equal((await met).code, 'ECONNRESET');
      assert.equal((await resetting.client.closed).sent, 'rst');
      assert.equal((await resetting.caller.closed).received, 'rst');

      const ending = await tcpPair(world);
      await ending.client.end();
      assert.equal(await codeOf(ending.caller.readBytes()), 'EPEERCLOSED');
      const [one, other] = await Promise.all([ending.client.closed, ending.caller.closed]);
      assert.deepEqual([one.sent, one.received, other.sent, other.received], Array(4).fill('fin'));
      assert.deepEqual([one.reason, other.reason], ['local-close', 'peer-close']);

      const ends = world.trace.events.filter(({ kind }) => kind === 'rst' || kind === 'fin');
      const kinds = (id: string): string[] =>
        ends.filter(({ connection }) => connection === id).map(({ kind }) => kind);
      assert.deepEqual(kinds(resetting.client.id), ['rst']);
      assert.deepEqual([...kinds(ending.client.id)].sort(), ['fin', 'fin']);
    },
  );

  claim(
    'after end the peer is read until its own FIN, and writes are refused (B6, D13)',
    async (world) => {
      const { client, caller } = await tcpPair(world);

      const end = client.end();
      assert.equal(await codeOf(client.writeBytes(bytes('x'))), 'ECLOSED');
      await Promise.all([end, client.end()]);
      await caller.writeBytes(bytes('the last word'));
      await caller.end();

      assert.equal((await readToEnd(client)).toString(), 'the last word');
    },
  );

  claim('with allowHalfOpen our side stays open behind the FIN of the peer (A8)', async (world) => {
    const { client, caller } = await tcpPair(world, { client: { allowHalfOpen: true } });
    await caller.end();

    assert.equal(await codeOf(client.readBytes()), 'EPEERCLOSED');
    assert.equal(await codeOf(client.readBytes()), 'EPEERCLOSED');
    await client.writeBytes(bytes('not too late'));
    await client.end();

    assert.equal((await readToEnd(caller)).toString(), 'not too late');
    assert.equal((await client.closed).reason, 'peer-close');
  });

  claim('the end of the scope resets what is open and settles what waits (I30)', async (world) => {
    const { client, caller, listener } = await tcpPair(world);
    const pending = [
      client.readBytes(),
      caller.readBytes(3),
      client.writeBytes(Buffer.alloc(30_000_000)),
      listener.accept(),
    ].map(codeOf);

    await world.scope[Symbol.asyncDispose]();

    assert.deepEqual(await Promise.all(pending), Array(4).fill('ECLOSED'));
    assert.equal((await client.closed).sent, 'rst');
    assert.equal((await client.closed).reason, 'abort');
    assert.equal(world.scope.leaks().clean, true);
    assert.equal(listener.state, 'stopped');
  });
});

/** What a Client promises on every network. @source CONNECTOR.md 3.A to 3.C, 4, 6 */
export const clientContract: readonly Claim[] = [...connecting, ...reading, ...writing, ...ending];
