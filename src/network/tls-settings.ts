import type { TlsGate } from './tls-gate';

/** A version of TLS, by Node's name. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Which end of TLS one is: the client greets first. */
export type TlsSide = 'client' | 'server';

/**
 * Cipher suites by their IANA names, those of a list that are known, or a text that OpenSSL gets
 * unchanged.
 */
export type CipherWish =
  | readonly string[]
  | { readonly anyOf: readonly string[] }
  | { readonly openssl: string };

/** A certificate with its key; all PEM. */
export interface TlsKey {
  /** The leaf first, then intermediates. */
  readonly cert: string;
  readonly key: string;
  readonly keyPassword?: string;
}

/**
 * What TLS is to be like on one end: files are read, durations are numbers.
 *
 * Anything left out has the default of Node.
 *
 * @source docs/tls.md
 */
export interface TlsSettings {
  /** What this end shows. */
  readonly key?: TlsKey;
  /**
   * Server: what it shows for a name; `*` for any other one. `refuse` ends the handshake, `stall`
   * never answers. A client that sends no name gets `key`.
   */
  readonly sni?: Readonly<Record<string, TlsKey | 'refuse' | 'stall'>>;
  /** PEM of who is trusted. Default: the roots of Node. */
  readonly anchors?: readonly string[];
  /** SHA-256 fingerprints, 64 hex digits in upper case; the peer's certificate must have one of them. */
  readonly pins?: readonly string[];
  /**
   * Client: `strict` checks chain, dates and name; `anchored` accepts a leaf that is itself an anchor
   * whatever its dates, checks the chain of any other, and never the name; `pinned` checks the pins
   * alone. Default: `strict`.
   */
  readonly verify?: 'strict' | 'anchored' | 'pinned';
  /** Client: `false` leaves out the check of the name. */
  readonly verifyHostname?: boolean;
  /** Client: the name sent and checked. Empty: none is sent. Default: the host that was dialled. */
  readonly servername?: string;
  /** Server: whether a certificate of the client is asked for, and needed. Default: `none`. */
  readonly clientAuth?: 'none' | 'request' | 'require';
  /** Exactly these; a set may have holes. Default: TLS 1.2 and 1.3. */
  readonly versions?: readonly TlsVersion[];
  readonly ciphers?: CipherWish;
  readonly groups?: readonly string[];
  readonly sigalgs?: readonly string[];
  readonly alpn?: readonly string[];
  /** PEM; present, revocation is checked. */
  readonly crl?: readonly string[];
  /** Client: an anchor need not be a root: a chain may end at any of them. Default: `false`. */
  readonly allowPartialTrustChain?: boolean;
  /** Client: asks the server for a proof of OCSP. Default: `false`. */
  readonly requestOcsp?: boolean;
  /** Server: the proof of OCSP for clients that ask, DER; nobody checks it. */
  readonly ocspResponse?: Uint8Array;
  /** PEM of intermediates that may be missing in a chain: they tell an incomplete chain from a stranger's. */
  readonly knownIntermediates?: readonly string[];
  /** Milliseconds from `startTls` until secured; `Infinity` for no limit. */
  readonly handshakeTimeoutMs: number;
  /** Whole seconds that a session may be resumed: given by a server, or offered from `sessions`. */
  readonly sessionTimeoutSeconds?: number;
  /** Client: a session to resume, as `TlsInfo.session` gave it. */
  readonly session?: Uint8Array;
  /** Client: where sessions are kept and taken from. */
  readonly sessions?: TlsSessions;
  /** Server: whether tickets are given; `reject` gives them and takes none back. Default: `on`. */
  readonly tickets?: 'on' | 'off' | 'reject';
  /** `require`: an end without close_notify is an error. Default: `record`. */
  readonly closeNotify?: 'record' | 'require';
  /** `true`: the secrets go into the trace. */
  readonly keylog?: boolean | ((line: Uint8Array) => void);
  /**
   * Up to TLS 1.2. Server: `refuse` ends a connection whose client asks. `ask` asks for one as soon as
   * this end is secured. Default: `allow`.
   */
  readonly renegotiation?: 'allow' | 'refuse' | 'ask';
  /** Bytes of plain text in a record, 512 to 16384. */
  readonly maxSendFragment?: number;
}

/** Sessions by peer (`host:port`), with the time of the world's clock at which they came. */
export interface TlsSessions {
  /** The last session of a peer, unless it came before `sinceUs`. */
  offer(peer: string, sinceUs: number): Uint8Array | undefined;
  keep(peer: string, session: Uint8Array, nowUs: number): void;
}

/** Settings that were found usable, for any number of connections. */
export interface PreparedTls {
  readonly side: TlsSide;
  readonly settings: TlsSettings;
}

/** What a single handshake needs beside its settings. */
export interface StartTlsOptions {
  /** Client: who was dialled; its name is sent and checked unless the settings name another. */
  readonly host?: string;
  /** Bytes already taken from the connection that belong to the handshake. */
  readonly head?: Uint8Array;
  readonly signal?: AbortSignal;
  /** Stands below TLS at this end, for faults. */
  readonly gate?: TlsGate;
}
