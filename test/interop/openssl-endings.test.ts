/** Whether OpenSSL and we say the same of the end of a connection: with close_notify, or cut off. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Authority } from '../../src/certs/authority';
import type { Certificate } from '../../src/certs/certificate';
import { missingOpenssl, startClient, startServer, toldBy } from './openssl';
import { CertificateFiles, freshFolder, withClient, withListener } from './tls-ends';

const interop = { skip: missingOpenssl, timeout: 30_000 };
const folder = freshFolder('endings');
const files = new CertificateFiles(folder.path);
const closeNotify = [0, 'close_notify'] as const;
let ca: Authority;
let server: Certificate;
before(async () => {
  ca = await Authority.create();
  server = await ca.issue('localhost');
});
after(() => folder.remove());

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  const protocol = { versions: [version] };
  const flag = version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3';

  for (const cut of [false, true]) {
    const how = cut ? 'cuts off' : 'closes';

    test(`a listener that ${how} ${version} is told so by s_client`, interop, async () => {
      const tlsFault = cut ? { tlsFault: 'omit-close-notify' } : {};
      await withListener({ key: server, protocol, ...tlsFault }, async (ours) => {
        const client = startClient(ours.port);
        client.type('hello');
        await client.says(/^hello$/m);
        const [caller] = ours.listener.connections.values();
        assert.ok(caller);
        await caller.close();
        const status = await client.ended;
        const told = toldBy(client);

        assert.deepEqual([told.cutOff, status === 0], [cut, !cut]);
        assert.deepEqual(told.received, cut ? [] : [closeNotify]);
        const { closeNotify: said } = await ours.next();
        assert.match(said, cut ? /^(missing|received)$/ : /^(sent|both)$/);
      });
    });

    test(`a listener tells that s_client ${how} ${version}`, interop, async () => {
      await withListener({ key: server, protocol, closeNotify: 'require' }, async (ours) => {
        const client = startClient(ours.port);
        client.type('hello');
        await client.says(/^hello$/m);
        if (cut) await client.kill();
        else client.endInput();
        const outcome = await ours.next();
        await client.ended;

        assert.equal(outcome.closeNotify, cut ? 'missing' : 'both');
        assert.equal(outcome.error?.kind, cut ? 'truncated' : undefined);
      });
    });

    test(`a client tells that s_server ${how} ${version}`, interop, async () => {
      // Only where it serves a page does s_server end as TLS has it.
      const page = cut ? [] : ['-www'];
      const own = await files.args(server);
      const { server: program, port } = await startServer(flag, ...page, ...own);
      try {
        const trust = { cert: ca.trust(), closeNotify: 'require' } as const;
        const { outcome, error } = await withClient(port, trust, async (client) => {
          await client.writeBytes(Buffer.from('GET / HTTP/1.0\r\n\r\n'));
          if (cut) await program.says(/^GET /m).then(() => program.kill());
          for (;;) await client.readBytes();
        });

        assert.match(outcome.closeNotify, cut ? /^missing$/ : /^(received|both)$/);
        assert.deepEqual(
          [error?.code, error?.kind],
          cut ? ['ETLSRECORD', 'truncated'] : ['EPEERCLOSED', undefined],
        );
      } finally {
        await program.kill();
      }
    });
  }
}
