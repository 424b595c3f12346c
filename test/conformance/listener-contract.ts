import assert from 'node:assert/strict';
import { deferred } from '../../src/base/deferred';
import type { TcpError } from '../../src/base/errors';
import { crlf } from '../../src/framing/delimiter';
import type { World } from '../../src/network/world';
import type { Caller } from '../../src/tcp/caller';
import { Client } from '../../src/tcp/client';
import type { CloseInfo } from '../../src/tcp/close-info';
import { framed } from '../../src/tcp/framed';
import { Listener } from '../../src/tcp/listener';
import { waitUntilListening } from '../../src/tcp/wait-until-listening';
import { type Claim, contract, settle } from './maker';
import { codeOf, errorOf, pattern, readToEnd, serving, tcpPair, textOf } from './tcp-pair';

const bytes = (text: string): Buffer => Buffer.from(text);
const echo = { onBytes: (data: Uint8Array): Uint8Array => data };

/**
 * How a new connection to a listener fares. A RST that comes at once may meet the kernel before it
 * has told of the connection.
 */
function fate(world: World, { address }: Listener): Promise<string> {
  return codeOf(Client.connect(address, { world }).then((client) => client.readBytes()));
}

const starting = contract((claim) => {
  claim(
    'a listener starts on a port of its own, on loopback, and tells which (DL2, DL3, D15)',
    async (world) => {
      const one = await serving(world, () => echo);
      const other = await serving(world, () => echo);

      assert.equal(one.address.host, '127.0.0.1');
      assert.ok(one.port > 0 && other.port > 0 && one.port !== other.port);
      assert.equal(one.state, 'listening');
    },
  );

  claim(
    'a taken port, and an address that is not ours, are refused at the start (DL6)',
    async (world) => {
      const { port } = await serving(world, () => echo);

      const taken = await errorOf(new Listener(port, { world }).attach(() => echo).start());
      const foreign = await errorOf(new Listener(0, { world, localHost: '203.0.113.9' }).start());

      assert.equal(taken.code, 'EADDRINUSE');
      assert.equal(taken.phase, 'accept');
      assert.equal(taken.compatMessage, 'Error initializing the server: Address already in use');
      assert.equal(foreign.code, 'EADDRNOTAVAIL');
      assert.match(foreign.compatMessage ?? '', /^Error initializing the server: /);
    },
  );

  claim('a listener that failed to start may be started when the port is free', async (world) => {
    const first = await serving(world, () => echo);
    const second = new Listener(first.port, { world }).attach(() => echo);

    assert.equal(await codeOf(second.start()), 'EADDRINUSE');
    assert.equal(second.state, 'idle');
    await first.immediateStop();

    assert.equal((await second.start()).port, first.port);
  });

  claim('without a service connections wait, unread, for accept (DL5)', async (world) => {
    const listener = new Listener(0, { world });
    const { port } = await listener.start();
    const client = await Client.connect('127.0.0.1', port, { world });
    await client.writeBytes(bytes('early'));

    const caller = await listener.accept();

    assert.equal(caller.mode, 'pull');
    assert.equal(textOf(await caller.readBytes(5)), 'early');
    assert.equal(await codeOf(listener.accept({ timeout: '10ms' })), 'EREADTIMEOUT');
    assert.throws(() => listener.attach(() => echo), { code: 'ESTATE' });
  });

  claim(
    'the loop over a listener ends when it stops, and a waiting accept is refused',
    async (world) => {
      const { listener } = await tcpPair(world);
      const seen: string[] = [];
      const loop = (async () => {
        for await (const caller of listener) seen.push(caller.id);
      })();
      const second = await Client.connect(listener.address, { world });
      await settle(world);
      const waiting = codeOf(listener.accept());

      await listener.immediateStop();

      await loop;
      assert.equal(seen.length, 1);
      assert.equal(await waiting, 'ECLOSED');
      await second.closed;
    },
  );

  claim(
    'only so many connections are open at once; one above is reset and counted (DL13)',
    async (world) => {
      const listener = await serving(world, () => echo, { maxConnections: 1 });
      const first = await Client.connect(listener.address, { world });
      await first.writeBytes(bytes('in'));
      await first.readBytes(2);

      assert.equal(await fate(world, listener), 'ECONNRESET');
      assert.equal(listener.refusedConnections, 1);

      await first.close();
      await settle(world);
      const third = await Client.connect(listener.address, { world });
      await third.writeBytes(bytes('ok'));
      assert.equal(textOf(await third.readBytes(2)), 'ok');
    },
  );

  claim(
    'paused accepting leaves new connections unanswered until it goes on (DL13)',
    async (world) => {
      const accepted: string[] = [];
      const listener = await serving(world, (caller) => {
        accepted.push(caller.id);
        return echo;
      });
      listener.pauseAccept();
      const client = await Client.connect(listener.address, { world });
      await client.writeBytes(bytes('x'));
      await settle(world);
      assert.deepEqual(accepted, []);

      listener.resumeAccept();

      assert.equal(textOf(await client.readBytes(1)), 'x');
    },
  );

  claim(
    'a connection on which nothing moves is told and ended with FIN (DL13, D13)',
    async (world) => {
      const errors: TcpError[] = [];
      const over = deferred<CloseInfo>();
      const listener = await serving(
        world,
        () => ({ ...echo, onError: (error) => void errors.push(error), onClose: over.resolve }),
        { idleTimeout: '40ms' },
      );
      const client = await Client.connect(listener.address, { world });

      assert.equal(await codeOf(client.readBytes()), 'EPEERCLOSED');
      const info = await over.promise;

      assert.deepEqual(
        errors.map(({ code }) => code),
        ['EIDLETIMEOUT'],
      );
      assert.equal(info.reason, 'idle-timeout');
      assert.equal(info.sent, 'fin');
      assert.ok(info.closedAtUs - info.openedAtUs >= 40_000);
    },
  );
});

const calling = contract((claim) => {
  claim(
    'an echo server is one line, and sees who calls with literal addresses (E1, E15, D14)',
    async (world) => {
      const callers: Caller[] = [];
      const listener = new Listener(0, { world }).attach((caller) => {
        callers.push(caller);
        return { onBytes: (data) => data };
      });
      await listener.start();
      const client = await Client.connect(listener.address, { world });

      await client.writeBytes(bytes('hello'));
      assert.equal(textOf(await client.readBytes(5)), 'hello');

      const [caller] = callers;
      assert.equal(callers.length, 1);
      assert.deepEqual(caller?.remote, client.local);
      assert.deepEqual(caller?.local, client.remote);
      assert.equal(caller?.mode, 'push');
      assert.equal(listener.connections.get(caller?.id ?? ''), caller);
      assert.equal(await codeOf(caller?.readBytes() ?? Promise.resolve()), 'EBUSY');
      const lookups = world.trace.events.filter(({ kind }) => kind === 'lookup');
      assert.deepEqual(lookups, [], 'nobody asked for a name');
    },
  );

  claim(
    'bytes that come while onConnect runs are delivered after it, all of them (E2, D16)',
    async (world) => {
      const order: string[] = [];
      const ready = deferred<void>();
      const listener = new Listener(0, { world }).attach(async (caller) => {
        order.push('connect');
        await caller.writeBytes(bytes('Welcome!'));
        await ready.promise;
        order.push('connected');
        return {
          onBytes: (data) => {
            order.push(textOf(data));
            return data;
          },
        };
      });
      await listener.start();
      const client = await Client.connect(listener.address, { world });
      await client.writeBytes(bytes('early'));
      assert.equal(textOf(await client.readBytes(8)), 'Welcome!');
      assert.deepEqual(order, ['connect']);

      ready.resolve();

      assert.equal(textOf(await client.readBytes(5)), 'early');
      assert.deepEqual(order, ['connect', 'connected', 'early']);
    },
  );

  claim(
    'a failing onConnect closes the connection, is reported, and has no onClose (E3, D8)',
    async (world) => {
      const failures: TcpError[] = [];
      const listener = new Listener(0, { world }).attach(() => {
        throw new Error('no');
      });
      listener.on('handlerError', (error) => failures.push(error));
      await listener.start();
      const client = await Client.connect(listener.address, { world });

      assert.equal(await codeOf(client.readBytes()), 'EPEERCLOSED');

      assert.equal(failures.length, 1);
      assert.equal(failures[0]?.code, 'EHANDLER');
      assert.equal(failures[0]?.handler, 'onConnect');
      await settle(world);
      assert.equal(listener.connections.size, 0);
    },
  );

  claim('onConnectFailure "reset" puts RST on the wire (E3)', async (world) => {
    const listener = new Listener(0, { world, onConnectFailure: 'reset' })
      .attach(() => Promise.reject(new Error('no')))
      .on('handlerError', () => undefined);
    await listener.start();

    assert.equal(await fate(world, listener), 'ECONNRESET');
  });

  claim(
    'an onConnect that returns nothing leaves the bytes to whoever holds the Caller (E4)',
    async (world) => {
      const held = deferred<Caller>();
      const listener = new Listener(0, { world }).attach((caller) => held.resolve(caller));
      await listener.start();
      const client = await Client.connect(listener.address, { world });
      await client.writeBytes(bytes('waits'));

      const caller = await held.promise;
      await settle(world);

      assert.equal(caller.mode, 'pull');
      assert.equal(textOf(await caller.readBytes(5)), 'waits');
    },
  );

  claim(
    'handlers run one at a time and answer in the order of arrival (E9, E11, D7)',
    async (world) => {
      let running = 0;
      let most = 0;
      const seen: number[] = [];
      const random = world.random.fork('handler lengths');
      const listener = await serving(world, () =>
        framed(crlf(), {
          onFrame: async (line) => {
            most = Math.max(most, ++running);
            for (let turns = random.below(6); turns > 0; turns--) await null;
            seen.push(Number(textOf(line)));
            running--;
            return line;
          },
        }),
      );
      const client = await Client.connect(listener.address, { world });
      const numbers = Array.from({ length: 1_000 }, (_, index) => index);

      const writing = client.writeBytes(bytes(numbers.map((number) => `${number}\r\n`).join('')));
      const answers: number[] = [];
      for await (const line of client.frames(crlf())) {
        answers.push(Number(textOf(line)));
        if (answers.length === numbers.length) break;
      }

      await writing;
      assert.equal(most, 1);
      assert.deepEqual(seen, numbers);
      assert.deepEqual(answers, numbers);
    },
  );

  claim(
    'while a handler runs the connection is not read beyond the mark (E10, D7, I21)',
    async (world) => {
      const go = deferred<void>();
      const begun = deferred<Caller>();
      const listener = await serving(world, () => ({
        onBytes: async (_data, caller) => {
          begun.resolve(caller);
          await go.promise;
        },
      }));
      const client = await Client.connect(listener.address, { world });
      const writing = codeOf(client.writeBytes(Buffer.alloc(8_000_000)));

      const caller = await begun.promise;
      await settle(world);
      const taken = caller.bytesRead;
      client.reset();
      go.resolve();

      assert.ok(taken <= 65_536 + 131_072, `${taken} bytes were taken for one handler`);
      await writing;
    },
  );

  claim(
    'a failing onBytes reaches onError and handlerError, and the connection stays up (E7, D9)',
    async (world) => {
      const errors: TcpError[] = [];
      const told: TcpError[] = [];
      const listener = await serving(world, () => ({
        onBytes: (data) => {
          if (textOf(data) === 'bad') throw new Error('cannot');
          return data;
        },
        onError: (error) => void errors.push(error),
      }));
      listener.on('handlerError', (error) => told.push(error));
      const client = await Client.connect(listener.address, { world });

      await client.writeBytes(bytes('bad'));
      await settle(world);
      await client.writeBytes(bytes('good'));

      assert.equal(textOf(await client.readBytes(4)), 'good');
      assert.equal(errors.length, 1);
      assert.equal(errors[0]?.code, 'EHANDLER');
      assert.equal(errors[0]?.handler, 'onBytes');
      assert.deepEqual(told, errors);
      await client.close();
    },
  );

  for (const outcome of ['close', 'reset'] as const) {
    claim(`onHandlerFailure "${outcome}" ends the connection that way (E7)`, async (world) => {
      const over = deferred<CloseInfo>();
      const listener = await serving(
        world,
        () => ({ onBytes: () => Promise.reject(new Error('no')), onClose: over.resolve }),
        { onHandlerFailure: outcome },
      );
      listener.on('handlerError', () => undefined);
      const client = await Client.connect(listener.address, { world });

      await client.writeBytes(bytes('x'));
      const expected = outcome === 'close' ? 'EPEERCLOSED' : 'ECONNRESET';
      assert.equal(await codeOf(client.readBytes()), expected);
      assert.equal((await over.promise).reason, 'handler-failure');
    });
  }

  claim('what onBytes may not return is its failure (G10)', async (world) => {
    const errors: TcpError[] = [];
    const listener = await serving(world, () => ({
      onBytes: (() => 'text') as unknown as () => undefined,
      onError: (error) => void errors.push(error),
    }));
    const client = await Client.connect(listener.address, { world });

    await client.writeBytes(bytes('x'));
    await settle(world);

    assert.equal(errors[0]?.code, 'EHANDLER');
    assert.match(errors[0]?.message ?? '', /must return a Uint8Array or nothing, got "text"/);
    await client.close();
  });

  claim(
    'an onError that fails is told to the listener only, and is not asked about it (I14)',
    async (world) => {
      const asked: (string | undefined)[] = [];
      const told: (string | undefined)[] = [];
      const listener = await serving(world, () => ({
        onBytes: () => {
          throw new Error('first');
        },
        onError: (error) => {
          asked.push(error.handler);
          throw new Error('second');
        },
      }));
      listener.on('handlerError', (error) => told.push(error.handler));
      const client = await Client.connect(listener.address, { world });

      await client.writeBytes(bytes('x'));
      await settle(world);

      assert.deepEqual(asked, ['onBytes']);
      assert.deepEqual(told.sort(), ['onBytes', 'onError']);
      await client.close();
    },
  );

  claim('close inside a handler does not wait for that handler (I17)', async (world) => {
    const events: string[] = [];
    const over = deferred<void>();
    const listener = await serving(world, () => ({
      onBytes: async (_data, caller) => {
        await caller.close();
        events.push('closed');
      },
      onClose: () => {
        events.push('onClose');
        over.resolve();
      },
    }));
    const client = await Client.connect(listener.address, { world });

    await client.writeBytes(bytes('x'));
    assert.equal(await codeOf(client.readBytes()), 'EPEERCLOSED');
    await over.promise;

    assert.deepEqual(events, ['closed', 'onClose']);
  });

  claim('a failure that nobody listens to makes the scope unclean (I13)', async (world) => {
    const listener = await serving(world, () => ({
      onBytes: () => {
        throw new Error('unheard');
      },
    }));
    const client = await Client.connect(listener.address, { world });

    await client.writeBytes(bytes('x'));
    await settle(world);
    await client.close();
    await listener.gracefulStop();

    const { unhandledErrors, clean } = world.scope.leaks();
    assert.equal(clean, false);
    assert.match(unhandledErrors[0]?.message ?? '', /onBytes threw .*: unheard/);
  });

  claim(
    'a reply to a peer that has reset reaches onError once, and onClose follows (E8, E12, I14)',
    async (world) => {
      const events: string[] = [];
      const answer = deferred<Uint8Array>();
      const over = deferred<void>();
      const listener = await serving(world, () => ({
        onBytes: () => answer.promise,
        onError: (error) => void events.push(`${error.code}: ${error.compatMessage}`),
        onClose: (info) => {
          events.push(info.reason);
          over.resolve();
        },
      }));
      const client = await Client.connect(listener.address, { world });
      await client.writeBytes(bytes('x'));
      await settle(world);
      client.reset();
      await settle(world);

      answer.resolve(bytes('too late'));
      await over.promise;

      assert.deepEqual(events, ['ECONNRESET: Failed to send data.', 'peer-reset']);
    },
  );

  claim(
    'a reply after the caller was closed is refused with the text of the original (E8, E17)',
    async (world) => {
      const events: string[] = [];
      const over = deferred<void>();
      const listener = await serving(world, () => ({
        onBytes: async (data, caller) => {
          await caller.close();
          return data;
        },
        onError: (error) => void events.push(`${error.code}: ${error.compatMessage}`),
        onClose: (info) => {
          events.push(info.reason);
          over.resolve();
        },
      }));
      const client = await Client.connect(listener.address, { world });
      await client.writeBytes(bytes('x'));
      assert.equal(await codeOf(client.readBytes()), 'EPEERCLOSED');
      await over.promise;

      assert.deepEqual(events, ['ECLOSED: Socket connection already closed.', 'local-close']);
    },
  );

  claim('a caller writes as a client does, within its own limit (E16, E18)', async (world) => {
    const { client, caller } = await tcpPair(world, { listener: { writeTimeout: '30ms' } });

    await caller.writeBytes(pattern(100));
    assert.ok(Buffer.from(await client.readBytes(100)).equals(pattern(100)));
    assert.equal(await codeOf(caller.writeBytes(Buffer.alloc(30_000_000))), 'EWRITETIMEOUT');
  });

  claim('a very long reply arrives whole (B3, E18)', async (world) => {
    const reply = pattern(8_000_001);
    const listener = await serving(world, () => ({ onBytes: () => reply }));
    const client = await Client.connect(listener.address, { world });

    await client.writeBytes(bytes('all of it'));
    const received = await client.readBytes(8_000_001);

    assert.ok(Buffer.from(received).equals(reply));
  });
});

const separating = contract((claim) => {
  claim('every connection has its own service (D1, I1)', async (world) => {
    const seen = new Map<string, string>();
    const listener = await serving(world, (caller) => {
      let received = '';
      return {
        onBytes: (data) => {
          received += textOf(data);
          seen.set(caller.id, received);
          return data;
        },
      };
    });
    const names = ['alice', 'bob', 'carol'];
    const clients = await Promise.all(names.map(() => Client.connect(listener.address, { world })));

    await Promise.all(
      clients.map(async (client, index) => {
        const name = names[index] ?? '';
        for (const letter of name) {
          await client.writeBytes(bytes(letter));
          assert.equal(textOf(await client.readBytes(1)), letter);
        }
      }),
    );

    assert.deepEqual([...seen.values()].sort(), names);
  });

  claim(
    'closing one caller leaves the others echoing, and later ones too (D2, E17)',
    async (world) => {
      const callers: Caller[] = [];
      const listener = await serving(world, (caller) => {
        callers.push(caller);
        return echo;
      });
      const first = await Client.connect(listener.address, { world });
      await first.writeBytes(bytes('a'));
      await first.readBytes(1);
      const second = await Client.connect(listener.address, { world });
      await second.writeBytes(bytes('b'));
      await second.readBytes(1);

      await callers[0]?.close();
      await second.writeBytes(bytes('c'));
      const third = await Client.connect(listener.address, { world });
      await third.writeBytes(bytes('d'));

      assert.equal(textOf(await second.readBytes(1)), 'c');
      assert.equal(textOf(await third.readBytes(1)), 'd');
      assert.equal(
        await codeOf(callers[0]?.writeBytes(bytes('x')) ?? Promise.resolve()),
        'ECLOSED',
      );
    },
  );

  claim('a handler that never answers delays no other connection (I4)', async (world) => {
    let first = true;
    const listener = await serving(world, () => {
      const hangs = first;
      first = false;
      return { onBytes: (data) => (hangs ? new Promise<undefined>(() => undefined) : data) };
    });
    const stuck = await Client.connect(listener.address, { world });
    await stuck.writeBytes(bytes('x'));
    await settle(world);
    const client = await Client.connect(listener.address, { world });
    await client.writeBytes(bytes('quick'));

    assert.equal(textOf(await client.readBytes(5)), 'quick');
    await listener.immediateStop();
  });
});

const closing = contract((claim) => {
  claim(
    'the end of the peer waits for handlers and replies, then FIN and one onClose (E13, E14, I19)',
    async (world) => {
      const events: string[] = [];
      const over = deferred<CloseInfo>();
      const listener = await serving(world, () => ({
        onBytes: async (data) => {
          await world.clock.sleep(10);
          events.push('bytes');
          return data;
        },
        onEnd: () => void events.push('end'),
        onClose: (info) => {
          events.push('close');
          over.resolve(info);
        },
      }));
      const client = await Client.connect(listener.address, { world });

      await client.writeBytes(bytes('last words'));
      await client.end();

      assert.equal((await readToEnd(client)).toString(), 'last words');
      const info = await over.promise;
      assert.deepEqual(events, ['bytes', 'close']);
      assert.equal(info.reason, 'peer-close');
      assert.deepEqual([info.sent, info.received], ['fin', 'fin']);
    },
  );

  claim(
    'with allowHalfOpen onEnd runs and our side stays open until it is closed (E14, I19)',
    async (world) => {
      const events: string[] = [];
      const listener = await serving(
        world,
        () => ({
          onBytes: () => void events.push('bytes'),
          onEnd: async (caller) => {
            events.push('end');
            await caller.writeBytes(bytes('the whole answer'));
            await caller.close();
          },
          onClose: () => void events.push('close'),
        }),
        { allowHalfOpen: true },
      );
      const client = await Client.connect(listener.address, { world });

      await client.writeBytes(bytes('question'));
      await client.end();

      assert.equal((await readToEnd(client)).toString(), 'the whole answer');
      await client.closed;
      await settle(world);
      assert.deepEqual(events, ['bytes', 'end', 'close']);
    },
  );

  claim('a RST of the peer is an error, followed by onClose (E12, E13)', async (world) => {
    const events: string[] = [];
    const over = deferred<void>();
    const listener = await serving(world, () => ({
      ...echo,
      onError: (error) => void events.push(error.code),
      onClose: (info) => {
        events.push(`${info.reason} ${info.received}`);
        over.resolve();
      },
    }));
    const client = await Client.connect(listener.address, { world });
    await client.writeBytes(bytes('x'));
    await client.readBytes(1);

    client.reset();
    await over.promise;

    assert.deepEqual(events, ['ECONNRESET', 'peer-reset rst']);
  });

  for (const how of ['close', 'reset', 'end'] as const) {
    claim(
      `onClose runs exactly once after caller.${how} in a handler (D8, I7, I17)`,
      async (world) => {
        const infos: CloseInfo[] = [];
        const listener = await serving(world, () => ({
          onBytes: (_data, caller) => void caller[how](),
          onClose: (info) => void infos.push(info),
        }));
        const client = await Client.connect(listener.address, { world });

        await client.writeBytes(bytes('x'));
        await codeOf(client.readBytes());
        await client.closed;
        await settle(world);

        assert.equal(infos.length, 1);
        assert.equal(infos[0]?.reason, how === 'reset' ? 'local-reset' : 'local-close');
        assert.equal(infos[0]?.sent, how === 'reset' ? 'rst' : 'fin');
      },
    );
  }

  claim('a bare connect and close is a connect and a close, and no error (D18)', async (world) => {
    const events: string[] = [];
    const over = deferred<void>();
    const listener = await serving(world, () => {
      events.push('connect');
      return {
        ...echo,
        onError: (error) => void events.push(error.code),
        onClose: (info) => {
          events.push(`close ${info.received}`);
          over.resolve();
        },
      };
    });

    await waitUntilListening(listener.address, { world });
    await over.promise;

    assert.deepEqual(events, ['connect', 'close fin']);
  });
});

const stopping = contract((claim) => {
  claim(
    'gracefulStop answers what has come, ends with FIN, and accepts nobody (DL9, D8, I25)',
    async (world) => {
      const events: string[] = [];
      const release = deferred<void>();
      const listener = await serving(world, () => ({
        onBytes: async (data) => {
          await release.promise;
          return data;
        },
        onClose: (info) => void events.push(info.reason),
      }));
      const { port } = listener;
      const client = await Client.connect(listener.address, { world });
      await client.writeBytes(bytes('in time'));
      await settle(world);

      const stopped = listener.gracefulStop();
      assert.equal(listener.state, 'stopping');
      assert.equal(await codeOf(Client.connect('127.0.0.1', port, { world })), 'ECONNREFUSED');
      release.resolve();

      assert.equal((await readToEnd(client)).toString(), 'in time');
      const report = await stopped;
      assert.equal(report.mode, 'graceful');
      assert.deepEqual([report.connections, report.drained, report.reset], [1, 1, 0]);
      assert.deepEqual(events, ['stop']);
      assert.equal(listener.state, 'stopped');
      assert.equal(await listener.gracefulStop(), report);
    },
  );

  claim(
    'gracefulStop refuses the reads of a pull-style connection, then ends it with FIN (I25)',
    async (world) => {
      const { client, caller, listener } = await tcpPair(world);
      const read = codeOf(caller.readBytes());
      const unaccepted = await Client.connect(listener.address, { world });
      await settle(world);

      const stopped = listener.gracefulStop();

      assert.equal(await read, 'ECLOSED');
      assert.equal(await codeOf(client.readBytes()), 'EPEERCLOSED');
      assert.equal(await codeOf(unaccepted.readBytes()), 'EPEERCLOSED');
      assert.equal((await stopped).drained, 2);
      assert.equal((await caller.closed).reason, 'stop');
    },
  );

  claim('gracefulStop resets what is left when its time is over (DL9, I26)', async (world) => {
    const listener = await serving(
      world,
      () => ({ onBytes: () => new Promise<undefined>(() => undefined) }),
      { handlerGrace: '5ms' },
    );
    const client = await Client.connect(listener.address, { world });
    await client.writeBytes(bytes('x'));
    await settle(world);

    const report = await listener.gracefulStop({ timeout: '20ms' });

    assert.equal(report.mode, 'escalated');
    assert.deepEqual([report.drained, report.reset, report.abandonedHandlers], [0, 1, 1]);
    assert.ok(report.durationUs >= 20_000);
    assert.equal(await codeOf(client.readBytes()), 'ECONNRESET');
  });

  claim(
    'immediateStop resets, aborts signals, runs onClose, and never hangs (DL10, D8, I27)',
    async (world) => {
      const events: string[] = [];
      const listener = await serving(
        world,
        (caller) => {
          caller.signal.addEventListener('abort', () => events.push('signal'));
          return {
            onBytes: () => new Promise<undefined>(() => undefined),
            onClose: (info) => void events.push(`${info.reason} ${info.sent}`),
          };
        },
        { handlerGrace: '5ms' },
      );
      const client = await Client.connect(listener.address, { world });
      await client.writeBytes(bytes('x'));
      await settle(world);

      const report = await listener.immediateStop();

      assert.equal(report.mode, 'immediate');
      assert.deepEqual([report.connections, report.reset, report.abandonedHandlers], [1, 1, 1]);
      assert.deepEqual(events, ['signal', 'stop rst']);
      assert.equal(await codeOf(client.readBytes()), 'ECONNRESET');
      const leaks = world.scope.leaks();
      await client.closed;
      assert.deepEqual([leaks.endpoints, leaks.timers, leaks.others], [[], [], []]);
    },
  );

  claim('a stop before any start is refused, or does nothing (DL9, I27)', async (world) => {
    const listener = new Listener(0, { world });

    const error = await errorOf(listener.gracefulStop());
    assert.equal(error.code, 'ESTATE');
    assert.equal(error.compatMessage, 'Unable to initialize the tcp listener.');
    assert.equal((await listener.immediateStop()).connections, 0);
    await listener[Symbol.asyncDispose]();
    assert.throws(() => listener.port, { code: 'ESTATE' });
  });

  claim(
    'a stopped listener serves another service on the same port (DL7, DL8, DL11)',
    async (world) => {
      const hello = () => ({ onBytes: () => bytes('Hello') });
      const hi = () => ({ onBytes: () => bytes('Hi') });
      const ask = async (port: number): Promise<string> => {
        const client = await Client.connect('127.0.0.1', port, { world });
        await client.writeBytes(bytes('?'));
        const answer = textOf(await client.readBytes());
        client.reset();
        await client.closed;
        return answer;
      };
      const probe = await serving(world, hello);
      const { port } = probe;
      await probe.immediateStop();
      const listener = new Listener(port, { world }).attach(hello);
      await listener.start();
      assert.equal(await ask(port), 'Hello');
      await listener.gracefulStop();

      assert.throws(() => listener.detach(hi), { code: 'ESTATE' });
      listener.detach(hello).attach(hi);
      await listener.start();
      assert.equal(await ask(port), 'Hi');
      await listener.immediateStop();
      await listener.start();
      assert.equal(await ask(port), 'Hi');
    },
  );

  claim(
    'detach leaves open connections their service, and closes new ones with FIN (DL7, DL8, D8)',
    async (world) => {
      const service = { onConnect: () => echo };
      const listener = new Listener(0, { world }).attach(service);
      await listener.start();
      const first = await Client.connect(listener.address, { world });
      await first.writeBytes(bytes('a'));
      await first.readBytes(1);

      listener.detach(service);
      const second = await Client.connect(listener.address, { world });
      assert.equal(await codeOf(second.readBytes()), 'EPEERCLOSED');
      await first.writeBytes(bytes('b'));
      assert.equal(textOf(await first.readBytes(1)), 'b');

      listener.attach(() => ({ onBytes: () => bytes('new') }));
      const third = await Client.connect(listener.address, { world });
      await third.writeBytes(bytes('c'));
      assert.equal(textOf(await third.readBytes(3)), 'new');
    },
  );

  claim('after a stop nothing is open and no timer runs (I28)', async (world) => {
    const listener = await serving(world, () => echo, { idleTimeout: '10s' });
    const clients = await Promise.all(
      Array.from({ length: 5 }, () => Client.connect(listener.address, { world })),
    );
    await Promise.all(clients.map((client) => client.writeBytes(bytes('x'))));

    await listener.immediateStop();
    await Promise.all(clients.map((client) => client.closed));

    assert.deepEqual(world.scope.leaks(), {
      connections: [],
      endpoints: [],
      timers: [],
      pendingReads: [],
      pendingWrites: [],
      others: [],
      unhandledErrors: [],
      clean: true,
    });
  });
});

/** What a Listener promises on every network. @source CONNECTOR.md 3.D, 3.E, 6 */
export const listenerContract: readonly Claim[] = [
  ...starting,
  ...calling,
  ...separating,
  ...closing,
  ...stopping,
];
