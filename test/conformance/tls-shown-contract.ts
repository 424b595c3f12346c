import assert from 'node:assert/strict';
import type { TcpError } from '../../src/base/errors';
import { Authority } from '../../src/certs/authority';
import type { World } from '../../src/network/world';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import type { ClientSecureSocket, ListenerSecureSocket } from '../../src/tcp/secure-socket';
import { authority, keyOf } from '../support/test-certificates';
import { type Claim, contract } from './maker';
import { errorOf, textOf } from './tcp-pair';

const trusting = { cert: { pem: authority } };

async function listening(world: World, secureSocket: ListenerSecureSocket): Promise<Listener> {
  const listener = new Listener(0, { world, secureSocket });
  listener.attach(async (caller) => {
    await caller.writeBytes(Buffer.from('hi')).catch(() => undefined);
    return { onBytes: (data) => data };
  });
  await listener.start();
  return listener;
}

/** A client that was greeted, or the kind of its failure. */
async function dialled(
  world: World,
  { port }: Listener,
  secureSocket: ClientSecureSocket,
): Promise<Client | string> {
  try {
    const client = await Client.connect('localhost', port, { world, secureSocket });
    assert.equal(textOf(await client.readBytes(2)), 'hi');
    return client;
  } catch (error) {
    const { kind, code } = error as TcpError;
    return kind ?? code;
  }
}

function secured(outcome: Client | string): Client {
  if (typeof outcome === 'string') throw new Error(`not secured: ${outcome}`);
  return outcome;
}

/** What ends of TLS show, by name or not at all, and what they agree on because of it. */
export const tlsShownContract: readonly Claim[] = contract((claim) => {
  claim(
    'a fault by the name of a preset shows what the authority of the key issues',
    async (world) => {
      const ca = await Authority.create();
      const key = await ca.issue('localhost');
      const tell = async (certificate: 'expired' | 'wrongHost' | 'untrustedRoot' | 'valid') => {
        const listener = await listening(world, { key, tlsFault: { certificate } });
        const outcome = await dialled(world, listener, { cert: ca.trust() });
        return typeof outcome === 'string' ? outcome : 'none';
      };

      assert.equal(await tell('expired'), 'cert-expired');
      assert.equal(await tell('wrongHost'), 'cert-host-mismatch');
      assert.equal(await tell('untrustedRoot'), 'cert-untrusted');
      assert.equal(await tell('valid'), 'none');
    },
  );

  claim('a preset where no authority has issued the key comes from one to trust', async (world) => {
    for (const key of ['selfsigned', keyOf('server')] as const) {
      const listener = await listening(world, { key, tlsFault: { certificate: 'wrongHost' } });
      const { trustAnchor = '' } = listener;

      assert.equal(
        await dialled(world, listener, { cert: { pem: trustAnchor } }),
        'cert-host-mismatch',
      );
      assert.equal(await dialled(world, listener, trusting), 'cert-untrusted');
    }
    const plain = await listening(world, { key: keyOf('server') });
    assert.equal(plain.trustAnchor, undefined);
  });

  claim('a client shows a preset of its own authority, or nothing', async (world) => {
    const ca = await Authority.create();
    const key = await ca.issueClient('alice');
    const listener = await listening(world, {
      key: keyOf('server'),
      clientAuth: 'require',
      cert: ca.trust(),
    });
    const told: (string | undefined)[] = [];
    listener.on('handshakeError', ({ kind }) => told.push(kind));
    const good = secured(await dialled(world, listener, { ...trusting, key }));
    await good.close();
    for (const certificate of ['expired', 'serverOnlyUsage', 'none'] as const) {
      await dialled(world, listener, { ...trusting, key, tlsFault: { certificate } });
    }

    assert.deepEqual(told, ['cert-expired', 'cert-wrong-usage', 'client-cert-missing']);
    const tlsFault = { certificate: 'expired' } as const;
    const error = await errorOf(
      Client.connect('localhost', listener.port, {
        world,
        secureSocket: { ...trusting, key: keyOf('client'), tlsFault },
      }),
    );
    assert.deepEqual(
      [error.code, error.message],
      [
        'ECONFIG',
        'secureSocket.tlsFault.certificate: "expired" takes the authority that has issued key, and none has',
      ],
    );
  });

  claim('a preset that is none, or takes more than its name, is refused at once', async () => {
    for (const certificate of ['expried', 'expiresIn'] as const) {
      const secureSocket = { key: 'selfsigned', tlsFault: { certificate } };
      assert.throws(() => new Listener(0, { secureSocket: secureSocket as never }), {
        code: 'ECONFIG',
        field: 'secureSocket.tlsFault.certificate',
      });
    }
  });

  claim(
    'an empty name sends none, and that of the dialled host is checked all the same',
    async (world) => {
      const wrong = await listening(world, { key: keyOf('wrong-host') });
      const named = { ...trusting, servername: '' };

      assert.equal(await dialled(world, wrong, named), 'cert-host-mismatch');
      const right = await listening(world, { key: keyOf('server'), sni: { '*': 'refuse' } });
      const client = secured(await dialled(world, right, named));
      assert.equal(client.tls?.authorized, true);
      assert.equal(client.tls?.servername, undefined);
      assert.deepEqual(
        [...right.connections.values()].map(({ tls }) => tls?.servername),
        [undefined],
      );
    },
  );

  claim('suites of DHE are agreed on', async (world) => {
    const cipher = 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256';
    const listener = await listening(world, { key: keyOf('server-rsa'), ciphers: [cipher] });
    const client = secured(await dialled(world, listener, { ...trusting, ciphers: [cipher] }));

    assert.equal(client.tls?.cipher, cipher);
  });

  claim('suites of a shared secret are refused, by both ends, with the reason', async (world) => {
    const names = ['TLS_PSK_WITH_AES_128_GCM_SHA256', 'TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA'];
    const message =
      'ciphers: "TLS_PSK_WITH_AES_128_GCM_SHA256", "TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA" needs a secret that both ends know beforehand (PSK or SRP), which is not supported';
    const ciphers = [...names, 'TLS_AES_128_GCM_SHA256'];
    const listener = new Listener(0, {
      world,
      secureSocket: { key: keyOf('server'), ciphers },
    });
    const refused = [
      await errorOf(listener.start()),
      await errorOf(
        Client.connect('localhost', 1, { world, secureSocket: { ...trusting, ciphers } }),
      ),
    ];

    for (const error of refused) {
      assert.deepEqual([error.code, error.kind], ['ETLSCONFIG', 'config']);
      assert.ok(error.message.endsWith(message), error.message);
    }
  });

  claim('a proof of OCSP reaches the client that asks, and nobody else', async (world) => {
    const ocspResponse = Buffer.from('300a0a0103', 'hex');
    const listener = await listening(world, { key: keyOf('server'), ocspResponse });
    const silent = await listening(world, { key: keyOf('server') });
    const asking = { ...trusting, requestOcsp: true };

    const told = async (from: Listener, secureSocket: ClientSecureSocket) => {
      const { tls } = secured(await dialled(world, from, secureSocket));
      return tls?.ocspResponse && Buffer.from(tls.ocspResponse).toString('hex');
    };
    assert.equal(await told(listener, asking), '300a0a0103');
    assert.equal(await told(listener, trusting), undefined);
    assert.equal(await told(silent, asking), undefined);
  });

  claim('an anchor that is no root is enough where that is allowed', async (world) => {
    const ca = await Authority.create();
    const between = await ca.intermediate();
    const listener = await listening(world, { key: await between.issue('localhost') });
    const cert = { pem: between.cert };

    const lax = await dialled(world, listener, { cert, allowPartialTrustChain: true });
    assert.equal(secured(lax).tls?.authorized, true);
    assert.equal(await dialled(world, listener, { cert }), 'cert-incomplete-chain');
  });

  claim('an end of TLS 1.2 asks for another handshake, and both go on', async (world) => {
    const protocol = { versions: ['TLSv1.2'] } as const;
    const tlsFault = { negotiate: { renegotiate: 'ask' } } as const;
    for (const asks of ['client', 'listener'] as const) {
      const listener = await listening(world, {
        key: keyOf('server'),
        protocol,
        ...(asks === 'listener' && { tlsFault }),
      });
      const before = world.trace.events.length;
      const client = secured(
        await dialled(world, listener, {
          ...trusting,
          protocol,
          ...(asks === 'client' && { tlsFault }),
        }),
      );
      await client.writeBytes(Buffer.from('again'));
      assert.equal(textOf(await client.readBytes(5)), 'again');
      // Encrypted handshake records after the first handshake are those of the second.
      const late = world.trace.events
        .slice(before)
        .filter(({ detail }) => detail?.['type'] === 22 && detail['phase'] === 'application');
      assert.ok(late.length >= 4, `${asks}: ${late.length} records`);
      await client.close();
    }
  });
});
