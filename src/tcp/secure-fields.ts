/** Readers of the single options of `secureSocket`. */
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

/** Versions of TLS, unchecked: which there are is known to the network, which refuses all others. @throws TcpError `ECONFIG` */
export function readVersions(protocol: unknown): readonly TlsVersion[] | undefined {
  if (protocol === undefined) return undefined;
  const options = readObject('secureSocket.protocol', protocol);
  refuseUnknownKeys('secureSocket.protocol', options, ['name', 'versions']);
  readOneOf('secureSocket.protocol.name', options['name'] ?? 'TLS', ['TLS', 'SSL']);
  return readTexts('protocol.versions', options['versions']) as readonly TlsVersion[] | undefined;
}

/** Cipher suites, unchecked as well. @throws TcpError `ECONFIG` */
export function readCiphers(value: unknown): CipherWish | undefined {
  if (value === undefined || Array.isArray(value)) return readTexts('ciphers', value);
  const { openssl } = readObject('secureSocket.ciphers', value);
  return { openssl: readText('secureSocket.ciphers.openssl', openssl) };
}

/** A list of texts. @throws TcpError `ECONFIG` */
export function readTexts(field: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw configError(`secureSocket.${field}`, 'a list of texts', value);
  return value.map((text, index) => readText(`secureSocket.${field}[${index}]`, text));
}

/** Where secrets go. @throws TcpError `ECONFIG` */
export function readKeylog(value: unknown): TlsSettings['keylog'] {
  if (value === undefined || typeof value === 'function') return value as TlsSettings['keylog'];
  return readFlag('secureSocket.keylog', value);
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

/** Whole seconds; `undefined` for no limit. @throws TcpError `ECONFIG` */
export function readSeconds(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const ms = readTimeLimit('secureSocket.sessionTimeout', value);
  if (!Number.isFinite(ms)) return undefined;
  return readCount('secureSocket.sessionTimeout (in seconds)', ms / 1_000, 1);
}
