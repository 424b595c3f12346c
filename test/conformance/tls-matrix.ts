/**
 * What TLS tells of everything that can go wrong between two ends of ours: the named faults, and
 * genuine ends that do not fit. Each row is played on both networks and both Node lines.
 */

import { Authority } from '../../src/certs/authority';
import type { Certificate } from '../../src/certs/certificate';
import { type TlsFaultPreset, tlsFaultPresets } from '../../src/faults/tls-fault-presets';
import type { TlsKey } from '../../src/network/tls-settings';
import type { World } from '../../src/network/world';
import type { ClientSecureSocket, ListenerSecureSocket } from '../../src/tcp/secure-socket';
import { authority, keyOf, pem } from '../support/test-certificates';
import { converse } from './tls-conversation';
import { certificateRows } from './tls-matrix-certificates';

/** One row. */
export interface MatrixRow {
  readonly name: string;
  /** What is odd, for people. */
  readonly fault: string;
  readonly layer: 'A' | 'B';
  readonly client: ClientSecureSocket;
  readonly listener: Partial<ListenerSecureSocket>;
  /** What is dialled; default `localhost`. */
  readonly host?: string;
  /** What each end tells; absent where it does not matter. `gone`: the peer has ended, however. */
  readonly expect: { readonly client?: string; readonly listener?: string };
}

const both = ['1.2', '1.3'] as const;
const gone = 'gone';
const rsa = keyOf('server-rsa');
/** Renegotiation has gone with TLS 1.3. */
const older = { protocol: { versions: ['TLSv1.2'] } } as const;

function presetRow({ name, fault, layer, side, expect }: TlsFaultPreset): MatrixRow {
  const handshakeTimeout = expect === 'handshake-timeout' ? '300ms' : '10s';
  const alpn = ['echo'];
  const named = /^alert-(.*)$/.exec(name)?.[1]?.replaceAll('-', '_') ?? 'unknown_ca';
  const kind = expect === 'alert-received' ? `${expect} ${named}` : expect;
  const row = { name, fault: JSON.stringify(fault), layer };
  if (side === 'client') {
    return {
      ...row,
      client: { tlsFault: name },
      listener: { handshakeTimeout },
      expect: { listener: kind },
    };
  }
  return {
    ...row,
    client: { alpn, handshakeTimeout },
    listener: { alpn, tlsFault: name },
    expect: { client: kind },
  };
}

type Short = readonly [
  name: string,
  fault: string,
  client: ClientSecureSocket,
  listener: Partial<ListenerSecureSocket>,
  expectClient: string,
  expectListener: string,
];

const handshakeFailure = 'alert-received handshake_failure';

const negotiationRows: readonly Short[] = [
  [
    'version-1.2-meets-1.3',
    'a client of TLS 1.2, a listener of 1.3',
    { protocol: { versions: ['TLSv1.2'] } },
    { tlsFault: { negotiate: { versions: ['TLSv1.3'] } } },
    'version-mismatch',
    'version-mismatch',
  ],
  [
    'version-1.3-meets-1.2',
    'a client of TLS 1.3, a listener of 1.2',
    { protocol: { versions: ['TLSv1.3'] } },
    { tlsFault: { negotiate: { versions: ['TLSv1.2'] } } },
    'version-mismatch',
    'version-mismatch',
  ],
  [
    'version-1.1-meets-1.2',
    'a client of TLS 1.1, a listener of 1.2',
    { protocol: { versions: ['TLSv1.1'] } },
    { key: rsa, tlsFault: { negotiate: { versions: ['TLSv1.2'] } } },
    'version-mismatch',
    'version-mismatch',
  ],
  [
    'cipher-1.2',
    'no common suite of TLS 1.2',
    {
      ciphers: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    },
    {
      key: rsa,
      tlsFault: { negotiate: { ciphers: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'] } },
    },
    handshakeFailure,
    'no-shared-cipher',
  ],
  [
    'cipher-1.3',
    'no common suite of TLS 1.3',
    { ciphers: ['TLS_AES_128_GCM_SHA256'] },
    { tlsFault: { negotiate: { ciphers: ['TLS_AES_256_GCM_SHA384'] } } },
    handshakeFailure,
    'no-shared-cipher',
  ],
  [
    'cipher-for-another-key',
    'an EC key, a client with suites for RSA only',
    { ciphers: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'] },
    { key: keyOf('server') },
    handshakeFailure,
    'no-shared-cipher',
  ],
  [
    'signature-algorithm',
    'an RSA key, a client that takes ECDSA only',
    { sigalgs: ['ecdsa_secp256r1_sha256'] },
    { key: rsa },
    handshakeFailure,
    'no-shared-sigalg',
  ],
  [
    'group-1.3',
    'no common group in TLS 1.3',
    { groups: ['P-521'] },
    { tlsFault: { negotiate: { groups: ['P-256'] } } },
    handshakeFailure,
    'no-shared-group',
  ],
  [
    'group-1.2',
    'no common group in TLS 1.2',
    { groups: ['P-521'], protocol: { versions: ['TLSv1.2'] } },
    { tlsFault: { negotiate: { groups: ['P-256'] } } },
    handshakeFailure,
    'no-shared-cipher',
  ],
  [
    'hello-retry-request',
    'another key share is asked for',
    {},
    { tlsFault: { negotiate: { helloRetry: true } } },
    'none',
    'none',
  ],
  ['alpn', 'no common protocol', { alpn: ['a'] }, { alpn: ['b'] }, 'no-alpn', 'no-alpn'],
  ['alpn-ignored', 'a listener without protocols', { alpn: ['a'] }, {}, 'none', 'none'],
  [
    'name-refused',
    'a name that is refused',
    { servername: 'unknown.example' },
    { sni: { '*': 'refuse' } },
    'closed-in-handshake',
    'sni-rejected',
  ],
  [
    'name-unknown',
    'a name that is not in the map gets the default',
    {},
    { sni: { 'other.example': keyOf('wrong-host') } },
    'none',
    'none',
  ],
  [
    'name-with-the-wrong-certificate',
    'the certificate of another name',
    {},
    { sni: { localhost: keyOf('wrong-host') } },
    'cert-host-mismatch',
    gone,
  ],
  [
    'name-without-answer',
    'the look-up of a name never ends',
    { handshakeTimeout: '300ms' },
    { tlsFault: { negotiate: { sni: 'stall' } } },
    'handshake-timeout',
    gone,
  ],
  [
    'no-certificate',
    'a listener that has no certificate',
    {},
    { tlsFault: { certificate: 'none' } },
    handshakeFailure,
    'no-shared-sigalg',
  ],
  [
    'secret-suite',
    'a suite of a secret that both ends know beforehand',
    {},
    { ciphers: ['TLS_PSK_WITH_AES_128_GCM_SHA256'] },
    'not dialled',
    'config',
  ],
  [
    'reset-after-data',
    'RST after the first data',
    {},
    { tlsFault: { on: 'application', do: 'rst' } },
    'ECONNRESET',
    'none',
  ],
  [
    'client-in-single-bytes',
    'a client whose every byte is a segment of its own',
    { tlsFault: { on: 'accept', do: { drip: { bytes: 1, every: 0 } } } },
    {},
    'none',
    'none',
  ],
  [
    'client-asks-to-renegotiate',
    'a client of TLS 1.2 asks for another handshake',
    { ...older, tlsFault: { negotiate: { renegotiate: 'ask' } } },
    older,
    'none',
    'none',
  ],
  [
    'client-asks-to-renegotiate-in-vain',
    'the same, and the listener refuses it',
    { ...older, tlsFault: { negotiate: { renegotiate: 'ask' } } },
    { ...older, tlsFault: { negotiate: { renegotiate: 'refuse' } } },
    gone,
    'renegotiation-refused',
  ],
  [
    'listener-asks-to-renegotiate',
    'a listener of TLS 1.2 asks for another handshake',
    older,
    { ...older, tlsFault: { negotiate: { renegotiate: 'ask' } } },
    'none',
    'none',
  ],
  [
    'key-of-another-certificate',
    'a key that is not that of the certificate',
    {},
    { tlsFault: { certificate: { cert: pem('server.pem'), key: pem('wrong-host.key') } } },
    'not dialled',
    'config',
  ],
];

/** TLS 1.2 and 1.3 differ: the client of 1.3 is done before it is judged. */
async function mutualRows(): Promise<readonly Short[]> {
  const ca = await Authority.create();
  const forServers = await ca.issue({ names: ['alice'], preset: 'serverOnlyUsage' });
  return both.flatMap((version): Short[] => mutualRowsOf(version, forServers, ca.cert));
}

function mutualRowsOf(version: '1.2' | '1.3', forServers: Certificate, root: string): Short[] {
  const protocol = { versions: [`TLSv${version}`] } as const;
  const auth = { clientAuth: 'require', cert: { pem: authority + root } } as const;
  const late = version === '1.3';
  const cut = late ? 'truncated' : 'closed-in-handshake';
  const row = (
    name: string,
    fault: string,
    key: string | TlsKey | undefined,
    client: string,
    listener: string,
  ): Short => [
    `client-certificate-${name}-${version}`,
    `${fault}, TLS ${version}`,
    { protocol, ...(key !== undefined && { key: typeof key === 'string' ? keyOf(key) : key }) },
    auth,
    client,
    listener,
  ];
  return [
    row('good', 'a good client certificate', 'client', 'none', 'none'),
    row(
      'missing',
      'no client certificate',
      undefined,
      late ? 'client-cert-missing' : handshakeFailure,
      'client-cert-missing',
    ),
    row('untrusted', 'a client certificate of a stranger', 'untrusted-root', cut, 'cert-untrusted'),
    row('expired', 'a client certificate that has expired', 'client-expired', cut, 'cert-expired'),
    row('wrong-use', 'a client certificate for servers', forServers, cut, 'cert-wrong-usage'),
  ];
}

function longRow([name, fault, client, listener, ours, theirs]: Short): MatrixRow {
  const expect = { client: ours, listener: theirs };
  return { name, fault, layer: 'A', client, listener, expect };
}

/** All rows, in the order of the page. */
export async function tlsMatrix(): Promise<readonly MatrixRow[]> {
  return [
    ...tlsFaultPresets.map(presetRow),
    ...[...negotiationRows, ...(await mutualRows())].map(longRow),
    ...(await certificateRows()),
  ];
}

/** Plays a row. Ends that had to be gone and are, tell so. */
export async function playRow(world: World, row: MatrixRow): Promise<MatrixRow['expect']> {
  const { client, listener, expect, host } = row;
  const who = expect.listener === undefined ? 'client' : 'both';
  const told = await converse(world, client, listener, who, host === undefined ? {} : { host });
  return {
    ...(expect.client !== undefined && { client: asExpected(told.client, expect.client) }),
    ...(expect.listener !== undefined && { listener: asExpected(told.listener, expect.listener) }),
  };
}

function asExpected(told: string, expected: string): string {
  return expected === gone && isGone(told) ? gone : told;
}

/** Whether an end tells that its peer has ended, in whichever way the kernel made it known. */
function isGone(kind: string): boolean {
  return ['closed-in-handshake', 'reset-in-handshake', 'truncated', 'ECONNRESET'].includes(kind);
}
