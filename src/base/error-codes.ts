/**
 * The closed list of what can go wrong, for programs.
 *
 * A new code needs a row here, a heading in docs/errors.md and a scenario that raises it.
 */

/** What was being done when a {@link TcpError} was raised. */
export type TcpPhase =
  | 'config'
  | 'connect'
  | 'handshake'
  | 'read'
  | 'write'
  | 'close'
  | 'accept'
  | 'handler'
  | 'deadline';

/** The stable code of a {@link TcpError}. */
export type TcpErrorCode =
  | 'ECONFIG'
  | 'ESTATE'
  | 'EBUSY'
  | 'ENOTFOUND'
  | 'ECONNREFUSED'
  | 'ECONNECTTIMEOUT'
  | 'EUNREACHABLE'
  | 'EADDRNOTAVAIL'
  | 'EADDRINUSE'
  | 'EREADTIMEOUT'
  | 'EWRITETIMEOUT'
  | 'EPEERCLOSED'
  | 'ECLOSED'
  | 'ECONNRESET'
  | 'EKEEPALIVE'
  | 'EIDLETIMEOUT'
  | 'ELIMIT'
  | 'EFRAME'
  | 'ETLSCONFIG'
  | 'ETLSTIMEOUT'
  | 'ETLSNOTTLS'
  | 'ETLSCLOSED'
  | 'ETLSCERT'
  | 'ETLSHANDSHAKE'
  | 'ETLSRECORD'
  | 'EHANDLER'
  | 'EDEADLINE'
  | 'ECAPTUREFILE'
  | 'ECAPTUREFORMAT'
  | 'EINVALIDFAULT'
  | 'ETOXICEXISTS'
  | 'ETOXICNOTFOUND'
  | 'EPROXYEXISTS'
  | 'EPROXYNOTFOUND'
  | 'ABORT_ERR'
  | 'ESYSTEM';

/** What went wrong under TLS, the same on every Node line and on both networks. */
export type TlsKind =
  | 'handshake-timeout'
  | 'closed-in-handshake'
  | 'reset-in-handshake'
  | 'not-tls'
  | 'alert-received'
  | 'version-mismatch'
  | 'no-shared-cipher'
  | 'no-shared-group'
  | 'no-shared-sigalg'
  | 'no-alpn'
  | 'sni-rejected'
  | 'client-cert-missing'
  | 'cert-expired'
  | 'cert-not-yet-valid'
  | 'cert-host-mismatch'
  | 'cert-self-signed'
  | 'cert-untrusted'
  | 'cert-incomplete-chain'
  | 'cert-revoked'
  | 'cert-revocation-unknown'
  | 'cert-wrong-usage'
  | 'cert-chain-invalid'
  | 'cert-weak'
  | 'bad-record'
  | 'bad-message'
  | 'truncated'
  | 'renegotiation-refused'
  | 'config'
  | 'tls-other';

/** A row of {@link errorCodes}. */
export interface ErrorCodeEntry {
  /** Phases in which the code can be raised. */
  readonly phases: readonly TcpPhase[];
  /** What has happened, for people. */
  readonly when: string;
}

/** Every code, with its phases and its meaning. */
export const errorCodes: Readonly<Record<TcpErrorCode, ErrorCodeEntry>> = {
  ECONFIG: {
    phases: ['config'],
    when: 'a bad option, an unknown key, a bad duration or port, the wrong shape of a service',
  },
  ESTATE: {
    phases: ['config'],
    when: 'a call that is not allowed now, such as starting a listener twice',
  },
  EBUSY: {
    phases: ['read', 'write'],
    when: 'the reader or writer is held by onBytes, an iterator or a stream',
  },
  ENOTFOUND: { phases: ['connect'], when: 'a name that does not resolve' },
  ECONNREFUSED: { phases: ['connect'], when: 'nobody listens there' },
  ECONNECTTIMEOUT: {
    phases: ['connect'],
    when: 'connectTimeout passed, or the kernel gave up waiting for an answer',
  },
  EUNREACHABLE: { phases: ['connect'], when: 'no route to the host or its network' },
  EADDRNOTAVAIL: {
    phases: ['connect', 'accept'],
    when: 'a local address that is unknown or not ours',
  },
  EADDRINUSE: { phases: ['accept', 'connect'], when: 'a port that is taken' },
  EREADTIMEOUT: {
    phases: ['read', 'accept'],
    when: 'the deadline of a read or an accept passed; nothing was consumed',
  },
  EWRITETIMEOUT: {
    phases: ['write'],
    when: 'the deadline of a write passed; nobody knows how much left',
  },
  EPEERCLOSED: {
    phases: ['read'],
    when: 'the peer ended with FIN before the bytes asked for had come',
  },
  ECLOSED: {
    phases: ['read', 'write', 'close', 'accept'],
    when: 'the connection is over on our side, or the listener has stopped',
  },
  ECONNRESET: { phases: ['connect', 'read', 'write'], when: 'the peer sent RST' },
  EKEEPALIVE: {
    phases: ['read', 'write'],
    when: 'the kernel gave up on an open connection whose peer no longer answers',
  },
  EIDLETIMEOUT: { phases: ['read'], when: 'nothing moved for idleTimeout of the listener' },
  ELIMIT: {
    phases: ['read'],
    when: 'a limit was reached before a delimiter or the end of a frame',
  },
  EFRAME: { phases: ['read', 'write'], when: 'a frame that breaks the rules of its framing' },
  ETLSCONFIG: {
    phases: ['config'],
    when: 'key material or an option of TLS that cannot be used: missing, unreadable, or unknown',
  },
  ETLSTIMEOUT: { phases: ['handshake'], when: 'handshakeTimeout passed before TLS was ready' },
  ETLSNOTTLS: { phases: ['handshake'], when: 'the peer speaks something else than TLS' },
  ETLSCLOSED: {
    phases: ['handshake'],
    when: 'the peer sent FIN or RST before the handshake was done',
  },
  ETLSCERT: {
    phases: ['handshake', 'read', 'write'],
    when: 'a certificate was refused, or a needed one was not sent; kind tells why',
  },
  ETLSHANDSHAKE: {
    phases: ['handshake'],
    when: 'any other failure of a handshake; kind tells which, alert what was sent',
  },
  ETLSRECORD: {
    phases: ['read', 'write'],
    when: 'TLS broke after the handshake, or ended without close_notify where that is required',
  },
  EHANDLER: {
    phases: ['handler'],
    when: 'a callback threw, rejected or returned something it may not',
  },
  EDEADLINE: { phases: ['deadline'], when: 'a deadline of a clock passed' },
  ECAPTUREFILE: {
    phases: ['config', 'write'],
    when: 'a capture or trace file that cannot be opened or written, or exists already',
  },
  ECAPTUREFORMAT: {
    phases: ['read'],
    when: 'a file that is no capture or trace, or one of a kind that is not read',
  },
  EINVALIDFAULT: {
    phases: ['config'],
    when: 'a fault of an unknown kind, or with an attribute, trigger, schedule or target that does not fit',
  },
  ETOXICEXISTS: { phases: ['config'], when: 'the proxy has a fault of that name already' },
  ETOXICNOTFOUND: { phases: ['config'], when: 'the proxy has no fault of that name' },
  EPROXYEXISTS: { phases: ['config'], when: 'the set has a proxy of that name already' },
  EPROXYNOTFOUND: { phases: ['config'], when: 'the set has no proxy of that name' },
  ABORT_ERR: {
    phases: ['connect', 'handshake', 'read', 'write', 'close', 'accept', 'deadline'],
    when: 'an AbortSignal was aborted',
  },
  ESYSTEM: {
    phases: ['connect', 'read', 'write', 'close', 'accept'],
    when: 'any other error of the system; cause.code tells',
  },
};
