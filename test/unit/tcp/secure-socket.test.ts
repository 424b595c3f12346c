import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TcpError } from '../../../src/base/errors';
import { Authority } from '../../../src/certs/authority';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';
import { inRealWorld } from '../../support/tcp-world';
import { keyOf } from '../../support/test-certificates';

const onNode20 = process.versions.node.startsWith('20.');

test(
  'a weak certificate for a name is shown as one in place of the main one is',
  {
    timeout: 20_000,
  },
  () =>
    inRealWorld(async (world) => {
      const ca = await Authority.create();
      const weak = await ca.issue({ names: ['weak.test'], preset: 'weakKey' });
      const old = await ca.issue({ names: ['old.test'], preset: 'sha1' });
      const cert = { pem: ca.cert };
      const listener = new Listener(0, {
        world,
        secureSocket: {
          key: keyOf('server-rsa'),
          sni: { 'weak.test': weak, 'old.test': old, 'never.test': 'refuse' },
        },
      });
      listener.attach(() => ({ onBytes: (data) => data }));
      await listener.start();
      const asked = async (servername: string): Promise<string | undefined> => {
        const secureSocket = { cert, servername };
        const { port } = listener;
        const client = await Client.connect('localhost', port, { world, secureSocket }).catch(
          (error: TcpError) => error,
        );
        if (!(client instanceof Client)) return client.kind;
        await client.close();
        return client.tls?.peerCertificate?.subject;
      };

      assert.equal(await asked('weak.test'), onNode20 ? 'CN=weak.test' : 'cert-weak');
      assert.equal(await asked('old.test'), 'cert-weak');
      assert.equal(await asked('never.test'), 'closed-in-handshake');
      assert.equal(await asked('localhost'), 'cert-untrusted');
      await listener.gracefulStop();
    }),
);
