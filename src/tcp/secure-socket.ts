import { type Duration, readTimeLimit } from '../base/duration';
import { configError } from '../base/errors';
import {
  readFlag,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import type { TlsFault } from '../faults/tls-fault';
import type { Network } from '../network/network';
import type {
  CipherWish,
  PreparedTls,
  TlsSettings,
  TlsSide,
  TlsVersion,
} from '../network/tls-settings';
import { anchorsOf, type CertKey, keyOf, pinsOf } from './key-material';
import { faulty, readFault } from './secure-fault';
import {
  readCiphers,
  readKeylog,
  readSeconds,
  readSession,
  readTexts,
  readVersions,
} from './secure-fields';
import type { SessionStore } from './session-store';

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
  /** A fault of TLS at this end, or the name of one: see docs/tls-faults.md. */
  readonly tlsFault?: TlsFault<CertKey> | string;
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
  /** A session to resume, as `tls.session` of an earlier connection gave it; or where they are kept. */
  readonly session?: Uint8Array | SessionStore;
  /** How long a session of a store is offered; whole seconds. Default: as long as it is there. */
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
  /**
   * Keys by the name that a client asks for; `*` for any other name, which else gets `key`. `refuse`
   * ends the handshake: `sni-rejected` here, `closed-in-handshake` at the client.
   */
  readonly sni?: Readonly<Record<string, CertKey | 'refuse'>>;
}

/** Options that were read; files come later. */
export interface SecureSettings {
  readonly side: TlsSide;
  readonly discardPlain: boolean;
  readonly fault: TlsFault | undefined;
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
  'tlsFault',
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
    ...readSession(session),
  };
  const fault = readFault(options['tlsFault'], 'client');
  return {
    side: 'client',
    fault,
    discardPlain: readFlag('secureSocket.discardPlain', options['discardPlain'] ?? false),
    async prepare(network) {
      const anchors = pins === undefined ? await anchorsOf('client', cert) : undefined;
      const settings = {
        ...common,
        ...own,
        ...(anchors !== undefined && { anchors }),
        ...(key !== undefined && { key: await keyOf('key', key) }),
      };
      return network.prepareTls('client', await faulty(settings, fault));
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
  const fault = readFault(options['tlsFault'], 'server');
  return {
    side: 'server',
    fault,
    discardPlain: readFlag('secureSocket.discardPlain', options['discardPlain'] ?? false),
    async prepare(network) {
      const anchors = await anchorsOf('listener', cert);
      const keys = await Promise.all(
        Object.entries(names).map(async ([name, its]) => {
          return [name, its === 'refuse' ? its : await keyOf(`sni.${name}`, its)] as const;
        }),
      );
      const settings = {
        ...common,
        ...own,
        key: await keyOf('key', key),
        ...(anchors !== undefined && { anchors }),
        ...(keys.length > 0 && { sni: Object.fromEntries(keys) }),
      };
      return network.prepareTls('server', await faulty(settings, fault));
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
