/** Whether `openssl s_client` and our listener tell the same story of one connection. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TlsKind } from '../../src/base/error-codes';
import type { TlsOutcome } from '../../src/base/tls-outcome';
import type { PresetName } from '../../src/certs/preset-names';
import type { ListenerSecureSocket } from '../../src/tcp/secure-socket';
import { missingOpenssl, startClient, type Told, toldBy } from './openssl';
import { assertSameStory } from './same-story';
import { ownCertificates, withListener } from './tls-ends';

const interop = { skip: missingOpenssl, timeout: 30_000 };
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const issued = ownCertificates('client');

/** Dials, says a line and waits for its echo where the handshake succeeds, and ends. */
async function meet(
  secureSocket: Partial<ListenerSecureSocket>,
  args: readonly string[] = [],
): Promise<{ told: Told; outcome: TlsOutcome }> {
  return await withListener({ key: issued.server, ...secureSocket }, async ({ port, next }) => {
    const trust = [
      '-CAfile',
      issued.caFile,
      '-verify_return_error',
      '-verify_hostname',
      'localhost',
    ];
    const client = startClient(port, ...trust, ...args);
    client.type('hello');
    const answered = client.says(/^hello$/m).then(
      () => client.endInput(),
      () => undefined,
    );
    const outcome = await next();
    await answered;
    await client.ended;
    const told = toldBy(client);
    assertSameStory(told, outcome);
    return { told, outcome };
  });
}

for (const version of versions) {
  const protocol = { versions: [version] };
  const flag = version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3';

  test(
    `s_client and a listener agree on ${version}, its suite and who ended it`,
    interop,
    async () => {
      const { told, outcome } = await meet({ protocol }, [flag]);

      assert.deepEqual([told.secured, told.version], [true, version]);
      assert.equal(outcome.secured, true);
      assert.deepEqual([outcome.servername, outcome.closeNotify], ['localhost', 'both']);
    },
  );

  const refused: readonly (readonly [PresetName, number, string])[] = [
    ['expired', 10, 'certificate_expired'],
    ['notYetValid', 9, 'bad_certificate'],
    ['wrongHost', 62, 'bad_certificate'],
    ['selfSigned', 18, 'unknown_ca'],
    ['untrustedRoot', 20, 'unknown_ca'],
    ['missingIntermediate', 20, 'unknown_ca'],
    ['expiredIntermediate', 10, 'certificate_expired'],
    ['clientOnlyUsage', 26, 'unsupported_certificate'],
    ['notACa', 79, 'unknown_ca'],
    ['pathLenExceeded', 25, 'unknown_ca'],
  ];
  for (const [preset, objection, alert] of refused) {
    test(
      `s_client refuses ${preset} over ${version}, and the listener tells why`,
      interop,
      async () => {
        const key = await issued.ca.issue({ names: ['localhost'], preset });
        const { told, outcome } = await meet({ key, protocol });

        assert.deepEqual([told.secured, told.objections], [false, [objection]]);
        assert.deepEqual([outcome.secured, outcome.alertReceived], [false, alert]);
        assert.equal(outcome.error?.kind, 'alert-received');
      },
    );
  }

  test(
    `s_client refuses what was taken back over ${version}, and the listener tells`,
    interop,
    async () => {
      const key = await issued.ca.issue({ names: ['localhost'], preset: 'revoked' });
      const list = join(issued.folder.path, 'crl.pem');
      writeFileSync(list, await issued.ca.crl());
      const { told, outcome } = await meet({ key, protocol }, ['-crl_check', '-CRL', list]);

      assert.deepEqual([told.secured, told.objections], [false, [23]]);
      assert.equal(outcome.alertReceived, 'certificate_revoked');
    },
  );

  const shown: readonly (readonly [string, PresetName | undefined, string | undefined, TlsKind])[] =
    [
      [
        'none',
        undefined,
        version === 'TLSv1.2' ? 'handshake_failure' : 'certificate_required',
        'client-cert-missing',
      ],
      ['one of an unknown authority', 'untrustedRoot', undefined, 'cert-untrusted'],
      ['an expired one', 'expired', undefined, 'cert-expired'],
      ['one for servers', 'serverOnlyUsage', undefined, 'cert-wrong-usage'],
    ];
  for (const [what, preset, alert, kind] of shown) {
    test(
      `a listener that wants a certificate over ${version} and gets ${what} tells s_client`,
      interop,
      async () => {
        const own =
          preset === undefined ? undefined : await issued.ca.issue({ names: ['alice'], preset });
        const args = own === undefined ? [] : await issued.files.args(own);
        const { told, outcome } = await meet(
          { protocol, clientAuth: 'require', cert: issued.ca.trust() },
          args,
        );

        assert.deepEqual([outcome.secured, outcome.error?.kind], [false, kind]);
        assert.equal(outcome.alertSent, alert);
        // A client of TLS 1.3 is done before it is judged.
        assert.equal(told.secured, version === 'TLSv1.3');
      },
    );
  }

  test(
    `a listener that wants a certificate over ${version} takes a good one from s_client`,
    interop,
    async () => {
      const alice = await (await issued.ca.intermediate()).issueClient('alice');
      const args = await issued.files.args(alice, '-cert_chain');
      const { told, outcome } = await meet(
        { protocol, clientAuth: 'require', cert: issued.ca.trust() },
        args,
      );

      assert.deepEqual([told.secured, outcome.secured, outcome.authorized], [true, true, true]);
    },
  );

  test(
    `s_client and a listener agree on a protocol inside ${version}, or fail`,
    interop,
    async () => {
      const alpn = ['h2', 'http/1.1'];
      const good = await meet({ protocol, alpn }, ['-alpn', 'http/1.1,h2']);
      const none = await meet({ protocol, alpn }, ['-alpn', 'mqtt']);
      const unasked = await meet({ protocol }, ['-alpn', 'mqtt']);

      assert.deepEqual([good.outcome.alpn, unasked.outcome.alpn], ['h2', false]);
      assert.deepEqual([none.told.secured, none.outcome.error?.kind], [false, 'no-alpn']);
      assert.equal(none.outcome.alertSent, 'no_application_protocol');
    },
  );
}

test('s_client and a listener without a common version fail with alert 70', interop, async () => {
  const cases = [
    ['TLSv1.2', '-tls1_3'],
    ['TLSv1.3', '-tls1_2'],
  ] as const;
  for (const [version, flag] of cases) {
    const { told, outcome } = await meet({ protocol: { versions: [version] } }, [flag]);

    assert.deepEqual(told.received, [[70, 'protocol_version']]);
    assert.deepEqual(
      [outcome.alertSent, outcome.error?.kind],
      ['protocol_version', 'version-mismatch'],
    );
  }
});

test('s_client and a listener without a common suite fail with alert 40', interop, async () => {
  const cases = [
    [['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'], '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    [['TLS_AES_128_GCM_SHA256'], '-ciphersuites', 'TLS_AES_256_GCM_SHA384'],
    // Shared, but the key of the listener cannot serve it.
    [['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'], '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ] as const;
  for (const [ciphers, option, value] of cases) {
    const { told, outcome } = await meet({ ciphers }, [option, value]);

    assert.deepEqual(told.received, [[40, 'handshake_failure']]);
    assert.deepEqual(
      [outcome.alertSent, outcome.error?.kind],
      ['handshake_failure', 'no-shared-cipher'],
    );
  }
});
