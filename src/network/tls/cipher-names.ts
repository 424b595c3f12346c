/**
 * The names of cipher suites: as IANA registers them, and as OpenSSL takes them.
 *
 * The two worlds are kept apart because Node takes every name that begins with `TLS_` for one of
 * TLS 1.3: an old suite under its IANA name would be accepted and fail in the handshake.
 *
 * @source https://github.com/openssl/openssl/blob/master/doc/man1/openssl-ciphers.pod.in
 */
import { suggestion } from '../../base/closest-word';
import { tlsRefusal } from '../../base/errors';
import type { CipherWish, TlsVersion } from '../tls-settings';

/** Suites of TLS 1.3, which have one name only. */
const newSuites: readonly string[] = [
  'TLS_AES_128_CCM_8_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
];

/** Suites of TLS 1.2 and older: IANA's name, OpenSSL's name. */
const oldSuites: ReadonlyMap<string, string> = new Map([
  ['TLS_DHE_PSK_WITH_AES_128_CBC_SHA', 'DHE-PSK-AES128-CBC-SHA'],
  ['TLS_DHE_PSK_WITH_AES_128_CBC_SHA256', 'DHE-PSK-AES128-CBC-SHA256'],
  ['TLS_DHE_PSK_WITH_AES_128_GCM_SHA256', 'DHE-PSK-AES128-GCM-SHA256'],
  ['TLS_DHE_PSK_WITH_AES_256_CBC_SHA', 'DHE-PSK-AES256-CBC-SHA'],
  ['TLS_DHE_PSK_WITH_AES_256_CBC_SHA384', 'DHE-PSK-AES256-CBC-SHA384'],
  ['TLS_DHE_PSK_WITH_AES_256_GCM_SHA384', 'DHE-PSK-AES256-GCM-SHA384'],
  ['TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256', 'DHE-PSK-CHACHA20-POLY1305'],
  ['TLS_DHE_RSA_WITH_AES_128_CBC_SHA', 'DHE-RSA-AES128-SHA'],
  ['TLS_DHE_RSA_WITH_AES_128_CBC_SHA256', 'DHE-RSA-AES128-SHA256'],
  ['TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', 'DHE-RSA-AES128-GCM-SHA256'],
  ['TLS_DHE_RSA_WITH_AES_256_CBC_SHA', 'DHE-RSA-AES256-SHA'],
  ['TLS_DHE_RSA_WITH_AES_256_CBC_SHA256', 'DHE-RSA-AES256-SHA256'],
  ['TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', 'DHE-RSA-AES256-GCM-SHA384'],
  ['TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'DHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 'ECDHE-ECDSA-AES128-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', 'ECDHE-ECDSA-AES256-SHA384'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA', 'ECDHE-PSK-AES128-CBC-SHA'],
  ['TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256', 'ECDHE-PSK-AES128-CBC-SHA256'],
  ['TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA', 'ECDHE-PSK-AES256-CBC-SHA'],
  ['TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384', 'ECDHE-PSK-AES256-CBC-SHA384'],
  ['TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-PSK-CHACHA20-POLY1305'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 'ECDHE-RSA-AES128-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 'ECDHE-RSA-AES256-SHA384'],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_PSK_WITH_AES_128_CBC_SHA', 'PSK-AES128-CBC-SHA'],
  ['TLS_PSK_WITH_AES_128_CBC_SHA256', 'PSK-AES128-CBC-SHA256'],
  ['TLS_PSK_WITH_AES_128_GCM_SHA256', 'PSK-AES128-GCM-SHA256'],
  ['TLS_PSK_WITH_AES_256_CBC_SHA', 'PSK-AES256-CBC-SHA'],
  ['TLS_PSK_WITH_AES_256_CBC_SHA384', 'PSK-AES256-CBC-SHA384'],
  ['TLS_PSK_WITH_AES_256_GCM_SHA384', 'PSK-AES256-GCM-SHA384'],
  ['TLS_PSK_WITH_CHACHA20_POLY1305_SHA256', 'PSK-CHACHA20-POLY1305'],
  ['TLS_RSA_PSK_WITH_AES_128_CBC_SHA', 'RSA-PSK-AES128-CBC-SHA'],
  ['TLS_RSA_PSK_WITH_AES_128_CBC_SHA256', 'RSA-PSK-AES128-CBC-SHA256'],
  ['TLS_RSA_PSK_WITH_AES_128_GCM_SHA256', 'RSA-PSK-AES128-GCM-SHA256'],
  ['TLS_RSA_PSK_WITH_AES_256_CBC_SHA', 'RSA-PSK-AES256-CBC-SHA'],
  ['TLS_RSA_PSK_WITH_AES_256_CBC_SHA384', 'RSA-PSK-AES256-CBC-SHA384'],
  ['TLS_RSA_PSK_WITH_AES_256_GCM_SHA384', 'RSA-PSK-AES256-GCM-SHA384'],
  ['TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256', 'RSA-PSK-CHACHA20-POLY1305'],
  ['TLS_RSA_WITH_AES_128_CBC_SHA', 'AES128-SHA'],
  ['TLS_RSA_WITH_AES_128_CBC_SHA256', 'AES128-SHA256'],
  ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'AES128-GCM-SHA256'],
  ['TLS_RSA_WITH_AES_256_CBC_SHA', 'AES256-SHA'],
  ['TLS_RSA_WITH_AES_256_CBC_SHA256', 'AES256-SHA256'],
  ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'AES256-GCM-SHA384'],
  ['TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA', 'SRP-RSA-AES-128-CBC-SHA'],
  ['TLS_SRP_SHA_RSA_WITH_AES_256_CBC_SHA', 'SRP-RSA-AES-256-CBC-SHA'],
  ['TLS_SRP_SHA_WITH_AES_128_CBC_SHA', 'SRP-AES-128-CBC-SHA'],
  ['TLS_SRP_SHA_WITH_AES_256_CBC_SHA', 'SRP-AES-256-CBC-SHA'],
]);

/** A list of suites as Node takes it, and what it means for the versions. */
export interface CipherList {
  /** `undefined`: Node's defaults. */
  readonly ciphers: string | undefined;
  /** Whether a suite of TLS 1.3 is in it, and one of an older version. */
  readonly serves: (version: TlsVersion) => boolean;
}

/** Every IANA name that is known, those of TLS 1.3 first. */
export function cipherNames(): readonly string[] {
  return [...newSuites, ...oldSuites.keys()];
}

/** OpenSSL's name of a suite; `undefined` for one that is not known. */
export function opensslName(name: string): string | undefined {
  return newSuites.includes(name) ? name : oldSuites.get(name);
}

/**
 * Translates a list of suites.
 *
 * @throws TcpError `ETLSCONFIG` - an unknown name, which Node would leave out in silence, or a suite
 *   that cannot be agreed on
 */
export function readCipherList(wish: CipherWish | undefined): CipherList {
  if (wish === undefined) return { ciphers: undefined, serves: () => true };
  if ('openssl' in wish) return { ciphers: wish.openssl, serves: () => true };
  if ('anyOf' in wish) return readCipherList(knownOf(wish.anyOf));
  if (wish.length === 0) return { ciphers: undefined, serves: () => true };
  const unusable = wish.filter(needsSharedSecret);
  if (unusable.length > 0) {
    const list = unusable.map((name) => `"${name}"`).join(', ');
    const reason =
      'needs a secret that both ends know beforehand (PSK or SRP), which is not supported';
    throw tlsRefusal('ciphers', `ciphers: ${list} ${reason}`);
  }
  const unknown = wish.filter((name) => opensslName(name) === undefined);
  if (unknown.length > 0) {
    const nearest = unknown.length === 1 ? suggestion(unknown[0] ?? '', cipherNames()) : '';
    const list = unknown.map((name) => `"${name}"`).join(', ');
    throw tlsRefusal('ciphers', `ciphers: no cipher suite is called ${list}${nearest}`);
  }
  const hasNew = wish.some((name) => newSuites.includes(name));
  const hasOld = wish.some((name) => oldSuites.has(name));
  return {
    ciphers: wish.map(opensslName).join(':'),
    serves: (version) => (version === 'TLSv1.3' ? hasNew : hasOld),
  };
}

/** Whether a suite takes no certificate, or none alone: OpenSSL would list it, and never agree on it. */
export function needsSharedSecret(name: string): boolean {
  return oldSuites.has(name) && /_(?:PSK|SRP_SHA)_/.test(name);
}

/** An empty list asks for nothing; one of strangers asks for something that there is not. */
function knownOf(names: readonly string[]): readonly string[] {
  const known = names.filter((name) => opensslName(name) !== undefined && !needsSharedSecret(name));
  return known.length === 0 ? names : known;
}
