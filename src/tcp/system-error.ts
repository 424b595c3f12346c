/** Raw errors of a network → TcpErrors with a stable code, the connection's facts and Ballerina's text. */
import { type Address, familyOf, formatAddress } from '../base/address';
import type { TcpErrorCode, TcpPhase } from '../base/error-codes';
import { TcpError, type TcpErrorDetails } from '../base/errors';

/** What is known about a connection when something goes wrong on it. */
export interface ConnectionFacts {
  readonly connectionId?: string;
  readonly local?: Address;
  readonly remote?: Address;
  readonly bytesRead?: number;
  readonly bytesFlushed?: number;
}

/** `on c1 (127.0.0.1:40112 → 127.0.0.1:9000)`. */
export function describeConnection(facts: ConnectionFacts): string {
  const id = facts.connectionId ?? 'a connection';
  if (facts.local === undefined || facts.remote === undefined) return `on ${id}`;
  return `on ${id} (${formatAddress(facts.local)} → ${formatAddress(facts.remote)})`;
}

/** The `code` of a system error, or an empty text. */
export function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return '';
  return typeof cause.code === 'string' ? cause.code : '';
}

/** The message of whatever was thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** What was dialled, for the texts of a connect that failed. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** The address tried last, when the name was resolved. */
  readonly ip?: string;
  readonly facts?: ConnectionFacts;
}

const unableToConnect = 'Unable to connect with remote host: ';

/** As the Java platform prints a socket address: `localhost/127.0.0.1:80`, `/127.0.0.1:80` for a literal one. */
function javaAddress(target: Target): string {
  if (familyOf(target.host) !== undefined) return `/${formatAddress(target)}`;
  const ip = target.ip === undefined ? '<unresolved>' : target.ip;
  return `${target.host}/${formatAddress({ host: ip, port: target.port })}`;
}

/** The rejection of a connect whose limit passed. */
export function connectTimeout(target: Target, limit: { ms: number }, cause?: unknown): TcpError {
  return new TcpError(`connect to ${formatAddress(target)} timed out after ${limit.ms} ms`, {
    ...target.facts,
    ...(cause === undefined ? {} : { cause }),
    code: 'ECONNECTTIMEOUT',
    phase: 'connect',
    compatMessage: `${unableToConnect}connection timed out after ${limit.ms} ms: ${javaAddress(target)}`,
  });
}

/**
 * The rejection of a connect that failed.
 *
 * @param cause - Node's error; of several addresses tried, the first one's code counts
 * @param localHost - the `localHost` of the configuration, to tell whose address was refused
 */
export function connectFailure(cause: unknown, target: Target, localHost?: string): TcpError {
  const where = formatAddress(target);
  const failure = (
    code: TcpErrorCode,
    what: string,
    compatMessage: string,
    more: Partial<TcpErrorDetails> = {},
  ): TcpError =>
    new TcpError(`connect to ${where} ${what}`, {
      ...target.facts,
      ...more,
      code,
      phase: 'connect',
      cause,
      compatMessage: unableToConnect + compatMessage,
    });

  switch (codeOf(cause)) {
    case 'ECONNREFUSED':
      return failure('ECONNREFUSED', 'refused', `Connection refused: ${javaAddress(target)}`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return failure('ENOTFOUND', `found no address of "${target.host}"`, target.host);
    case 'ETIMEDOUT':
      return failure(
        'ECONNECTTIMEOUT',
        'got no answer and the system gave up',
        `connection timed out: ${javaAddress(target)}`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failure('EUNREACHABLE', `found no route: ${messageOf(cause)}`, messageOf(cause));
    case 'EADDRNOTAVAIL':
    case 'ERR_INVALID_IP_ADDRESS':
      return localAddressFailure(cause, target, localHost);
    case 'ECONNRESET':
      return failure('ECONNRESET', 'reset by the peer', 'Connection reset by peer');
    case 'EADDRINUSE':
      return failure('EADDRINUSE', 'found its local port taken', 'Address already in use', {
        field: 'localPort',
      });
    default:
      return failure('ESYSTEM', `ended: ${messageOf(cause)}`, messageOf(cause));
  }
}

/** The rejection of a connect from an address that is not ours. */
export function localAddressFailure(cause: unknown, target: Target, localHost?: string): TcpError {
  const from = localHost === undefined ? '' : ` from "${localHost}", which is no address of ours`;
  return new TcpError(`connect to ${formatAddress(target)}${from} refused: ${messageOf(cause)}`, {
    ...target.facts,
    ...(localHost === undefined ? {} : { field: 'localHost' }),
    code: 'EADDRNOTAVAIL',
    phase: 'connect',
    cause,
    compatMessage: unableToConnect + messageOf(cause),
  });
}

/** The rejection of a listen that failed. */
export function listenFailure(cause: unknown, wanted: { host: string; port: number }): TcpError {
  const [code, what, compat] = listenTexts(cause);
  return new TcpError(`listen on ${formatAddress(wanted)} refused: ${what}`, {
    code,
    phase: 'accept',
    cause,
    compatMessage: `Error initializing the server: ${compat}`,
    ...(code === 'EADDRINUSE' ? { field: 'localPort' } : {}),
    ...(code === 'EADDRNOTAVAIL' ? { field: 'localHost' } : {}),
  });
}

function listenTexts(cause: unknown): [code: TcpErrorCode, what: string, compat: string] {
  switch (codeOf(cause)) {
    case 'EADDRINUSE':
      return ['EADDRINUSE', 'the port is taken', 'Address already in use'];
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return ['EADDRNOTAVAIL', 'no address of ours', messageOf(cause)];
    default:
      return ['ESYSTEM', messageOf(cause), messageOf(cause)];
  }
}

/** The failure of an open connection. */
export interface Breakage {
  readonly code: TcpErrorCode;
  readonly what: string;
  readonly cause: unknown;
  /** As the Java platform words it. */
  readonly javaText: string;
  /** Of TLS: what went wrong, and the alert that told so. */
  readonly tls?: Pick<TcpErrorDetails, 'kind' | 'alert' | 'tls'>;
}

/** Sorts what ended an open connection. `EPIPE` is a RST that was met by writing. */
export function breakageOf(cause: unknown): Breakage {
  if (TcpError.is(cause) && cause.kind !== undefined) {
    const { code, kind, alert, message, tls: outcome } = cause;
    const tls = {
      kind,
      ...(alert !== undefined && { alert }),
      ...(outcome !== undefined && { tls: outcome }),
    };
    return { code, what: `failed: ${message}`, cause, javaText: message, tls };
  }
  switch (codeOf(cause)) {
    case 'ECONNRESET':
      return {
        code: 'ECONNRESET',
        what: 'reset by the peer',
        cause,
        javaText: 'Connection reset by peer',
      };
    case 'EPIPE':
      return { code: 'ECONNRESET', what: 'reset by the peer', cause, javaText: 'Broken pipe' };
    case 'ETIMEDOUT':
      return {
        code: 'EKEEPALIVE',
        what: 'given up by the system, since the peer no longer answers',
        cause,
        javaText: 'Connection timed out',
      };
    default:
      return {
        code: 'ESYSTEM',
        what: `ended: ${messageOf(cause)}`,
        cause,
        javaText: messageOf(cause),
      };
  }
}

/** A breakage as it reaches a read, a write or a reply. */
export function brokenCall(
  breakage: Breakage,
  call: 'read' | 'write' | 'reply',
  facts: ConnectionFacts,
): TcpError {
  const compatMessage = compatOf(breakage, call);
  return new TcpError(`${call} ${breakage.what} ${describeConnection(facts)}`, {
    ...facts,
    ...breakage.tls,
    code: breakage.code,
    phase: call === 'read' ? 'read' : 'write',
    cause: breakage.cause,
    ...(compatMessage === undefined ? {} : { compatMessage }),
  });
}

function compatOf(breakage: Breakage, call: 'read' | 'write' | 'reply'): string | undefined {
  if (breakage.code === 'EKEEPALIVE' || breakage.tls !== undefined) return undefined;
  if (call === 'reply') return 'Failed to send data.';
  if (call === 'write') return `Failed to write data: ${breakage.javaText}`;
  return breakage.code === 'ECONNRESET' ? 'Connection reset' : breakage.javaText;
}

/** The rejection of a call on a connection that is over on our side. */
export function closedError(
  what: string,
  phase: Extract<TcpPhase, 'read' | 'write' | 'close'>,
  facts: ConnectionFacts,
  cause?: unknown,
): TcpError {
  return new TcpError(`${what} refused, the connection is closed ${describeConnection(facts)}`, {
    ...facts,
    ...(cause === undefined ? {} : { cause }),
    code: 'ECLOSED',
    phase,
    compatMessage: 'Socket connection already closed.',
  });
}
