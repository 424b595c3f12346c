import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { TcpError } from '../../src/base/errors';
import { Authority } from '../../src/certs/authority';
import type { World } from '../../src/network/world';
import type { ByteChannel } from '../../src/tcp/byte-channel';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import type { ClientSecureSocket, ListenerSecureSocket } from '../../src/tcp/secure-socket';
import { authority, certificatePath, keyOf, pem } from '../support/test-certificates';
import { type Claim, contract } from './maker';
import { codeOf, errorOf, pattern, serving, tcpPair, textOf } from './tcp-pair';

const bytes = (text: string): Buffer => Buffer.from(text);
const trusting: ClientSecureSocket = { cert: { pem: authority } };
const showing: ListenerSecureSocket = { key: keyOf('server-ed25519') };

/** Connects through TLS; the name of the certificate is what is dialled. */
function secureClient(
  listener: Listener,
  world: World,
  secureSocket: ClientSecureSocket = {},
): Promise<Client> {
  return Client.connect('localhost', listener.port, {
    world,
    secureSocket: { ...trusting, ...secureSocket },
  });
}

/** Starts an echo listener under TLS, and keeps the handshakes that failed. */
async function secureEcho(
  world: World,
  secureSocket: Partial<ListenerSecureSocket> = {},
): Promise<{ listener: Listener; nextFailure: () => Promise<TcpError> }> {
  const failures: TcpError[] = [];
  let told: (error: TcpError) => void = (error) => failures.push(error);
  const listener = new Listener(0, { world, secureSocket: { ...showing, ...secureSocket } });
  listener.attach(() => ({ onBytes: (data) => data })).on('handshakeError', (error) => told(error));
  await listener.start();
  const nextFailure = (): Promise<TcpError> =>
    new Promise((resolve) => {
      const [first] = failures.splice(0, 1);
      told = resolve;
      if (first !== undefined) resolve(first);
    });
  return { listener, nextFailure };
}

const speaking = contract((claim) => {
  claim(
    'a client and a listener speak TLS, and both tell what was agreed (DL4, E1, F6, D10)',
    async (world) => {
      const { listener } = await secureEcho(world, { alpn: ['echo'] });
      const client = await secureClient(listener, world, { alpn: ['echo'] });
      const sent = pattern(200_000);

      const [reply] = await Promise.all([client.readBytes(sent.length), client.writeBytes(sent)]);

      assert.ok(Buffer.from(reply).equals(sent));
      assert.deepEqual([client.bytesRead, client.bytesFlushed], [sent.length, sent.length]);
      assert.deepEqual([client.tls?.protocol, client.tls?.alpn], ['TLSv1.3', 'echo']);
      const [caller] = listener.connections.values();
      assert.deepEqual([caller?.tls?.servername, caller?.tls?.alpn], ['localhost', 'echo']);
      await client.close();
      const { reason, sent: ours } = await client.closed;
      assert.deepEqual([reason, ours], ['local-close', 'fin']);
      assert.equal(client.tls?.closeNotify, 'both');
    },
  );

  claim('certificates and keys are read from files, in all common forms (F8)', async (world) => {
    const certFile = (name: string): string => certificatePath(`${name}.pem`);
    const keys: ListenerSecureSocket['key'][] = [
      { certFile: certFile('server'), keyFile: certificatePath('server.key') },
      {
        certFile: certFile('server-rsa'),
        keyFile: certificatePath('server-rsa-encrypted.key'),
        keyPassword: 'brine',
      },
      { certFile: certFile('server-rsa'), keyFile: certificatePath('server-rsa-pkcs1.key') },
      { certFile: certFile('server'), keyFile: certificatePath('server-sec1.key') },
    ];
    for (const key of keys) {
      const { listener } = await secureEcho(world, { key });
      const client = await secureClient(listener, world, { cert: certificatePath('ca.pem') });
      await client.writeBytes(bytes('x'));
      assert.equal(textOf(await client.readBytes(1)), 'x');
      await client.close();
      await listener.gracefulStop();
    }
  });

  claim('a URL may ask for TLS, and must not contradict the configuration', async (world) => {
    const { listener } = await secureEcho(world);
    const { port } = listener;
    const client = await Client.connect(`tls://localhost:${port}`, {
      world,
      secureSocket: trusting,
    });
    assert.equal(client.tls?.authorized, true);

    const untrusting = Client.connect(`tls://localhost:${port}`, { world });
    assert.equal(await codeOf(untrusting), 'ETLSCERT');
    const off = { world, secureSocket: { enable: false } };
    assert.equal(await codeOf(Client.connect(`tls://localhost:${port}`, off)), 'ECONFIG');
    const on = { world, secureSocket: {} };
    assert.equal(await codeOf(Client.connect(`tcp://localhost:${port}`, on)), 'ECONFIG');
  });

  claim('enable: false is plain TCP, whatever else is written there (F1)', async (world) => {
    const listener = await serving(world, () => ({ onBytes: (data) => data }));
    const client = await Client.connect(listener.address, {
      world,
      secureSocket: { enable: false, cert: '/no/such/file', ciphers: ['none'] },
    });
    await client.writeBytes(bytes('plain'));

    assert.equal(textOf(await client.readBytes(5)), 'plain');
    assert.equal(client.tls, undefined);
  });

  claim(
    'a pin, and the rule of Ballerina, accept a certificate that has expired (F2, D10)',
    async (world) => {
      const { listener } = await secureEcho(world, { key: keyOf('pinned-expired') });
      const text = pem('pinned-expired.pem');
      const pins = [new X509Certificate(text).fingerprint256, text];
      for (const pin of pins) {
        const client = await secureClient(listener, world, { cert: { pin } });
        assert.equal(client.tls?.authorized, true);
      }
      const cert = certificatePath('pinned-expired.pem');
      assert.equal(await codeOf(secureClient(listener, world, { cert })), 'ETLSCERT');
      const lax = await secureClient(listener, world, { cert, verify: 'ballerina' });
      assert.equal(lax.tls?.servername, undefined);
    },
  );

  claim(
    'a self-signed listener is trusted by its anchor, and by nothing else (F8)',
    async (world) => {
      const listener = new Listener(0, { world, secureSocket: { key: 'selfsigned' } });
      listener.attach(() => ({ onBytes: (data) => data }));
      assert.equal(listener.trustAnchor, undefined);
      await listener.start();
      const first = listener.trustAnchor ?? '';
      for (const host of ['localhost', '127.0.0.1']) {
        const client = await Client.connect(host, listener.port, {
          world,
          secureSocket: { cert: { pem: first } },
        });
        await client.writeBytes(bytes('x'));
        assert.equal(textOf(await client.readBytes(1)), 'x');
        await client.close();
      }
      assert.equal((await errorOf(secureClient(listener, world))).kind, 'cert-self-signed');
      await listener.gracefulStop();
      await listener.start();
      assert.notEqual(listener.trustAnchor, first);
    },
  );

  claim('what an authority issues and reads is taken by both sides (F7, F8)', async (world) => {
    const ca = await Authority.create();
    const between = await ca.intermediate();
    const { listener } = await secureEcho(world, {
      key: await between.issue('localhost'),
      sni: { 'b.test': await ca.issue('b.test') },
      clientAuth: 'require',
      cert: ca.trust(),
    });
    for (const servername of ['localhost', 'b.test']) {
      const key = await between.issueClient('alice');
      const options = { cert: ca.trust(), key, servername };
      const client = await secureClient(listener, world, options);
      await client.writeBytes(bytes('x'));
      await client.readBytes(1);
      assert.equal(client.tls?.authorized, true);
      await client.close();
    }
  });

  claim('both sides may show certificates (F7, D10)', async (world) => {
    const { listener, nextFailure } = await secureEcho(world, {
      clientAuth: 'require',
      cert: { pem: authority },
    });
    const client = await secureClient(listener, world, { key: keyOf('client') });
    await client.writeBytes(bytes('x'));
    await client.readBytes(1);
    const [caller] = listener.connections.values();
    assert.equal(caller?.tls?.peerCertificate?.subject, 'CN=alice');

    const failure = nextFailure();
    const nobody = await secureClient(listener, world);
    assert.equal((await failure).kind, 'client-cert-missing');
    const error = await errorOf(nobody.readBytes());
    assert.deepEqual([error.code, error.kind], ['ETLSCERT', 'client-cert-missing']);
    assert.equal((await nobody.closed).reason, 'tls-error');
  });

  claim('a reset under TLS is RST on the wire (2.2)', async (world) => {
    const { client, caller } = await tcpPair(world, {
      client: { secureSocket: { ...trusting, servername: 'localhost' } },
      listener: { secureSocket: showing },
    });
    const read = errorOf(caller.readBytes());
    client.reset();

    assert.equal((await read).code, 'ECONNRESET');
    assert.equal((await client.closed).sent, 'rst');
    assert.equal((await caller.closed).received, 'rst');
  });

  claim('the end of a peer is met after its last byte, and answered (I19, I20)', async (world) => {
    const { client, caller } = await tcpPair(world, {
      client: { secureSocket: { ...trusting, servername: 'localhost' } },
      listener: { secureSocket: showing },
    });
    await caller.writeBytes(bytes('last'));
    await caller.end();

    assert.equal(textOf(await client.readBytes(4)), 'last');
    assert.equal((await errorOf(client.readBytes())).code, 'EPEERCLOSED');
    assert.equal((await client.closed).reason, 'peer-close');
    assert.equal((await errorOf(caller.readBytes())).code, 'EPEERCLOSED');
    assert.equal((await caller.closed).reason, 'local-close');
    assert.deepEqual([client.tls?.closeNotify, caller.tls?.closeNotify], ['both', 'both']);
  });
});

const failing = contract((claim) => {
  claim('a failed handshake calls nobody but handshakeError (F15, F17)', async (world) => {
    const { listener, nextFailure } = await secureEcho(world);
    const seen: string[] = [];
    listener.on('connection', () => seen.push('connection'));
    const failure = nextFailure();
    const stranger = await Client.connect(listener.address, { world });
    await stranger.writeBytes(bytes('hello, is anybody there?\r\n'));

    const { code, kind, phase, connectionId } = await failure;
    assert.deepEqual(
      [code, kind, phase, connectionId],
      ['ETLSNOTTLS', 'not-tls', 'handshake', 's1'],
    );
    assert.equal((await errorOf(stranger.readBytes())).code, 'EPEERCLOSED');
    assert.deepEqual([seen, listener.connections.size], [[], 0]);
  });

  claim('a client tells why there is no TLS, and leaves nothing open (C14, D10)', async (world) => {
    const { listener } = await secureEcho(world, { protocol: { versions: ['TLSv1.2'] } });
    const old = await errorOf(
      secureClient(listener, world, { protocol: { versions: ['TLSv1.3'] } }),
    );
    assert.deepEqual([old.code, old.kind], ['ETLSHANDSHAKE', 'version-mismatch']);
    assert.equal(old.alert?.name, 'protocol_version');

    const wrong = await errorOf(secureClient(listener, world, { servername: 'other.example' }));
    assert.deepEqual([wrong.code, wrong.kind], ['ETLSCERT', 'cert-host-mismatch']);
    assert.match(
      wrong.message,
      /^TLS handshake with localhost:\d+ failed on c2: .* another name: DNS:localhost/,
    );

    const plain = await serving(world, (caller) => {
      void caller.writeBytes(bytes('220 ready\r\n'));
      return { onBytes: () => undefined };
    });
    const not = await errorOf(secureClient(plain, world));
    assert.deepEqual([not.code, not.kind], ['ETLSNOTTLS', 'not-tls']);
  });

  claim('aborting ends a handshake (2.3)', async (world) => {
    const silent = await serving(world, () => ({ onBytes: () => controller.abort() }));
    const controller = new AbortController();
    const error = await errorOf(
      Client.connect(silent.address, {
        world,
        secureSocket: trusting,
        signal: controller.signal,
      }),
    );

    assert.deepEqual([error.code, error.phase], ['ABORT_ERR', 'handshake']);
  });

  claim('a stop ends handshakes that are under way (I28)', async (world) => {
    const { listener } = await secureEcho(world);
    const stranger = await Client.connect(listener.address, { world });
    await stranger.writeBytes(bytes('\x16\x03'));
    const read = errorOf(stranger.readBytes());
    const client = await secureClient(listener, world);
    await client.writeBytes(bytes('x'));
    await client.readBytes(1);
    const report = await listener.gracefulStop();

    const { connections, timers } = world.scope.leaks();
    assert.deepEqual(
      [
        connections.filter(({ id }) => id.startsWith('s')),
        timers.filter(({ label }) => label.startsWith('TLS')),
      ],
      [[], []],
    );
    assert.equal(report.connections, 1);
    assert.equal((await read).code, 'ECONNRESET');
    await client.close();
  });

  const configured: readonly [string, ClientSecureSocket, string, RegExp, string | undefined][] = [
    [
      'a file that is missing',
      { cert: '/no/such/ca.pem' },
      'secureSocket.cert',
      /cannot be read: ENOENT/,
      'File does not contain valid certificates: /no/such/ca.pem',
    ],
    [
      'a file without a certificate',
      { cert: certificatePath('server.key') },
      'secureSocket.cert',
      /holds no certificate in PEM/,
      `File does not contain valid certificates: ${certificatePath('server.key')}`,
    ],
    [
      'a blank path',
      { cert: ' ' },
      'secureSocket.cert',
      /must be the path of a PEM file/,
      'Certificate file location must be provided for secure connection',
    ],
    [
      'an unknown cipher suite',
      { ciphers: ['TLS_AES_128_GCM_SHA257'] },
      'secureSocket.ciphers',
      /"TLS_AES_128_GCM_SHA257" \(did you mean "TLS_AES_128_GCM_SHA256"\?\)/,
      undefined,
    ],
    [
      'SSLv3',
      { protocol: { name: 'SSL', versions: ['SSLv3' as 'TLSv1'] } },
      'secureSocket.protocol.versions',
      /got "SSLv3"/,
      undefined,
    ],
    [
      'suites that no allowed version has',
      {
        protocol: { versions: ['TLSv1.3'] },
        ciphers: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
      },
      'secureSocket.ciphers',
      /no suite that TLSv1.3 could use/,
      undefined,
    ],
    [
      'a key of another certificate',
      { key: { cert: pem('client.pem'), key: pem('server.key') } },
      'secureSocket.key.key',
      /does not belong to the certificate of CN=alice/,
      'Failed to initialize the SSL context: the key does not belong to the certificate of CN=alice',
    ],
    [
      'a key that needs a password',
      { key: { cert: pem('server-rsa.pem'), key: pem('server-rsa-encrypted.key') } },
      'secureSocket.key.key',
      /keyPassword is missing/,
      'Failed to initialize the SSL context: the key is encrypted, and keyPassword is missing',
    ],
    [
      'a key store that is missing',
      { key: { path: '/no/such/keys.p12', password: 'x' } },
      'secureSocket.key.path',
      /cannot be read: ENOENT/,
      'Failed to initialize the SSL context: /no/such/keys.p12 cannot be read: ENOENT',
    ],
  ];
  for (const [title, secureSocket, field, message, compat] of configured) {
    claim(
      `${title} is ETLSCONFIG, and nothing is dialled (C15, F5, F9, F10, F11, F12)`,
      async (world) => {
        const error = await errorOf(
          Client.connect('192.0.2.1', 7, { world, secureSocket: { ...trusting, ...secureSocket } }),
        );

        assert.deepEqual([error.code, error.kind, error.field], ['ETLSCONFIG', 'config', field]);
        assert.match(error.message, message);
        assert.equal(error.compatMessage, compat);
        assert.equal(world.trace.events.length, 0);
      },
    );
  }

  claim(
    'a listener refuses key material from start(), and may be started again (F9)',
    async (world) => {
      const key = { certFile: certificatePath('server.pem'), keyFile: '' };
      const listener = new Listener(0, { world, secureSocket: { key } });

      for (let turn = 0; turn < 2; turn++) {
        const error = await errorOf(listener.start());
        assert.equal(error.code, 'ETLSCONFIG');
        assert.equal(
          error.compatMessage,
          'Private key file location must be provided for secure connection',
        );
      }
      assert.equal(listener.state, 'idle');
    },
  );
});

const upgrading = contract((claim) => {
  claim('both sides upgrade in place, and go on with the same objects (F18)', async (world) => {
    const { client, caller } = await tcpPair(world);
    await client.writeBytes(bytes('STARTTLS\r\n'));
    assert.equal(textOf(await caller.readUntil(bytes('\r\n'))), 'STARTTLS\r\n');
    await caller.writeBytes(bytes('220 go\r\n'));
    assert.equal(textOf(await client.readUntil(bytes('\r\n'))), '220 go\r\n');

    const [mine, theirs] = await Promise.all([
      client.upgradeToTls({ ...trusting, servername: 'localhost' }),
      caller.upgradeToTls(showing),
    ]);
    await client.writeBytes(bytes('secret'));

    assert.equal(textOf(await caller.readBytes(6)), 'secret');
    assert.equal(mine.protocol, theirs.protocol);
    assert.equal(client.tls, mine);
    assert.deepEqual([client.bytesRead, caller.bytesRead], [8, 16]);
    await client.close();
    assert.equal((await errorOf(caller.readBytes())).code, 'EPEERCLOSED');
    assert.equal((await caller.closed).reason, 'peer-close');
  });

  claim(
    'a service upgrades inside onBytes; a greeting that came along is not lost',
    async (world) => {
      const secured = await serving(world, (caller) => ({
        async onBytes(data) {
          if (caller.tls !== undefined) return data;
          // The greeting comes meanwhile, and is read ahead.
          await world.clock.sleep('20ms');
          await caller.upgradeToTls(showing);
          return undefined;
        },
      }));
      const client = await Client.connect('localhost', secured.port, { world });
      await client.writeBytes(bytes('STARTTLS\r\n'));
      await world.clock.sleep('5ms');
      await client.upgradeToTls(trusting);
      await client.writeBytes(bytes('echo'));

      assert.equal(textOf(await client.readBytes(4)), 'echo');
    },
  );

  claim(
    'plain bytes that nobody read refuse the upgrade, unless they may be dropped',
    async (world) => {
      const { client, caller } = await tcpPair(world);
      await client.writeBytes(bytes('STARTTLS\r\nEVIL\r\n'));
      await caller.readUntil(bytes('\r\n'));

      const error = await errorOf(caller.upgradeToTls(showing));
      assert.equal(error.code, 'ETLSCONFIG');
      assert.match(error.message, /plain bytes left before the TLS upgrade/);

      await Promise.all([
        client.upgradeToTls({ ...trusting, servername: 'localhost' }),
        caller.upgradeToTls({ ...showing, discardPlain: true }),
      ]);
      await caller.writeBytes(bytes('clean'));
      assert.equal(textOf(await client.readBytes(5)), 'clean');
    },
  );

  claim('a greeting in the same write as the last plain line is not lost (F18)', async (world) => {
    const recorded: Buffer[] = [];
    const { caller: relay, client: upstream } = await tcpPair(world);
    const tls = new Listener(0, { world });
    const accepted = tls.accept();
    await tls.start();
    // A client whose bytes we hold back, so that its plain line and its greeting go together.
    const upgrade = upstream.upgradeToTls({ ...trusting, servername: 'localhost' });
    recorded.push(bytes('STARTTLS\r\n'), Buffer.from(await relay.readBytes()));
    const down = await Client.connect(tls.address, { world });
    await down.writeBytes(Buffer.concat(recorded));
    const caller = await accepted;
    assert.equal(textOf(await caller.readUntil(bytes('\r\n'))), 'STARTTLS\r\n');

    const theirs = caller.upgradeToTls(showing);
    const pump = async (from: ByteChannel, to: ByteChannel): Promise<void> => {
      for await (const chunk of from) await to.writeBytes(chunk);
      await to.end();
    };
    const pumps = [pump(relay, down), pump(down, relay)];
    await Promise.all([upgrade, theirs]);
    await caller.writeBytes(bytes('secret'));
    assert.equal(textOf(await upstream.readBytes(6)), 'secret');
    await Promise.all([upstream.close(), caller.close()]);
    await Promise.all(pumps);
  });

  claim(
    'a client may be the server of TLS, and has the greeting that came before (F18)',
    async (world) => {
      const { client, caller } = await tcpPair(world);
      const theirs = caller.upgradeToTls({ ...trusting, side: 'client', servername: 'localhost' });
      await world.clock.sleep('5ms');
      const mine = await client.upgradeToTls({ ...showing, side: 'server' });
      await theirs;
      await client.writeBytes(bytes('turned'));

      assert.equal(textOf(await caller.readBytes(6)), 'turned');
      assert.equal(mine.outcome.side, 'server');
      assert.equal(caller.tls?.authorized, true);
    },
  );

  claim('an upgrade may have a fault as well', async (world) => {
    const { client, caller } = await tcpPair(world);
    const [mine, theirs] = await Promise.all([
      errorOf(client.upgradeToTls({ ...trusting, servername: 'localhost' })),
      errorOf(caller.upgradeToTls({ ...showing, tlsFault: 'garbage' })),
    ]);

    assert.equal(mine.kind, 'not-tls');
    assert.match(theirs.message, /after the fault garbage on clientHello at this end/);
  });

  claim('an upgrade is refused while a call waits, and twice', async (world) => {
    const { client, caller } = await tcpPair(world);
    const read = errorOf(client.readBytes());
    assert.equal(await codeOf(client.upgradeToTls(trusting)), 'EBUSY');
    caller.reset();
    await read;

    const pair = await tcpPair(world, {
      client: { secureSocket: { ...trusting, servername: 'localhost' } },
      listener: { secureSocket: showing },
    });
    assert.equal(await codeOf(pair.client.upgradeToTls(trusting)), 'ESTATE');
  });

  claim('an upgrade that fails ends the connection, and says why', async (world) => {
    const { client, caller } = await tcpPair(world);
    const [mine, theirs] = await Promise.all([
      errorOf(client.upgradeToTls({ ...trusting, servername: 'other.example' })),
      errorOf(caller.upgradeToTls(showing)),
    ]);

    assert.deepEqual([mine.kind, theirs.kind], ['cert-host-mismatch', 'closed-in-handshake']);
    const info = await client.closed;
    assert.deepEqual([info.reason, info.error], ['tls-error', mine]);
    assert.equal((await errorOf(client.readBytes())).code, 'ECLOSED');
  });

  claim('a close in the middle of an upgrade ends it', async (world) => {
    const { client } = await tcpPair(world);
    const upgrade = errorOf(client.upgradeToTls({ ...trusting, servername: 'localhost' }));
    await client.close();

    await upgrade;
    assert.equal((await client.closed).reason, 'local-close');
  });
});

/** What TLS promises through Client and Listener. */
export const tlsTcpContract: readonly Claim[] = [...speaking, ...failing, ...upgrading];
