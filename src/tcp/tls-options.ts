import { readTimeLimit } from '../base/duration';
import { configError } from '../base/errors';
import {
  readCount,
  readFlag,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import type { CipherWish, TlsSettings, TlsVersion } from '../network/tls-settings';
import type { SessionStore } from './session-store';

/** Reads what both ends of TLS may set; what was left out is left out. @throws TcpError `ECONFIG` */
export function readTlsOptions(options: Record<string, unknown>): TlsSettings {
  const { protocol, ciphers, crl, handshakeTimeout = '10s', closeNotify = 'record' } = options;
  const { keylog, sessionTimeout } = options;
  const versions = readVersions(protocol);
  const lists = typeof crl === 'string' ? [crl] : readTexts('crl', crl);
  const settings = {
    handshakeTimeoutMs: readTimeLimit('secureSocket.handshakeTimeout', handshakeTimeout),
    closeNotify: readOneOf('secureSocket.closeNotify', closeNotify, ['record', 'require']),
    versions,
    ciphers: readCiphers(ciphers),
    groups: readTexts('groups', options['groups']),
    sigalgs: readTexts('sigalgs', options['sigalgs']),
    alpn: readTexts('alpn', options['alpn']),
    crl: lists,
    keylog: readKeylog(keylog),
    sessionTimeoutSeconds: readSeconds(sessionTimeout),
  } as const;
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as TlsSettings;
}

function readVersions(protocol: unknown): readonly TlsVersion[] | undefined {
  if (protocol === undefined) return undefined;
  const options = readObject('secureSocket.protocol', protocol);
  refuseUnknownKeys('secureSocket.protocol', options, ['name', 'versions']);
  readOneOf('secureSocket.protocol.name', options['name'] ?? 'TLS', ['TLS', 'SSL']);
  // Which versions there are is known to the network, which refuses all others.
  return readTexts('protocol.versions', options['versions']) as readonly TlsVersion[] | undefined;
}

function readCiphers(value: unknown): CipherWish | undefined {
  if (value === undefined || Array.isArray(value)) return readTexts('ciphers', value);
  const options = readObject('secureSocket.ciphers', value);
  refuseUnknownKeys('secureSocket.ciphers', options, ['anyOf', 'openssl']);
  const { anyOf, openssl } = options;
  if (anyOf !== undefined) return { anyOf: readTexts('ciphers.anyOf', anyOf) ?? [] };
  return { openssl: readText('secureSocket.ciphers.openssl', openssl) };
}

/** A list of texts, if there is one. @throws TcpError `ECONFIG` */
export function readTexts(field: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw configError(`secureSocket.${field}`, 'a list of texts', value);
  return value.map((text, index) => readText(`secureSocket.${field}[${index}]`, text));
}

function readKeylog(value: unknown): TlsSettings['keylog'] {
  if (value === undefined || typeof value === 'function') return value as TlsSettings['keylog'];
  return readFlag('secureSocket.keylog', value);
}

/** Those of some flags that are set. @throws TcpError `ECONFIG` */
export function readFlags<K extends string>(
  options: Record<string, unknown>,
  names: readonly K[],
): Partial<Record<K, boolean>> {
  const given = names.filter((name) => options[name] !== undefined);
  const flags = given.map((name) => [name, readFlag(`secureSocket.${name}`, options[name])]);
  return Object.fromEntries(flags) as Partial<Record<K, boolean>>;
}

function readSeconds(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const ms = readTimeLimit('secureSocket.sessionTimeout', value);
  if (!Number.isFinite(ms)) return undefined;
  return readCount('secureSocket.sessionTimeout (in seconds)', ms / 1_000, 1);
}

/** A session to resume, or where they are kept. @throws TcpError `ECONFIG` */
export function readSession(value: unknown): Pick<TlsSettings, 'session' | 'sessions'> {
  if (value === undefined) return {};
  if (value instanceof Uint8Array) return { session: value };
  const { offer, keep } = readObject('secureSocket.session', value);
  if (typeof offer === 'function' && typeof keep === 'function') {
    return { sessions: value as SessionStore };
  }
  throw configError('secureSocket.session', 'a session in bytes, or a SessionStore', value);
}
