/** Whether `openssl s_server` and our client tell the same story of one connection. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TlsKind } from '../../src/base/error-codes';
import type { Certificate } from '../../src/certs/certificate';
import type { PresetName } from '../../src/certs/preset-names';
import type { ClientSecureSocket } from '../../src/tcp/secure-socket';
import { missingOpenssl, startServer, type Told, toldBy } from './openssl';
import { assertSameStory } from './same-story';
import { type OurClient, ownCertificates, withClient } from './tls-ends';

const interop = { skip: missingOpenssl, timeout: 30_000 };
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const issued = ownCertificates('server');

/** Dials a server that shows a certificate, says a line, gets it reversed, and ends. */
async function meet(
  args: readonly string[],
  secureSocket: ClientSecureSocket = {},
  key: Certificate = issued.server,
): Promise<{ told: Told; ours: OurClient }> {
  const shown = await issued.files.args(key, '-cert_chain');
  const { server: program, port } = await startServer('-naccept', '1', '-rev', ...shown, ...args);
  try {
    const ours = await withClient(
      port,
      { cert: issued.ca.trust(), ...secureSocket },
      async (client) => {
        await client.writeBytes(Buffer.from('hello\n'));
        const reply = await client.readUntil(Buffer.from('\n'));
        assert.equal(Buffer.from(reply).toString(), 'olleh\n');
      },
    );
    await program.ended;
    const told = toldBy(program);
    assertSameStory(told, ours.outcome);
    return { told, ours };
  } finally {
    await program.kill();
  }
}

for (const version of versions) {
  const protocol = { versions: [version] };
  const flag = version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3';

  test(`a client and s_server agree on ${version}, its suite and the end`, interop, async () => {
    const { told, ours } = await meet([flag]);

    assert.deepEqual([told.secured, told.version], [true, version]);
    assert.deepEqual([ours.outcome.secured, ours.outcome.authorized], [true, true]);
    assert.equal(ours.error, undefined);
    assert.match(ours.outcome.closeNotify, /^(sent|both)$/);
  });

  const refused: readonly (readonly [PresetName, TlsKind])[] = [
    ['expired', 'cert-expired'],
    ['notYetValid', 'cert-not-yet-valid'],
    ['wrongHost', 'cert-host-mismatch'],
    ['selfSigned', 'cert-self-signed'],
    ['untrustedRoot', 'cert-untrusted'],
    ['missingIntermediate', 'cert-incomplete-chain'],
    ['expiredIntermediate', 'cert-expired'],
    ['clientOnlyUsage', 'cert-wrong-usage'],
  ];
  for (const [preset, kind] of refused) {
    test(`a client refuses ${preset} of s_server over ${version}`, interop, async () => {
      const key = await issued.ca.issue({ names: ['localhost'], preset });
      const { ours } = await meet([flag], {}, key);

      assert.deepEqual([ours.error?.kind, ours.outcome.error?.kind], [kind, kind]);
    });
  }

  const wrong: readonly (readonly [string, PresetName | undefined, string])[] = [
    ['none', undefined, version === 'TLSv1.2' ? 'handshake_failure' : 'certificate_required'],
    ['one of an unknown authority', 'untrustedRoot', 'unknown_ca'],
    ['an expired one', 'expired', 'certificate_expired'],
    ['one for servers', 'serverOnlyUsage', 'unsupported_certificate'],
  ];
  for (const [what, preset, alert] of wrong) {
    test(
      `a client that shows s_server ${what} over ${version} tells its alert`,
      interop,
      async () => {
        const key =
          preset === undefined ? undefined : await issued.ca.issue({ names: ['alice'], preset });
        const { told, ours } = await meet(
          [flag, '-Verify', '3', '-verify_return_error', '-CAfile', issued.caFile],
          key === undefined ? {} : { key },
        );

        assert.equal(told.secured, false);
        assert.equal(ours.outcome.alertReceived, alert);
        // A client of TLS 1.3 is done before it is judged.
        assert.equal(ours.outcome.secured, version === 'TLSv1.3');
        const kind = alert === 'certificate_required' ? 'client-cert-missing' : 'alert-received';
        assert.equal(ours.error?.kind, kind);
      },
    );
  }

  test(`a client shows s_server a good certificate over ${version}`, interop, async () => {
    const key = await (await issued.ca.intermediate()).issueClient('alice');
    const { told, ours } = await meet(
      [flag, '-Verify', '3', '-verify_return_error', '-CAfile', issued.caFile],
      { key },
    );

    assert.deepEqual([told.secured, told.objections, ours.error], [true, [], undefined]);
  });

  test(
    `a client and s_server agree on a protocol inside ${version}, or fail`,
    interop,
    async () => {
      const offer = ['-alpn', 'h2,http/1.1'];
      const good = await meet([flag, ...offer], { alpn: ['http/1.1'] });
      const none = await meet([flag, ...offer], { alpn: ['mqtt'] });
      const unasked = await meet([flag], { alpn: ['mqtt'] });

      assert.deepEqual([good.ours.outcome.alpn, unasked.ours.outcome.alpn], ['http/1.1', false]);
      assert.deepEqual([none.told.secured, none.ours.error?.kind], [false, 'no-alpn']);
    },
  );

  test(
    `a client that allows only ${version} fails with a server that lacks it`,
    interop,
    async () => {
      const other = version === 'TLSv1.2' ? '-tls1_3' : '-tls1_2';
      const { ours } = await meet([other], { protocol });

      assert.equal(ours.error?.kind, 'version-mismatch');
      assert.equal(ours.outcome.alertReceived, 'protocol_version');
    },
  );
}

test('a client and s_server without a common suite fail with alert 40', interop, async () => {
  const cases = [
    [['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'], '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    [['TLS_AES_128_GCM_SHA256'], '-ciphersuites', 'TLS_AES_256_GCM_SHA384'],
  ] as const;
  for (const [ciphers, option, value] of cases) {
    const { told, ours } = await meet([option, value], { ciphers });

    assert.deepEqual(told.sent, [[40, 'handshake_failure']]);
    assert.deepEqual(
      [ours.outcome.alertReceived, ours.error?.kind],
      ['handshake_failure', 'alert-received'],
    );
  }
});

test(
  's_server and a client agree on each suite that the client asks for alone',
  interop,
  async () => {
    const asked = [
      'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384',
      'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
      'TLS_CHACHA20_POLY1305_SHA256',
      'TLS_AES_128_CCM_SHA256',
    ];
    const all = [
      '-cipher',
      'ALL:@SECLEVEL=0',
      '-ciphersuites',
      'TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256',
    ];
    const agreed = await Promise.all(
      asked.map(async (name) => (await meet(all, { ciphers: [name] })).told.cipher),
    );

    assert.deepEqual(agreed, asked);
  },
);
