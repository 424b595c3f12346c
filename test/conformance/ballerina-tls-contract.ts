/** What the tests of the Ballerina connector show of TLS, through the door for its users. */
import assert from 'node:assert/strict';
import type { TcpError } from '../../src/base/errors';
import type { World } from '../../src/network/world';
import {
  type BallerinaClientSecureSocket,
  type BallerinaListenerSecureSocket,
  ballerina,
} from '../../src/tcp/ballerina';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import { type Claim, contract } from './maker';
import { errorOf, serving, textOf } from './tcp-pair';

const bytes = (text: string): Buffer => Buffer.from(text);
const file = (name: string): string => `certs/${name}`;
const suite = 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA';
const rsaKey = { certFile: file('server-rsa.pem'), keyFile: file('server-rsa.key') };
const store = { path: file('legacy/keystore.p12'), password: 'ballerina' };
const trustStore = { path: file('legacy/truststore.p12'), password: 'ballerina' };

/** The server of its client tests: one version, one suite. */
const strictServer: BallerinaListenerSecureSocket = {
  key: rsaKey,
  protocol: { name: 'TLS', versions: ['TLSv1.2'] },
  ciphers: [suite],
  handshakeTimeout: 20,
};

async function echo(
  world: World,
  secureSocket: BallerinaListenerSecureSocket = strictServer,
): Promise<Listener> {
  const listener = new Listener(0, { world, ...ballerina.listener({ secureSocket }) });
  listener.attach(() => ({ onBytes: (data) => data }));
  await listener.start();
  return listener;
}

function dial(
  world: World,
  { port }: { readonly port: number },
  secureSocket: BallerinaClientSecureSocket,
): Promise<Client> {
  return Client.connect('localhost', port, { world, ...ballerina({ secureSocket }) });
}

/** Says something, hears it again, and leaves. */
async function echoes(client: Client): Promise<void> {
  const text = 'Hello Ballerina Echo from client';
  await client.writeBytes(bytes(text));
  assert.equal(textOf(await client.readBytes(text.length)), text);
  await client.close();
}

const clients = contract((claim) => {
  claim('case 11: a client of TLS 1.1 alone meets no common version (F11, C14)', async (world) => {
    const listener = await echo(world);
    const error = await errorOf(
      dial(world, listener, {
        cert: file('ca.pem'),
        protocol: { name: 'TLS', versions: ['TLSv1.1'] },
      }),
    );

    assert.deepEqual([error.code, error.kind], ['ETLSHANDSHAKE', 'version-mismatch']);
  });

  claim('case 12: a client of one other suite gets alert 40 (F12, C14)', async (world) => {
    const listener = await echo(world);
    const error = await errorOf(
      dial(world, listener, {
        cert: file('ca.pem'),
        ciphers: ['TLS_RSA_WITH_AES_128_CBC_SHA'],
      }),
    );

    assert.deepEqual([error.code, error.kind], ['ETLSHANDSHAKE', 'alert-received']);
    assert.deepEqual([error.alert?.number, error.alert?.name], [40, 'handshake_failure']);
  });

  claim(
    'case 13: path, versions and suites that match give an echo (F2, F11, F12)',
    async (world) => {
      const listener = await echo(world);
      const client = await dial(world, listener, {
        cert: file('ca.pem'),
        protocol: { name: 'TLS', versions: ['TLSv1.2', 'TLSv1.1'] },
        ciphers: ['TLS_NOT_KNOWN_ANYWHERE', suite],
      });

      assert.deepEqual([client.tls?.protocol, client.tls?.cipher], ['TLSv1.2', suite]);
      assert.equal(client.tls?.servername, undefined);
      await echoes(client);
    },
  );

  claim(
    'case 14: a path alone gives an echo, also to one of another name (F2, F6)',
    async (world) => {
      const listener = await echo(world);
      await echoes(await dial(world, listener, { cert: file('ca.pem') }));

      const misnamed = await echo(world, {
        key: { certFile: file('wrong-host.pem'), keyFile: file('wrong-host.key') },
      });
      await echoes(await dial(world, misnamed, { cert: file('ca.pem') }));
    },
  );

  claim(
    'case 14: a leaf that is trusted itself may have expired, one below may not (F2)',
    async (world) => {
      const pinned = await echo(world, {
        key: { certFile: file('pinned-expired.pem'), keyFile: file('pinned-expired.key') },
      });
      await echoes(await dial(world, pinned, { cert: file('pinned-expired.pem') }));

      const expired = await echo(world, {
        key: { certFile: file('expired.pem'), keyFile: file('expired.key') },
      });
      const error = await errorOf(dial(world, expired, { cert: file('ca.pem') }));
      assert.deepEqual([error.code, error.kind], ['ETLSCERT', 'cert-expired']);
    },
  );

  claim(
    'case 15: a key store here and a trust store there give an echo (F3, F8, F14, F16)',
    async (world) => {
      for (const key of [
        store,
        { path: file('modern/java-keystore.p12'), password: 'ballerina' },
      ]) {
        const listener = await echo(world, { key, sessionTimeout: 600, handshakeTimeout: 10 });
        await echoes(await dial(world, listener, { cert: trustStore }));
        await echoes(
          await dial(world, listener, {
            cert: { path: file('modern/truststore.p12'), password: 'brine' },
          }),
        );
      }
    },
  );

  claim('case 16: enable: false is plain TCP, whatever else is there (F1)', async (world) => {
    const listener = await serving(world, () => ({ onBytes: (data) => data }));
    const client = await dial(world, listener, {
      enable: false,
      cert: { path: 'invalid', password: '' },
      protocol: { name: 'TLS', versions: ['TLSv1.2'] },
      ciphers: [suite],
    });

    assert.equal(client.tls, undefined);
    await echoes(client);
  });

  claim('without cert everything is checked, the name as well (F4, F6)', async (world) => {
    const listener = await echo(world);
    const error = await errorOf(dial(world, listener, {}));

    assert.deepEqual([error.code, error.kind], ['ETLSCERT', 'cert-untrusted']);
  });

  const context = 'Failed to initialize the SSL context: ';
  const unusable: readonly [string, BallerinaClientSecureSocket, string, RegExp][] = [
    [
      'case 17: a trust store that is missing (F10, C15)',
      { cert: { path: 'invalid', password: 'ballerina' } },
      `${context}invalid cannot be read: ENOENT`,
      /^secureSocket.cert.path: invalid cannot be read: ENOENT$/,
    ],
    [
      'case 18: a blank path of a trust store (F5)',
      { cert: { path: ' ', password: 'ballerina' } },
      'TrustStore file location must be provided for secure connection',
      /^secureSocket.cert.path must be the path of a PKCS#12 store, got nothing$/,
    ],
    [
      'case 19: a blank password of a trust store (F5)',
      { cert: { ...trustStore, password: '' } },
      'TrustStore password must be provided for secure connection',
      /^secureSocket.cert.password must be the password of certs\/legacy\/truststore.p12, got nothing$/,
    ],
    [
      'case 20: a blank path of a certificate (F5)',
      { cert: '' },
      'Certificate file location must be provided for secure connection',
      /^secureSocket.cert must be the path of a PEM file, got nothing$/,
    ],
    [
      'a wrong password of a trust store (F10, F16)',
      { cert: { ...trustStore, password: 'wrong' } },
      `${context}the password of certs/legacy/truststore.p12 is wrong`,
      /^secureSocket.cert: the password of certs\/legacy\/truststore.p12 is wrong$/,
    ],
    [
      'a PEM file where a trust store is expected (F10, F16)',
      { cert: { path: file('ca.pem'), password: 'ballerina' } },
      `${context}certs/ca.pem is not a PKCS#12 store, but PEM`,
      /^secureSocket.cert: certs\/ca.pem is not a PKCS#12 store, but PEM$/,
    ],
    [
      'a trust store where a PEM file is expected (C15)',
      { cert: trustStore.path },
      'File does not contain valid certificates: certs/legacy/truststore.p12',
      /holds no certificate in PEM, but DER; a PKCS#12 store is given as \{ path, password \}$/,
    ],
    [
      'a key where a certificate is expected (C15)',
      { cert: file('server.key') },
      'File does not contain valid certificates: certs/server.key',
      /^secureSocket.cert: certs\/server.key holds no certificate in PEM$/,
    ],
    [
      'a key store without anybody to trust (F3)',
      { cert: store },
      `${context}certs/legacy/keystore.p12 holds no trusted certificate`,
      /holds no trusted certificate$/,
    ],
  ];
  for (const [title, secureSocket, compat, message] of unusable) {
    claim(`${title} is ETLSCONFIG, and nothing is dialled`, async (world) => {
      const error = await errorOf(dial(world, { port: 7 }, secureSocket));

      assert.deepEqual([error.code, error.kind, error.phase], ['ETLSCONFIG', 'config', 'config']);
      assert.equal(error.compatMessage, compat);
      assert.match(error.message, message);
      assert.equal(world.trace.events.length, 0);
    });
  }
});

const listeners = contract((claim) => {
  claim('case 21: a listener with PEM echoes what it gets (F8, E7)', async (world) => {
    const listener = await echo(world, {
      key: rsaKey,
      protocol: { name: 'TLS', versions: ['TLSv1.2', 'TLSv1.1'] },
      ciphers: [suite],
    });
    await echoes(
      await dial(world, listener, {
        cert: file('ca.pem'),
        protocol: { name: 'TLS', versions: ['TLSv1.2', 'TLSv1.1'] },
        ciphers: [suite],
      }),
    );
  });

  claim('a listener takes keys in every form, also encrypted (F8)', async (world) => {
    const certFile = file('server-rsa.pem');
    const keys: BallerinaListenerSecureSocket['key'][] = [
      { certFile, keyFile: file('server-rsa.key'), keyPassword: '' },
      { certFile, keyFile: file('server-rsa-encrypted.key'), keyPassword: 'brine' },
      { certFile, keyFile: file('server-rsa-pkcs1.key') },
      { certFile: file('server.pem'), keyFile: file('server-sec1.key') },
      { certFile: file('pinned-expired.pem'), keyFile: file('pinned-expired.key') },
    ];
    for (const key of keys) await (await echo(world, { key })).gracefulStop();
  });

  claim(
    'case 22: a plain client may write, and reads the end at the limit of the handshake (F17, F13)',
    async (world) => {
      const listener = await echo(world, { ...strictServer, handshakeTimeout: 0.05 });
      const failure = new Promise<TcpError>((resolve) => listener.on('handshakeError', resolve));
      const client = await Client.connect(listener.address, { world });
      await client.writeBytes(bytes('msg'));

      assert.equal((await errorOf(client.readBytes())).code, 'EPEERCLOSED');
      const { code, compatMessage } = await failure;
      assert.deepEqual([code, compatMessage], ['ETLSTIMEOUT', 'handshake timed out after 50ms']);
    },
  );

  claim('case 23: SSLv3 is refused by the client itself (F11)', async (world) => {
    const listener = await echo(world);
    const error = await errorOf(
      dial(world, listener, {
        cert: file('ca.pem'),
        protocol: { name: 'SSL', versions: ['SSLv3'] },
      }),
    );

    assert.equal(error.code, 'ETLSCONFIG');
  });

  claim('suites of which none is known are ETLSCONFIG (F12)', async (world) => {
    const listener = await echo(world);
    const error = await errorOf(
      dial(world, listener, { cert: file('ca.pem'), ciphers: ['TLS_NOT_KNOWN_ANYWHERE'] }),
    );

    assert.deepEqual([error.code, error.field], ['ETLSCONFIG', 'secureSocket.ciphers']);
  });

  claim('case 29: a key store and nothing else is enough (F8, F12)', async (world) => {
    const listener = await echo(world, { key: store });

    assert.equal(listener.state, 'listening');
  });

  const context = 'Failed to initialize the SSL context: ';
  const unusable: readonly [string, BallerinaListenerSecureSocket['key'], string][] = [
    [
      'case 24: files that are missing (DL1, F9, C15)',
      { certFile: 'invalid', keyFile: 'invalid' },
      `${context}invalid cannot be read: ENOENT`,
    ],
    [
      'case 25: a blank path of a certificate (F9)',
      { ...rsaKey, certFile: '' },
      'Certificate file location must be provided for secure connection',
    ],
    [
      'case 26: a blank path of a key (F9)',
      { ...rsaKey, keyFile: ' ' },
      'Private key file location must be provided for secure connection',
    ],
    [
      'case 27: a blank password of a key store (F9)',
      { ...store, password: '' },
      'KeyStore password must be provided for secure connection',
    ],
    [
      'case 28: a blank path of a key store (F9)',
      { ...store, path: '' },
      'KeyStore file location must be provided for secure connection',
    ],
    [
      'case 30: a PEM file where a key store is expected (F10, F16)',
      { path: file('server-rsa.pem'), password: 'ballerina' },
      `${context}certs/server-rsa.pem is not a PKCS#12 store, but PEM`,
    ],
    [
      'a wrong password of a key store (F10, F16)',
      { ...store, password: 'wrong' },
      `${context}the password of certs/legacy/keystore.p12 is wrong`,
    ],
    [
      'a trust store where a key store is expected (F10)',
      trustStore,
      `${context}certs/legacy/truststore.p12 holds no private key`,
    ],
    [
      'an encrypted key without its password (F8)',
      { ...rsaKey, keyFile: file('server-rsa-encrypted.key'), keyPassword: ' ' },
      `${context}certs/server-rsa-encrypted.key: the key is encrypted, and keyPassword is missing`,
    ],
    [
      'an encrypted key with another password (F8)',
      { ...rsaKey, keyFile: file('server-rsa-encrypted.key'), keyPassword: 'x' },
      `${context}certs/server-rsa-encrypted.key: the key does not open with this keyPassword`,
    ],
    [
      'a certificate where a key is expected (F8)',
      { ...rsaKey, keyFile: file('ca.pem') },
      `${context}certs/ca.pem: no private key in PEM`,
    ],
  ];
  for (const [title, key, compat] of unusable) {
    claim(`${title} is told by start() alone, as ETLSCONFIG`, async (world) => {
      const listener = new Listener(0, { world, ...ballerina.listener({ secureSocket: { key } }) });
      listener.attach(() => ({ onBytes: () => undefined }));
      const error = await errorOf(listener.start());

      assert.deepEqual([error.code, error.kind, error.phase], ['ETLSCONFIG', 'config', 'config']);
      assert.equal(error.compatMessage, compat);
      assert.equal(listener.state, 'idle');
    });
  }
});

/** Cases 11 to 30, and what lies between them. */
export const ballerinaTlsContract: readonly Claim[] = [...clients, ...listeners];
