import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { TcpError } from '../../src/base/errors';
import type { TlsVersion } from '../../src/network/tls-settings';
import type { World } from '../../src/network/world';
import { Client } from '../../src/tcp/client';
import type { CloseInfo } from '../../src/tcp/close-info';
import { Listener } from '../../src/tcp/listener';
import type { ClientSecureSocket, ListenerSecureSocket } from '../../src/tcp/secure-socket';
import { SessionStore } from '../../src/tcp/session-store';
import { authority, keyOf } from '../support/test-certificates';
import { type Claim, contract } from './maker';
import { errorOf, tcpPair, textOf } from './tcp-pair';

const bytes = (text: string): Buffer => Buffer.from(text);
const trusting: ClientSecureSocket = { cert: { pem: authority } };
const showing: ListenerSecureSocket = { key: keyOf('server') };

/** A listener under TLS that greets, echoes, and lives as long as its world. */
async function greeting(
  world: World,
  secureSocket: Partial<ListenerSecureSocket> = {},
): Promise<Listener> {
  const listener = new Listener(0, { world, secureSocket: { ...showing, ...secureSocket } });
  listener.attach(async (caller) => {
    await caller.writeBytes(bytes('hi')).catch(() => undefined);
    return { onBytes: (data) => data };
  });
  await listener.start();
  return listener;
}

async function greeted(
  world: World,
  listener: Listener,
  secureSocket: ClientSecureSocket = {},
): Promise<Client> {
  const client = await Client.connect('localhost', listener.port, {
    world,
    secureSocket: { ...trusting, ...secureSocket },
  });
  assert.equal(textOf(await client.readBytes(2)), 'hi');
  return client;
}

/** The version two ends agree on, or the kind of their failure. */
async function agreed(
  world: World,
  listener: Listener,
  secureSocket: ClientSecureSocket,
): Promise<string> {
  const outcome = await greeted(world, listener, secureSocket).catch((error: TcpError) => error);
  if (!(outcome instanceof Client)) return outcome.kind ?? outcome.code;
  await outcome.close();
  return outcome.tls?.protocol ?? 'none';
}

const every: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

const offering = contract((claim) => {
  const sets: readonly TlsVersion[][] = [
    [],
    ['TLSv1.3'],
    ['TLSv1.1', 'TLSv1.2'],
    ['TLSv1', 'TLSv1.2'],
    ['TLSv1', 'TLSv1.1', 'TLSv1.3'],
    ['TLSv1'],
  ];
  for (const set of sets) {
    const title = set.length === 0 ? 'no versions' : set.join(' and ');
    claim(`a listener with ${title} serves exactly these, also with holes (F11)`, async (world) => {
      const protocol = { name: 'SSL', versions: set } as const;
      const listener = await greeting(world, { key: keyOf('server'), protocol });
      const served = set.length === 0 ? ['TLSv1.2', 'TLSv1.3'] : set;
      for (const version of every) {
        const told = await agreed(world, listener, { protocol: { versions: [version] } });
        assert.equal(told, served.includes(version) ? version : 'version-mismatch', version);
      }
    });
  }

  claim('a list of suites decides which versions are on (F12)', async (world) => {
    const listener = await greeting(world, { key: keyOf('server') });
    const old = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
    const fresh = 'TLS_CHACHA20_POLY1305_SHA256';
    const cases: readonly [string[], string][] = [
      [[old], 'TLSv1.2'],
      [[fresh], 'TLSv1.3'],
      [[old, fresh], 'TLSv1.3'],
      [[], 'TLSv1.3'],
    ];
    for (const [ciphers, version] of cases) {
      const client = await greeted(world, listener, { ciphers });
      assert.equal(client.tls?.protocol, version);
      if (ciphers.length > 0) assert.ok(ciphers.includes(client.tls?.cipher ?? ''));
      await client.close();
    }
    const modern = await greeting(world, { ciphers: [fresh] });
    const versions: TlsVersion[] = ['TLSv1.2'];
    assert.equal(await agreed(world, modern, { protocol: { versions } }), 'version-mismatch');
  });

  claim('without cert the roots of Node are trusted, and nobody else (F4)', async (world) => {
    const listener = await greeting(world);
    const error = await errorOf(
      Client.connect('localhost', listener.port, { world, secureSocket: {} }),
    );

    assert.deepEqual([error.code, error.kind], ['ETLSCERT', 'cert-untrusted']);
  });

  claim('a name is sent and checked, unless that is left out by name (F6)', async (world) => {
    const listener = await greeting(world, { key: keyOf('wrong-host') });
    const named = await greeted(world, listener, { servername: 'other.test' });
    const lax = await greeted(world, listener, { verifyHostname: false });
    const silent = await greeted(world, listener, { servername: '', verifyHostname: false });
    const names = [...listener.connections.values()].map(({ tls }) => tls?.servername);

    assert.deepEqual(names, ['other.test', 'localhost', undefined]);
    assert.deepEqual(
      [named, lax, silent].map(({ tls }) => tls?.authorized),
      [true, true, true],
    );
    assert.equal(await agreed(world, listener, {}), 'cert-host-mismatch');
  });

  claim('a map of names decides which certificate is shown, or that none is', async (world) => {
    const sni = { 'other.test': keyOf('wrong-host'), 'Old.Example': 'refuse' } as const;
    const listener = await greeting(world, { sni });
    const failures: (string | undefined)[] = [];
    listener.on('handshakeError', ({ kind, code }) => failures.push(`${code} ${kind}`));
    const shown = async (servername: string): Promise<string | undefined> => {
      const client = await greeted(world, listener, { servername, verifyHostname: false });
      return client.tls?.peerCertificate?.subject;
    };

    assert.equal(await shown('other.test'), 'CN=other.test');
    assert.equal(await shown('OTHER.test'), 'CN=other.test');
    assert.equal(await shown('other.example'), 'CN=localhost');
    assert.equal(await shown(''), 'CN=localhost');
    const refused = await agreed(world, listener, { servername: 'old.example' });
    assert.equal(refused, 'closed-in-handshake');
    assert.deepEqual(failures, ['ETLSHANDSHAKE sni-rejected']);

    const fallback = await greeting(world, { sni: { '*': keyOf('wrong-host') } });
    const client = await greeted(world, fallback, { verifyHostname: false });
    assert.equal(client.tls?.peerCertificate?.subject, 'CN=other.test');
  });

  claim('protocols are agreed on, ignored by who has none, or refused (F18)', async (world) => {
    const told = async (offer: string[], known?: string[]): Promise<unknown> => {
      const listener = await greeting(world, known === undefined ? {} : { alpn: known });
      const outcome = await greeted(world, listener, { alpn: offer }).catch((e: TcpError) => e);
      return outcome instanceof Client ? outcome.tls?.alpn : outcome.kind;
    };

    assert.equal(await told(['a', 'b'], ['b', 'a']), 'b');
    assert.equal(await told(['a']), false);
    assert.equal(await told(['a'], ['b']), 'no-alpn');
  });

  claim('secrets go line by line to whoever asks, on each end (F18)', async (world) => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const lines: { client: string[]; listener: string[] } = { client: [], listener: [] };
      const listener = await greeting(world, {
        keylog: (line) => lines.listener.push(textOf(line)),
      });
      const client = await greeted(world, listener, {
        protocol: { versions: [version] },
        keylog: (line) => lines.client.push(textOf(line)),
      });
      await client.close();

      assert.deepEqual(lines.client.toSorted(), lines.listener.toSorted());
      assert.equal(lines.client.length, version === 'TLSv1.3' ? 5 : 1);
      for (const line of lines.client) assert.match(line, /^[A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]+\n$/);
    }
  });
});

const resuming = contract((claim) => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const protocol = { versions: [version] };
    const twice = async (
      world: World,
      options: Partial<ListenerSecureSocket>,
      session: SessionStore,
    ): Promise<(boolean | undefined)[]> => {
      const listener = await greeting(world, { ...options, protocol });
      const resumed: (boolean | undefined)[] = [];
      for (let turn = 0; turn < 3; turn++) {
        const client = await greeted(world, listener, { session });
        resumed.push(client.tls?.resumed);
        await client.close();
        assert.equal(client.tls?.outcome.resumed, client.tls?.resumed);
      }
      return resumed;
    };

    claim(
      `a store resumes sessions of ${version}, when the listener takes them (F14)`,
      async (world) => {
        const on = new SessionStore();
        assert.deepEqual(await twice(world, {}, on), [false, true, true]);
        assert.equal(on.size, 1);
        const rejecting = await twice(world, { tickets: 'reject' }, new SessionStore());
        assert.deepEqual(rejecting, [false, false, false]);
        const off = await twice(world, { tickets: 'off' }, new SessionStore());
        assert.deepEqual(off, [false, false, false]);
      },
    );

    claim(`a listener says how long a session of ${version} lives (F14)`, async (world) => {
      const listener = await greeting(world, { protocol, sessionTimeout: '77s' });
      const client = await greeted(world, listener);
      const session = Buffer.from(client.tls?.session ?? []);

      // In the ASN.1 of a session: [9], how long its ticket lives.
      assert.ok(session.includes(Buffer.from([0xa9, 3, 2, 1, 77])), session.toString('hex'));
    });
  }

  claim(
    'a session by itself is offered as it is; anything else is refused (F14)',
    async (world) => {
      const listener = await greeting(world);
      const first = await greeted(world, listener);
      const session = first.tls?.session;
      assert.ok(session);
      const second = await greeted(world, listener, { session });
      assert.equal(second.tls?.resumed, true);

      const error = await errorOf(
        Client.connect(listener.address, { world, secureSocket: { session: 'x' as never } }),
      );
      assert.deepEqual([error.code, error.field], ['ECONFIG', 'secureSocket.session']);
    },
  );

  claim('a session that is too old for the client is not offered (F14)', async (world) => {
    const listener = await greeting(world);
    const session = new SessionStore();
    const options = { session, sessionTimeout: '1s' };
    await (await greeted(world, listener, options)).close();
    const fresh = await greeted(world, listener, options);
    assert.equal(fresh.tls?.resumed, true);
    await fresh.close();
    await world.clock.sleep('1001ms');
    const late = await greeted(world, listener, options);
    assert.equal(late.tls?.resumed, false);
  });
});

const ending = contract((claim) => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    claim(`a service that greets and closes says close_notify, in ${version}`, async (world) => {
      const protocol = { versions: [version] };
      const listener = new Listener(0, { world, secureSocket: { ...showing, protocol } });
      listener.attach(async (caller) => {
        await caller.writeBytes(bytes('hi'));
        void caller.close();
      });
      await listener.start();
      const client = await greeted(world, listener, { closeNotify: 'require' });

      assert.equal((await errorOf(client.readBytes())).code, 'EPEERCLOSED');
      await client.closed;
      const { closeNotify, endedBy, endedHow, phase } = client.tls?.outcome ?? {};
      assert.deepEqual([closeNotify, endedBy, endedHow, phase], ['both', 'peer', 'fin', 'closing']);
    });
  }

  claim(
    'an end without close_notify is in the outcome, and an error where asked',
    async (world) => {
      const told: (string | undefined)[] = [];
      for (const closeNotify of ['record', 'require'] as const) {
        const { client, caller } = await tcpPair(world, {
          client: { secureSocket: { ...trusting, servername: 'localhost', closeNotify } },
          listener: { secureSocket: { ...showing, tlsFault: 'omit-close-notify' } },
        });
        await caller.writeBytes(bytes('last'));
        await caller.end();
        assert.equal(textOf(await client.readBytes(4)), 'last');
        const error = await errorOf(client.readBytes());
        await client.closed;
        told.push(error.code, client.tls?.outcome.closeNotify, client.tls?.outcome.endedBy);
      }

      assert.deepEqual(told, ['EPEERCLOSED', 'sent', 'peer', 'ETLSRECORD', 'missing', 'peer']);
    },
  );

  claim('a failure under TLS ends the connection, on both ends', async (world) => {
    const { client, caller } = await tcpPair(world, {
      client: { secureSocket: { ...trusting, servername: 'localhost' } },
      listener: { secureSocket: { ...showing, tlsFault: 'plain-alert-under-tls' } },
    });
    const theirs = errorOf(caller.readBytes());
    const ours = errorOf(client.readBytes(1_000));
    await caller.writeBytes(bytes('x'));
    const error = await ours;
    const [mine, other] = await Promise.all([client.closed, caller.closed]);

    assert.deepEqual(
      [error.code, error.kind, mine.reason],
      ['ETLSRECORD', 'bad-record', 'tls-error'],
    );
    assert.equal(error.tls?.error?.kind, 'bad-record');
    assert.deepEqual([error.tls?.secured, error.tls?.phase], [true, 'application']);
    const peer = await theirs;
    assert.deepEqual([peer.kind, other.reason], ['alert-received', 'tls-error']);
    assert.equal(peer.tls?.alertReceived, error.tls?.alertSent);
  });

  claim('both ends tell the same outcome, each from its side', async (world) => {
    const { client, caller } = await tcpPair(world, {
      client: { secureSocket: { ...trusting, servername: 'localhost' } },
      listener: { secureSocket: { ...showing, tlsFault: { negotiate: { helloRetry: true } } } },
    });
    const early = caller.tls?.outcome;
    await caller.writeBytes(bytes('x'));
    await client.readBytes(1);
    client.reset();
    await Promise.all([client.closed, errorOf(caller.readBytes())]);
    await caller.closed;

    assert.deepEqual([early?.phase, early?.closeNotify], ['finished', 'not-reached']);
    const same = {
      secured: true,
      phase: 'application',
      version: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      alpn: false,
      resumed: false,
      servername: 'localhost',
      helloRetry: true,
      closeNotify: 'missing',
    };
    assert.deepEqual(client.tls?.outcome, {
      ...same,
      side: 'client',
      authorized: true,
      endedBy: 'local',
      endedHow: 'rst',
    });
    assert.deepEqual(caller.tls?.outcome, {
      ...same,
      side: 'server',
      authorized: false,
      endedBy: 'peer',
      endedHow: 'rst',
    });
  });
});

/** A client of Node's own over a connection of the world, which may do what ours never does. */
async function foreignClient(
  world: World,
  listener: Listener,
  atOnce: (socket: TLSSocket) => void = () => undefined,
): Promise<TLSSocket> {
  const { host, port } = listener.address;
  const raw = world.network.connect({ host, port, allowHalfOpen: true });
  await once(raw, 'connect');
  const socket = connectTls({ socket: raw, ca: authority, servername: 'localhost' });
  socket.on('error', () => undefined);
  socket.once('secureConnect', () => atOnce(socket));
  await once(socket, 'secureConnect');
  return socket;
}

function closing(listener: Listener): Promise<CloseInfo> {
  return new Promise((resolve) => {
    listener.on('close', resolve);
  });
}

const foreigners = contract((claim) => {
  const protocol = { versions: ['TLSv1.2'] } as const;
  const again = (socket: TLSSocket): Promise<Error | null> =>
    new Promise((resolve) => {
      socket.renegotiate({}, resolve);
    });

  claim('a client that ends together with its Finished is met at its end', async (world) => {
    const listener = new Listener(0, { world, secureSocket: showing });
    const accepted = listener.accept();
    await listener.start();
    const over = closing(listener);
    const socket = await foreignClient(world, listener, (secured) => secured.end());
    socket.resume();
    const caller = await accepted;

    assert.equal((await errorOf(caller.readBytes())).code, 'EPEERCLOSED');
    assert.equal((await over).reason, 'peer-close');
    assert.equal(caller.tls?.closeNotify, 'both');
  });

  claim('a renegotiation is allowed in TLS 1.2 unless it is refused', async (world) => {
    const listener = await greeting(world, { protocol });
    const socket = await foreignClient(world, listener);
    const [hello] = await once(socket, 'data');
    await again(socket);
    socket.write('still here');
    const [echo] = await once(socket, 'data');

    assert.deepEqual([String(hello), String(echo)], ['hi', 'still here']);
    socket.destroy();
  });

  claim('a refused renegotiation ends the connection at the listener', async (world) => {
    const tlsFault = { negotiate: { renegotiate: 'refuse' } } as const;
    const listener = await greeting(world, { protocol, tlsFault });
    const over = closing(listener);
    const socket = await foreignClient(world, listener);
    await once(socket, 'data');
    socket.renegotiate({}, () => undefined);
    const { reason, error } = await over;

    assert.deepEqual(
      [reason, error?.code, error?.kind],
      ['tls-error', 'ETLSRECORD', 'renegotiation-refused'],
    );
    socket.destroy();
  });

  claim('endless renegotiation is an attack, and ends the connection', async (world) => {
    const listener = await greeting(world, { protocol });
    const over = closing(listener);
    const socket = await foreignClient(world, listener);
    await once(socket, 'data');
    const ended = over.then(() => true);
    for (let turn = 0; turn < 10; turn++) {
      if (await Promise.race([ended, again(socket).then(() => false)])) break;
    }
    const { error } = await over;

    assert.equal(error?.kind, 'renegotiation-refused');
    socket.destroy();
  });
});

/** What the options of TLS promise through Client and Listener. */
export const tlsOptionsContract: readonly Claim[] = [
  ...offering,
  ...resuming,
  ...ending,
  ...foreigners,
];
