/** Whether what a listener offers to anybody who asks is what it was told to offer, no less and no more. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { DEFAULT_CIPHERS } from 'node:tls';
import { Authority } from '../../src/certs/authority';
import type { Certificate } from '../../src/certs/certificate';
import { cipherNames } from '../../src/network/tls/cipher-names';
import type { TlsVersion } from '../../src/network/tls-settings';
import type { ListenerSecureSocket } from '../../src/tcp/secure-socket';
import { ianaNames, missingOpenssl, suites } from './openssl';
import { Program, whyMissing } from './program';
import { withListener } from './tls-ends';

const missing = whyMissing({ sslscan: '--version' }, 'sslscan') || missingOpenssl;
const interop = { skip: missing, timeout: 30_000 };

/** Suites by their IANA names, in the order of the alphabet, of each version that is offered. */
type Offer = Partial<Record<TlsVersion, readonly string[]>>;

let ec: Certificate;
let rsa: Certificate;
before(async () => {
  const ca = await Authority.create();
  ec = await ca.issue('localhost');
  rsa = await ca.issue({ names: ['localhost'], key: 'rsa' });
});

/** What sslscan is offered when it tries everything. */
async function offered(secureSocket: ListenerSecureSocket): Promise<Offer> {
  return await withListener(secureSocket, async ({ port }) => {
    const leftOut = ['heartbleed', 'renegotiation', 'compression', 'groups', 'fallback'];
    const scan = new Program('sslscan', [
      '--xml=-',
      '--sni-name=localhost',
      '--no-check-certificate',
      ...leftOut.map((what) => `--no-${what}`),
      `127.0.0.1:${port}`,
    ]);
    assert.equal(await scan.ended, 0);
    return readScan(scan.stdout);
  });
}

function readScan(xml: string): Offer {
  const enabled = [...xml.matchAll(/<protocol type="(ssl|tls)" version="([\d.]+)" enabled="1"/g)];
  const versions = enabled.map(([, type, version]) => versionNamed(`${type} ${version}`));
  const accepted = [
    ...xml.matchAll(/<cipher [^>]*sslversion="TLSv([\d.]+)"[^>]* cipher="([^"]+)"/g),
  ];
  return Object.fromEntries(
    versions.map((name) => {
      const own = accepted.filter(([, version]) => versionNamed(`tls ${version}`) === name);
      return [name, sorted(own.map(([, , cipher = '']) => ianaNames().get(cipher) ?? cipher))];
    }),
  );
}

function versionNamed(words: string): string {
  return words.replace('tls ', 'TLSv').replace('v1.0', 'v1');
}

/** The suites of OpenSSL's list that a version has and that a key can serve, by IANA's names. */
function servable(list: string, version: TlsVersion, proof: 'RSA' | 'ECDSA'): string[] {
  const flag = { TLSv1: '-tls1', 'TLSv1.1': '-tls1_1', 'TLSv1.2': '-tls1_2', 'TLSv1.3': '-tls1_3' };
  const able = suites(list, '-s', flag[version]).filter(
    (suite) => [proof, 'any'].includes(suite.proof) && suite.exchange !== 'DH',
  );
  return sorted(able.map(({ iana }) => iana));
}

/** In order, and without those that are strong for one version of OpenSSL and weak for the next. */
function sorted(names: readonly string[]): string[] {
  return names.filter((name) => !name.endsWith('_CCM_8')).sort();
}

const weak = `${DEFAULT_CIPHERS}:@SECLEVEL=0`;

test('a listener offers TLS 1.2 and 1.3 unless it is told otherwise', interop, async () => {
  const expected = (proof: 'RSA' | 'ECDSA') => ({
    'TLSv1.2': servable(DEFAULT_CIPHERS, 'TLSv1.2', proof),
    'TLSv1.3': servable(DEFAULT_CIPHERS, 'TLSv1.3', proof),
  });

  assert.deepEqual(await offered({ key: ec }), expected('ECDSA'));
  assert.deepEqual(await offered({ key: rsa }), expected('RSA'));
});

const sets: readonly (readonly TlsVersion[])[] = [
  ['TLSv1.2'],
  ['TLSv1.3'],
  ['TLSv1', 'TLSv1.2'],
  ['TLSv1.1', 'TLSv1.3'],
  ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
];
for (const versions of sets) {
  test(`a listener that may speak ${versions.join(' and ')} offers no other`, interop, async () => {
    const list = versions[0] === 'TLSv1.2' || versions[0] === 'TLSv1.3' ? DEFAULT_CIPHERS : weak;

    const offer = await offered({ key: ec, protocol: { versions } });

    assert.deepEqual(
      offer,
      Object.fromEntries(versions.map((version) => [version, servable(list, version, 'ECDSA')])),
    );
  });
}

const lists: readonly (readonly [string, Offer])[] = [
  ['one suite of TLS 1.2', { 'TLSv1.2': ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'] }],
  ['one suite of TLS 1.3', { 'TLSv1.3': ['TLS_AES_128_GCM_SHA256'] }],
  [
    'suites of both',
    {
      'TLSv1.2': [
        'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256',
        'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
      ],
      'TLSv1.3': ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
    },
  ],
];
for (const [what, offer] of lists) {
  test(`a listener whose list is ${what} offers these and no others`, interop, async () => {
    const ciphers = Object.values(offer).flat();

    assert.deepEqual(await offered({ key: ec, ciphers }), offer);
  });
}

for (const proof of ['ECDSA', 'RSA'] as const) {
  test(
    `a listener with a key of ${proof} offers every suite of the table that it can serve`,
    interop,
    async () => {
      const able = new Map(
        suites('ALL:COMPLEMENTOFALL:@SECLEVEL=0').map((suite) => [suite.iana, suite.proof]),
      );
      const ciphers = cipherNames().filter(
        (name) => !/PSK|SRP/.test(name) && able.get(name) === proof,
      );

      const offer = await offered({ key: proof === 'RSA' ? rsa : ec, ciphers });

      assert.deepEqual(offer, { 'TLSv1.2': [...ciphers].sort() });
    },
  );
}

test('a listener with a list and old versions offers to each what it has', interop, async () => {
  const ciphers = [
    'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
    'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  ];

  const offer = await offered({ key: ec, ciphers, protocol: { versions: ['TLSv1', 'TLSv1.2'] } });

  assert.deepEqual(offer, { TLSv1: ciphers.slice(0, 1), 'TLSv1.2': ciphers });
});
