import assert from 'node:assert/strict';
import { once } from 'node:events';
import { TcpError } from '../../src/base/errors';
import type { TlsSettings } from '../../src/network/tls-settings';
import { authority, keyOf, leafOf, pem } from '../support/test-certificates';
import { type Claim, contract } from './maker';
import { connectPair, ended, readAll } from './pair';
import { clientSettings, handshake, secure, serverSettings, tlsPair, told } from './tls-pair';

type Settings = Partial<TlsSettings>;

const securing = contract((claim) => {
  claim('two ends with TLS on top exchange bytes, and tell what they agreed on', async (world) => {
    const { client, server } = await tlsPair(world, { alpn: ['b', 'a'] }, { alpn: ['a'] });

    client.write('ping');
    const [request] = await once(server, 'data');
    server.write('pong');
    const [reply] = await once(client, 'data');

    assert.deepEqual([String(request), String(reply)], ['ping', 'pong']);
    const { protocol, cipher, alpn, servername, authorized, resumed, peerCertificate } = client.tls;
    assert.deepEqual(
      { protocol, cipher, alpn, servername, authorized, resumed },
      {
        protocol: 'TLSv1.3',
        cipher: 'TLS_AES_256_GCM_SHA384',
        alpn: 'a',
        servername: 'localhost',
        authorized: true,
        resumed: false,
      },
    );
    assert.equal(peerCertificate?.subject, 'CN=localhost');
    assert.equal(client.tls.peerChain[0], peerCertificate?.pem);
    assert.deepEqual([server.tls.alpn, server.tls.servername], ['a', 'localhost']);
    assert.deepEqual([client.id, client.remote], ['c1', { ...server.local }]);
  });

  claim('a megabyte passes through TLS in order', async (world) => {
    const { client, server } = await tlsPair(world);
    const sent = Buffer.alloc(1_000_003, 'the quick brown fox ');

    client.end(sent);
    const chunks: Buffer[] = [];
    server.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(server, 'end');

    assert.ok(Buffer.concat(chunks).equals(sent));
    assert.equal(server.bytesRead, sent.length);
    assert.equal(client.bytesWritten, sent.length);
  });

  claim('each end says close_notify before its FIN, and hears that of the other', async (world) => {
    const { client, server } = await tlsPair(world);
    const overs = [ended(client), ended(server)];
    client.end('bye');
    assert.equal(await readAll(server), 'bye');
    assert.equal(server.tls.closeNotify, 'received');
    server.end();
    client.resume();
    await Promise.all(overs);

    assert.deepEqual([client.tls.closeNotify, server.tls.closeNotify], ['both', 'both']);
    assert.deepEqual([client.info().ended, server.info().ended], ['fin', 'fin']);
  });

  claim('a server that ends at once says close_notify all the same', async (world) => {
    const { client, server } = await tlsPair(world);
    server.end();
    client.resume();
    await once(client, 'end');

    assert.equal(client.tls.closeNotify, 'received');
  });

  claim('a FIN without close_notify is an end, and is told from one with it', async (world) => {
    const { client, server, rawServer } = await tlsPair(world);
    server.on('error', () => undefined);
    const text = readAll(client);
    server.write('all of it', () => rawServer.end());

    assert.equal(await text, 'all of it');
    assert.equal(client.tls.closeNotify, 'none');
  });

  claim('where close_notify is required its lack is an error, after all bytes', async (world) => {
    const { client, server, rawServer } = await tlsPair(world, { closeNotify: 'require' });
    server.on('error', () => undefined);
    const chunks: string[] = [];
    client.on('data', (chunk: Buffer) => chunks.push(String(chunk)));
    server.write('all of it', () => rawServer.end());
    const [error] = await once(client, 'error');

    assert.deepEqual([error.code, error.kind], ['ETLSRECORD', 'truncated']);
    assert.equal(chunks.join(''), 'all of it');
  });

  claim('bytes that nobody has read outlive the end of the raw connection', async (world) => {
    const { client, server, rawClient } = await tlsPair(world);
    const over = ended(client);
    client.end();
    server.resume();
    await once(server, 'end');
    server.end('kept for later');
    if (!rawClient.destroyed) await once(rawClient, 'close');

    assert.equal(await readAll(client), 'kept for later');
    await over;
    assert.equal(client.tls.closeNotify, 'both');
  });

  claim('a reset under TLS is RST on the wire and ECONNRESET at the peer', async (world) => {
    const { client, server } = await tlsPair(world);
    const over = ended(client);
    server.resume();
    const failure = once(server, 'error');
    client.resetAndDestroy();

    const [error] = await failure;
    await over;
    assert.equal(error.code, 'ECONNRESET');
    assert.equal(client.info().ended, 'rst');
  });

  claim('bytes of the greeting that were read before go back into the handshake', async (world) => {
    const { network } = world;
    const pair = await connectPair(world, { connect: { allowHalfOpen: true } });
    const client = secure(world, pair.client, network.prepareTls('client', clientSettings()), {
      host: 'localhost',
    });
    const [head] = await once(pair.server, 'data');
    pair.server.pause();
    pair.server.removeAllListeners('data');
    const server = secure(world, pair.server, network.prepareTls('server', serverSettings()), {
      head,
    });

    assert.deepEqual([told(await client), told(await server)], ['secured', 'secured']);
  });

  claim('a session is resumed when it is offered again', async (world) => {
    const first = await tlsPair(world);
    first.server.write('now the session has come');
    await once(first.client, 'data');
    const { session } = first.client.tls;
    assert.ok(session);

    const context = world.network.prepareTls('server', serverSettings());
    const sessions: Uint8Array[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const pair = await connectPair(world, { connect: { allowHalfOpen: true } });
      const [last] = sessions.slice(-1);
      const settings = clientSettings(last === undefined ? {} : { session: last });
      const [client, server] = await Promise.all([
        world.network.startTls(pair.client, world.network.prepareTls('client', settings), {
          host: 'localhost',
        }),
        world.network.startTls(pair.server, context),
      ]);
      server.write('x');
      await once(client, 'data');
      assert.equal(client.tls.resumed, turn === 1);
      sessions.push(client.tls.session ?? Buffer.alloc(0));
    }
  });
});

/** Title, client, server, what each side tells. */
const failures: readonly [string, Settings, Settings, string, string][] = [
  [
    'a server for another name',
    {},
    { key: keyOf('wrong-host') },
    'ETLSCERT cert-host-mismatch',
    'ETLSCLOSED closed-in-handshake',
  ],
  [
    'a server whose certificate has expired',
    {},
    { key: keyOf('expired') },
    'ETLSCERT cert-expired',
    'ETLSCLOSED closed-in-handshake',
  ],
  [
    'a server whose certificate is not valid yet',
    {},
    { key: keyOf('not-yet-valid') },
    'ETLSCERT cert-not-yet-valid',
    'ETLSCLOSED closed-in-handshake',
  ],
  [
    'a server of another authority',
    {},
    { key: keyOf('untrusted-root') },
    'ETLSCERT cert-untrusted',
    'ETLSCLOSED closed-in-handshake',
  ],
  [
    'a server that signed for itself',
    {},
    { key: keyOf('self-signed') },
    'ETLSCERT cert-self-signed',
    'ETLSCLOSED closed-in-handshake',
  ],
  [
    'a chain without its known intermediate',
    { knownIntermediates: [pem('intermediate.pem')] },
    { key: leafOf('chain') },
    'ETLSCERT cert-incomplete-chain',
    'ETLSCLOSED closed-in-handshake',
  ],
  [
    'a chain without its unknown intermediate',
    {},
    { key: leafOf('chain') },
    'ETLSCERT cert-untrusted',
    'ETLSCLOSED closed-in-handshake',
  ],
  [
    'a certificate that may not serve',
    { verifyHostname: false },
    { key: keyOf('client') },
    'ETLSCERT cert-wrong-usage',
    'ETLSCLOSED closed-in-handshake',
  ],
  [
    'no common version',
    { versions: ['TLSv1.2'] },
    { versions: ['TLSv1.3'] },
    'ETLSHANDSHAKE version-mismatch',
    'ETLSHANDSHAKE version-mismatch',
  ],
  [
    'no common suite',
    { ciphers: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'] },
    {
      key: keyOf('server-rsa'),
      versions: ['TLSv1.2'],
      ciphers: ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'],
    },
    'ETLSHANDSHAKE alert-received',
    'ETLSHANDSHAKE no-shared-cipher',
  ],
  [
    'no common group',
    { groups: ['P-521'] },
    { groups: ['P-256'] },
    'ETLSHANDSHAKE alert-received',
    'ETLSHANDSHAKE no-shared-group',
  ],
  [
    'no common protocol',
    { alpn: ['a'] },
    { alpn: ['b'] },
    'ETLSHANDSHAKE no-alpn',
    'ETLSHANDSHAKE no-alpn',
  ],
  [
    'a client without the certificate that TLS 1.2 needs',
    { versions: ['TLSv1.2'] },
    { clientAuth: 'require', anchors: [authority] },
    'ETLSHANDSHAKE alert-received',
    'ETLSCERT client-cert-missing',
  ],
  [
    'a client whose certificate has expired, in TLS 1.2',
    { versions: ['TLSv1.2'], key: keyOf('client-expired') },
    { clientAuth: 'require', anchors: [authority] },
    'ETLSCLOSED closed-in-handshake',
    'ETLSCERT cert-expired',
  ],
];

const refusing: readonly Claim[] = [
  ...contract((claim) => {
    for (const [title, client, server, clientTells, serverTells] of failures) {
      claim(`${title} ends the handshake: ${clientTells}, ${serverTells}`, async (world) => {
        const ends = await handshake(world, client, server);

        assert.deepEqual([told(ends.client), told(ends.server)], [clientTells, serverTells]);
        assert.ok(TcpError.is(ends.client));
        assert.equal(ends.client.phase, 'handshake');
        assert.equal(ends.client.connectionId, 'c1');
        assert.deepEqual([ends.rawClient.destroyed, ends.rawServer.destroyed], [true, true]);
      });
    }
  }),
  ...contract((claim) => {
    claim('an alert tells its number, name and direction', async (world) => {
      const { client, server } = await handshake(
        world,
        { versions: ['TLSv1.2'] },
        { versions: ['TLSv1.3'] },
      );

      assert.ok(TcpError.is(client) && TcpError.is(server));
      const alert = { number: 70, name: 'protocol_version' };
      assert.deepEqual(client.alert, { ...alert, direction: 'received' });
      assert.deepEqual(server.alert, { ...alert, direction: 'sent' });
    });

    claim(
      'a TLS 1.3 client learns after its handshake that a certificate was needed',
      async (world) => {
        const { client, server } = await handshake(
          world,
          {},
          { clientAuth: 'require', anchors: [authority] },
        );

        assert.equal(told(server), 'ETLSCERT client-cert-missing');
        assert.ok(!TcpError.is(client));
        client.resume();
        const [error] = await once(client, 'error');
        assert.deepEqual([error.code, error.kind], ['ETLSCERT', 'client-cert-missing']);
      },
    );

    claim('a TLS 1.3 client whose certificate was refused meets an end, cut off', async (world) => {
      const { client, server } = await handshake(
        world,
        { key: keyOf('client-expired') },
        { clientAuth: 'require', anchors: [authority] },
      );

      assert.equal(told(server), 'ETLSCERT cert-expired');
      assert.ok(!TcpError.is(client));
      assert.equal(await readAll(client), '');
      assert.equal(client.tls.closeNotify, 'none');
    });

    claim('a client with a good certificate is known to the server', async (world) => {
      const { server } = await tlsPair(
        world,
        { key: keyOf('client') },
        { clientAuth: 'require', anchors: [authority] },
      );

      assert.equal(server.tls.authorized, true);
      assert.equal(server.tls.peerCertificate?.subject, 'CN=alice');
    });

    claim(
      'a server that only asks lets everybody in, and tells who was not good',
      async (world) => {
        const { server } = await tlsPair(
          world,
          { key: keyOf('client-expired') },
          { clientAuth: 'request', anchors: [authority] },
        );

        assert.equal(server.tls.authorized, false);
        assert.equal(server.tls.authorizationError, 'CERT_HAS_EXPIRED');
      },
    );

    claim(
      'a pinned certificate is accepted whatever its dates, any other is not',
      async (world) => {
        const { X509Certificate } = await import('node:crypto');
        const pin = new X509Certificate(pem('pinned-expired.pem')).fingerprint256.replaceAll(
          ':',
          '',
        );
        const pinned: Settings = { verify: 'pinned', pins: [pin] };

        const good = await handshake(world, pinned, { key: keyOf('pinned-expired') });
        assert.equal(told(good.client), 'secured');
        const bad = await handshake(world, pinned, {});
        assert.equal(told(bad.client), 'ETLSCERT cert-untrusted');
      },
    );

    claim(
      'an anchor that is the leaf itself is accepted by anchored, not by strict',
      async (world) => {
        const anchors = [pem('pinned-expired.pem')];
        const server = { key: keyOf('pinned-expired') };

        const lax = await handshake(world, { verify: 'anchored', anchors }, server);
        const strict = await handshake(world, { anchors }, server);
        const expired = await handshake(world, { verify: 'anchored' }, { key: keyOf('expired') });

        assert.equal(told(lax.client), 'secured');
        assert.equal(told(strict.client), 'ETLSCERT cert-expired');
        assert.equal(told(expired.client), 'ETLSCERT cert-expired');
      },
    );

    claim('a server shows the certificate of the name that it is asked for', async (world) => {
      const sni = { 'other.test': keyOf('wrong-host') };
      const { client } = await tlsPair(world, { servername: 'other.test' }, { sni });
      const other = await tlsPair(world, {}, { sni });

      assert.equal(client.tls.peerCertificate?.subject, 'CN=other.test');
      assert.equal(other.client.tls.peerCertificate?.subject, 'CN=localhost');
    });

    claim('an address is checked, and never sent as a name', async (world) => {
      const { client, server } = await handshake(world, {}, {}, { host: '127.0.0.1' });
      const wrong = await handshake(world, {}, {}, { host: '192.0.2.9' });

      assert.ok(!TcpError.is(client) && !TcpError.is(server));
      assert.equal(server.tls.servername, undefined);
      assert.equal(told(wrong.client), 'ETLSCERT cert-host-mismatch');
    });
  }),
];

const strangers: readonly Claim[] = contract((claim) => {
  claim('a peer that speaks plain text is told apart, on both sides', async (world) => {
    const { network } = world;
    const one = await connectPair(world, { connect: { allowHalfOpen: true } });
    one.server.write('220 mail.example ESMTP\r\n');
    const client = await secure(world, one.client, network.prepareTls('client', clientSettings()));
    const two = await connectPair(world, { connect: { allowHalfOpen: true } });
    two.client.on('error', () => undefined).write('GET / HTTP/1.1\r\n\r\n');
    const server = await secure(world, two.server, network.prepareTls('server', serverSettings()));

    assert.ok(TcpError.is(client) && TcpError.is(server));
    assert.deepEqual([told(client), told(server)], ['ETLSNOTTLS not-tls', 'ETLSNOTTLS not-tls']);
    assert.equal(client.compatMessage, 'not an SSL/TLS record: 323230206d');
  });

  claim('FIN and RST in the handshake are told apart, on both sides', async (world) => {
    const { network } = world;
    const kinds: string[] = [];
    for (const side of ['client', 'server'] as const) {
      for (const how of ['end', 'resetAndDestroy'] as const) {
        const pair = await connectPair(world, { connect: { allowHalfOpen: true } });
        const [ours, theirs] =
          side === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
        theirs.on('error', () => undefined).resume();
        const settings = side === 'client' ? clientSettings() : serverSettings();
        const end = secure(world, ours, network.prepareTls(side, settings));
        theirs[how]();
        kinds.push(told(await end));
      }
    }

    assert.deepEqual(kinds, [
      'ETLSCLOSED closed-in-handshake',
      'ETLSCLOSED reset-in-handshake',
      'ETLSCLOSED closed-in-handshake',
      'ETLSCLOSED reset-in-handshake',
    ]);
  });

  claim('a peer that says nothing is given up when the time has passed', async (world) => {
    const { network } = world;
    for (const side of ['client', 'server'] as const) {
      const pair = await connectPair(world, { connect: { allowHalfOpen: true } });
      const [ours, theirs] =
        side === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
      theirs.on('error', () => undefined).resume();
      const settings = {
        ...(side === 'client' ? clientSettings() : serverSettings()),
        handshakeTimeoutMs: 50,
      };
      const error = await secure(world, ours, network.prepareTls(side, settings));

      assert.ok(TcpError.is(error));
      assert.equal(told(error), 'ETLSTIMEOUT handshake-timeout');
      assert.equal(error.compatMessage, 'handshake timed out after 50ms');
      assert.equal(ours.destroyed, true);
    }
  });

  claim(
    'a handshake that is aborted, or whose scope ends, rejects and leaves nothing',
    async (world) => {
      const { network } = world;
      const controller = new AbortController();
      const pair = await connectPair(world, { connect: { allowHalfOpen: true } });
      pair.server.on('error', () => undefined).resume();
      const waiting = secure(world, pair.client, network.prepareTls('client', clientSettings()), {
        signal: controller.signal,
      });
      controller.abort(new Error('enough'));
      const aborted = await waiting;
      assert.ok(TcpError.is(aborted));
      assert.deepEqual([aborted.code, aborted.phase], ['ABORT_ERR', 'handshake']);

      const child = world.scope.child('part');
      const other = await child.run(() => connectPair(world, { connect: { allowHalfOpen: true } }));
      const lost = child.run(() =>
        secure(world, other.client, network.prepareTls('client', clientSettings())),
      );
      await child[Symbol.asyncDispose]();
      const ending = await lost;
      assert.ok(TcpError.is(ending));
      assert.equal(ending.code, 'ABORT_ERR');
    },
  );
});

/** What TLS promises over every network. */
export const tlsContract: readonly Claim[] = [...securing, ...refusing, ...strangers];
