import type { Duration } from '../base/duration';
import { configError } from '../base/errors';
import {
  readBytesLike,
  readFlag,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import type { Certificate } from '../certs/certificate';
import type { TrustedRoots } from '../certs/trusted-roots';
import type { TlsFault } from '../faults/tls-fault';
import type { Network } from '../network/network';
import type {
  CipherWish,
  PreparedTls,
  TlsSettings,
  TlsSide,
  TlsVersion,
} from '../network/tls-settings';
import { type CertKey, keyOf, servedNames, withMaterial } from './key-material';
import type { KeyStore, TrustStore } from './key-stores';
import { type FaultCertificate, faulty, readFault } from './secure-fault';
import type { SessionStore } from './session-store';
import { readFlags, readSession, readTexts, readTlsOptions } from './tls-options';
import { pinsOf, trustOf } from './trust-material';

/** Who is trusted, as PEM; what `trust()` of an authority gives fits. */
export type TrustedPem = Pick<TrustedRoots, 'pem'> & Partial<TrustedRoots>;

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
  /**
   * IANA names, `{ anyOf }` for those of a list that are known, or `{ openssl }` for a text that
   * OpenSSL gets unchanged.
   */
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
  readonly tlsFault?: TlsFault<FaultCertificate> | string;
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
   * Who is trusted: the path of a PEM file, a PKCS#12 store, PEM text, what `trust()` of an
   * authority gives, or a fingerprint (or PEM) of the one certificate that is accepted, whatever it
   * says. Default: the roots of Node.
   */
  readonly cert?: string | TrustStore | TrustedPem | { readonly pin: string | readonly string[] };
  /** What the client shows. */
  readonly key?: CertKey | KeyStore | Certificate;
  /** Name that is sent and checked; `''` sends none. Default: the host that is dialled. */
  readonly servername?: string;
  /** `false` leaves out the check of the name; default `true`. */
  readonly verifyHostname?: boolean;
  /**
   * `ballerina`: a leaf that is itself in `cert` is accepted whatever its dates, no name is sent or
   * checked; default `strict`.
   */
  readonly verify?: 'strict' | 'ballerina';
  /** A certificate in `cert` need not be a root to be the end of a chain; default `false`. */
  readonly allowPartialTrustChain?: boolean;
  /** Asks for a proof of OCSP, which `tls.ocspResponse` then has, unchecked; default `false`. */
  readonly requestOcsp?: boolean;
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
  /**
   * What it shows: PEM, a PKCS#12 store, a certificate of an authority, or `'selfsigned'`, which
   * makes one for this machine in `start()`; `trustAnchor` of the listener then is what to trust.
   */
  readonly key: CertKey | KeyStore | Certificate | 'selfsigned';
  /** Who may sign the certificates of clients: a path, a PKCS#12 store, PEM text, or `trust()`. */
  readonly cert?: string | TrustStore | TrustedPem;
  /** Whether clients must show a certificate; default `none`. `require` and `request` need `cert`. */
  readonly clientAuth?: 'none' | 'request' | 'require';
  /** How long a session may be resumed; whole seconds. */
  readonly sessionTimeout?: Duration;
  /** A proof of OCSP for clients that ask for one, DER; sent as it is. */
  readonly ocspResponse?: Uint8Array;
  /** `reject` gives tickets and takes none back; default `on`. */
  readonly tickets?: 'on' | 'off' | 'reject';
  /**
   * Keys by the name that a client asks for; `*` for any other name, which else gets `key`. `refuse`
   * ends the handshake: `sni-rejected` here, `closed-in-handshake` at the client.
   */
  readonly sni?: Readonly<Record<string, CertKey | KeyStore | Certificate | 'refuse'>>;
}

/** Options that were read; files come later. */
export interface SecureSettings {
  readonly side: TlsSide;
  readonly discardPlain: boolean;
  readonly fault: TlsFault | undefined;
  /** PEM of what to trust, once it was made: of a key, or an authority, for this end alone. */
  readonly trustAnchor?: string | undefined;
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
  'requestOcsp',
  'allowPartialTrustChain',
  'session',
];

const listenerKeys = [...commonKeys, 'clientAuth', 'tickets', 'sni', 'ocspResponse'];

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
  const { cert, key, verify = 'strict', servername, session } = options;
  const common = readTlsOptions(options);
  const mode = readOneOf('secureSocket.verify', verify, ['strict', 'ballerina']);
  const known = readTexts('knownIntermediates', options['knownIntermediates']);
  const pins = pinsOf(cert);
  const own: Partial<TlsSettings> = {
    ...(mode === 'ballerina' && { verify: 'anchored', servername: '' }),
    ...(pins !== undefined && { verify: 'pinned', pins }),
    ...(servername !== undefined && {
      servername: readText('secureSocket.servername', servername),
    }),
    ...(known !== undefined && { knownIntermediates: known }),
    ...readFlags(options, ['verifyHostname', 'requestOcsp', 'allowPartialTrustChain']),
    ...readSession(session),
  };
  const fault = readFault(options['tlsFault'], 'client');
  return {
    side: 'client',
    fault,
    discardPlain: readFlag('secureSocket.discardPlain', options['discardPlain'] ?? false),
    async prepare(network) {
      const trust = pins === undefined ? await trustOf('client', cert) : undefined;
      const material = key === undefined ? undefined : await keyOf('key', key, network.kind);
      const settings = {
        ...withMaterial(common, material),
        ...own,
        ...(trust !== undefined && {
          anchors: trust.anchors,
          knownIntermediates: [...(known ?? []), ...trust.knownIntermediates],
        }),
      };
      const end = await faulty('client', settings, fault, network.kind, key);
      return network.prepareTls('client', end.settings);
    },
  };
}

/** Reads the options of a listener. @throws TcpError `ECONFIG` */
export function readListenerSecureSocket(value: unknown): SecureSettings {
  const options = readObject('secureSocket', value);
  refuseUnknownKeys('ListenerSecureSocket', options, listenerKeys);
  const { key, cert, clientAuth = 'none', tickets = 'on', sni = {} } = options;
  const { ocspResponse } = options;
  if (key === undefined) throw configError('secureSocket.key', 'a certificate with its key', key);
  const common = readTlsOptions(options);
  const names = readObject('secureSocket.sni', sni);
  const auth = readOneOf('secureSocket.clientAuth', clientAuth, ['none', 'request', 'require']);
  if (auth !== 'none' && cert === undefined) {
    throw configError('secureSocket.cert', `given when clientAuth is "${auth}"`, cert);
  }
  const own = {
    clientAuth: auth,
    tickets: readOneOf('secureSocket.tickets', tickets, ['on', 'off', 'reject']),
    ...(ocspResponse !== undefined && {
      ocspResponse: readBytesLike('secureSocket.ocspResponse', ocspResponse),
    }),
  };
  const fault = readFault(options['tlsFault'], 'server');
  let trustAnchor: string | undefined;
  return {
    side: 'server',
    fault,
    get trustAnchor() {
      return trustAnchor;
    },
    discardPlain: readFlag('secureSocket.discardPlain', options['discardPlain'] ?? false),
    async prepare(network) {
      const trust = await trustOf('listener', cert);
      const main = await keyOf('key', key, network.kind);
      const named = await servedNames(names, network.kind);
      const settings = {
        ...withMaterial(common, { ...main, ciphers: main.ciphers ?? named.ciphers }),
        ...own,
        ...(trust !== undefined && { anchors: trust.anchors }),
        ...(Object.keys(names).length > 0 && { sni: named.sni }),
      };
      const end = await faulty('server', settings, fault, network.kind, key);
      trustAnchor = end.trustAnchor ?? (key === 'selfsigned' ? settings.key?.cert : undefined);
      return network.prepareTls('server', end.settings);
    },
  };
}
