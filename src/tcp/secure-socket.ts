import { type Duration, readTimeLimit } from '../base/duration';
import { configError } from '../base/errors';
import {
  readCount,
  readFlag,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import type { Network } from '../network/network';
import type {
  CipherWish,
  PreparedTls,
  TlsSettings,
  TlsSide,
  TlsVersion,
} from '../network/tls-settings';
import { anchorsOf, type CertKey, keyOf, pinsOf } from './key-material';

/** Versions of TLS that may be used: exactly these, also with holes between them. */
export interface TlsProtocol {
  /** Accepted for those who come from Ballerina; changes nothing. */
  readonly name?: 'TLS' | 'SSL';
  /** Default: TLS 1.2 and 1.3. */
  readonly versions?: readonly TlsVersion[];
}

/** What both ends of TLS may set. */
export interface SecureSocket {
  readonly protocol?: TlsProtocol;
  /** IANA names, or `{ openssl }` for a text that OpenSSL gets unchanged. */
  readonly ciphers?: CipherWish;
  readonly groups?: readonly string[];
  readonly sigalgs?: readonly string[];
  /** Protocols to agree on, best first. */
  readonly alpn?: readonly string[];
  /** PEM of revocation lists; present, revocation is checked. */
  readonly crl?: string | readonly string[];
  /** From connect or accept until secured; default `'10s'`. */
  readonly handshakeTimeout?: Duration;
  /** `require`: an end without close_notify is `ETLSRECORD`, kind `truncated`; default `record`. */
  readonly closeNotify?: 'record' | 'require';
  /** `true`: the secrets go into the trace, for captures. */
  readonly keylog?: boolean | ((line: Uint8Array) => void);
  /** For `upgradeToTls`: which end of TLS to be; default: a Client greets, a Caller answers. */
  readonly side?: TlsSide;
  /** For `upgradeToTls`: drops bytes that came before TLS and that nobody read; default `false`. */
  readonly discardPlain?: boolean;
}

/**
 * How a client speaks TLS. Everything may be left out.
 *
 * @source docs/tls.md#clients
 */
export interface ClientSecureSocket extends SecureSocket {
  /** `false`: plain TCP, and nothing else here is looked at. Default `true`. */
  readonly enable?: boolean;
  /**
   * Who is trusted: the path of a PEM file, PEM text, or a fingerprint (or PEM) of the one
   * certificate that is accepted, whatever it says. Default: the roots of Node.
   */
  readonly cert?: string | { readonly pem: string } | { readonly pin: string | readonly string[] };
  /** What the client shows. */
  readonly key?: CertKey;
  /** Name that is sent and checked; `''` sends none. Default: the host that is dialled. */
  readonly servername?: string;
  /** `false` leaves out the check of the name; default `true`. */
  readonly verifyHostname?: boolean;
  /**
   * `ballerina`: a leaf that is itself in `cert` is accepted whatever its dates, no name is sent or
   * checked; default `strict`.
   */
  readonly verify?: 'strict' | 'ballerina';
  /** PEM of intermediates that a peer may forget to send. */
  readonly knownIntermediates?: readonly string[];
  /** A session to resume, as `tls.session` of an earlier connection gave it. */
  readonly session?: Uint8Array;
  readonly sessionTimeout?: Duration;
}

/**
 * How a listener speaks TLS.
 *
 * @source docs/tls.md#listeners
 */
export interface ListenerSecureSocket extends SecureSocket {
  readonly key: CertKey;
  /** Who may sign the certificates of clients: the path of a PEM file, or PEM text. */
  readonly cert?: string | { readonly pem: string };
  /** Whether clients must show a certificate; default `none`. `require` and `request` need `cert`. */
  readonly clientAuth?: 'none' | 'request' | 'require';
  /** How long a session may be resumed; whole seconds. */
  readonly sessionTimeout?: Duration;
  /** `reject` gives tickets and takes none back; default `on`. */
  readonly tickets?: 'on' | 'off' | 'reject';
  /** Keys by the name that a client asks for; `*` for any other name. */
  readonly sni?: Readonly<Record<string, CertKey>>;
}

/** Options that were read; files come later. */
export interface SecureSettings {
  readonly side: TlsSide;
  readonly discardPlain: boolean;
  /** Reads the files, and finds out whether TLS can be had. @throws TcpError `ETLSCONFIG` */
  prepare(network: Network): Promise<PreparedTls>;
}

const commonKeys = [
  'protocol',
  'ciphers',
  'groups',
  'sigalgs',
  'alpn',
  'crl',
  'handshakeTimeout',
  'closeNotify',
  'keylog',
  'sessionTimeout',
  'side',
  'discardPlain',
  'cert',
  'key',
];

const clientKeys = [
  ...commonKeys,
  'enable',
  'servername',
  'verifyHostname',
  'verify',
  'knownIntermediates',
  'session',
];

const listenerKeys = [...commonKeys, 'clientAuth', 'tickets', 'sni'];

/** The side that options of an upgrade ask for. @throws TcpError `ECONFIG` */
export function readSide(value: unknown, otherwise: TlsSide): TlsSide {
  const { side = otherwise } = readObject('secureSocket', value);
  return readOneOf('secureSocket.side', side, ['client', 'server']);
}

/**
 * Reads the options of a client.
 *
 * @returns `undefined` when they say `enable: false`
 * @throws TcpError `ECONFIG`
 */
export function readClientSecureSocket(value: unknown): SecureSettings | undefined {
  const options = readObject('secureSocket', value);
  if (!readFlag('secureSocket.enable', options['enable'] ?? true)) return undefined;
  refuseUnknownKeys('ClientSecureSocket', options, clientKeys);
  const { cert, key, verify = 'strict', verifyHostname, servername, session } = options;
  const common = readCommon(options);
  const mode = readOneOf('secureSocket.verify', verify, ['strict', 'ballerina']);
  const known = readTexts('knownIntermediates', options['knownIntermediates']);
  const pins = pinsOf(cert);
  const own: Partial<TlsSettings> = {
    ...(mode === 'ballerina' && { verify: 'anchored', servername: '' }),
    ...(pins !== undefined && { verify: 'pinned', pins }),
    ...(verifyHostname !== undefined && {
      verifyHostname: readFlag('secureSocket.verifyHostname', verifyHostname),
    }),
    ...(servername !== undefined && {
      servername: readText('secureSocket.servername', servername),
    }),
    ...(known !== undefined && { knownIntermediates: known }),
    ...(session instanceof Uint8Array && { session }),
  };
  return {
    side: 'client',
    discardPlain: readFlag('secureSocket.discardPlain', options['discardPlain'] ?? false),
    async prepare(network) {
      const anchors = pins === undefined ? await anchorsOf('client', cert) : undefined;
      return network.prepareTls('client', {
        ...common,
        ...own,
        ...(anchors !== undefined && { anchors }),
        ...(key !== undefined && { key: await keyOf('key', key) }),
      });
    },
  };
}

/** Reads the options of a listener. @throws TcpError `ECONFIG` */
export function readListenerSecureSocket(value: unknown): SecureSettings {
  const options = readObject('secureSocket', value);
  refuseUnknownKeys('ListenerSecureSocket', options, listenerKeys);
  const { key, cert, clientAuth = 'none', tickets = 'on', sni = {} } = options;
  if (key === undefined) throw configError('secureSocket.key', 'a certificate with its key', key);
  const common = readCommon(options);
  const names = readObject('secureSocket.sni', sni);
  const auth = readOneOf('secureSocket.clientAuth', clientAuth, ['none', 'request', 'require']);
  if (auth !== 'none' && cert === undefined) {
    throw configError('secureSocket.cert', `given when clientAuth is "${auth}"`, cert);
  }
  const own = {
    clientAuth: auth,
    tickets: readOneOf('secureSocket.tickets', tickets, ['on', 'off', 'reject']),
  };
  return {
    side: 'server',
    discardPlain: readFlag('secureSocket.discardPlain', options['discardPlain'] ?? false),
    async prepare(network) {
      const anchors = await anchorsOf('listener', cert);
      const keys = await Promise.all(
        Object.entries(names).map(
          async ([name, its]) => [name, await keyOf(`sni.${name}`, its)] as const,
        ),
      );
      return network.prepareTls('server', {
        ...common,
        ...own,
        key: await keyOf('key', key),
        ...(anchors !== undefined && { anchors }),
        ...(keys.length > 0 && { sni: Object.fromEntries(keys) }),
      });
    },
  };
}

function readCommon(options: Record<string, unknown>): TlsSettings {
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
  const { openssl } = readObject('secureSocket.ciphers', value);
  return { openssl: readText('secureSocket.ciphers.openssl', openssl) };
}

function readTexts(field: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw configError(`secureSocket.${field}`, 'a list of texts', value);
  return value.map((text, index) => readText(`secureSocket.${field}[${index}]`, text));
}

function readKeylog(value: unknown): TlsSettings['keylog'] {
  if (value === undefined || typeof value === 'function') return value as TlsSettings['keylog'];
  return readFlag('secureSocket.keylog', value);
}

function readSeconds(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const ms = readTimeLimit('secureSocket.sessionTimeout', value);
  if (!Number.isFinite(ms)) return undefined;
  return readCount('secureSocket.sessionTimeout (in seconds)', ms / 1_000, 1);
}
