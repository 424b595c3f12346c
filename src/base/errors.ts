import type { Address } from './address';
import type { TcpErrorCode, TcpPhase, TlsKind } from './error-codes';
import type { TlsOutcome } from './tls-outcome';

/** What a {@link TcpError} may carry beside its message. */
export interface TcpErrorDetails {
  readonly code: TcpErrorCode;
  readonly phase: TcpPhase;
  readonly cause?: unknown;
  readonly field?: string;
  readonly handler?: HandlerName;
  readonly remote?: Address;
  readonly local?: Address;
  readonly connectionId?: string;
  readonly bytesRead?: number;
  readonly bytesFlushed?: number;
  readonly partial?: Uint8Array;
  readonly compatMessage?: string;
  readonly path?: string;
  readonly offset?: number;
  readonly line?: number;
  readonly kind?: TlsKind;
  readonly alert?: TlsAlert;
  readonly tls?: TlsOutcome;
}

/** An alert of TLS: what one side told the other before it gave up. */
export interface TlsAlert {
  readonly number: number;
  /** As RFC 8446 writes it, such as `handshake_failure`; `alert 250` where it has no name. */
  readonly name: string;
  readonly direction: 'sent' | 'received';
}

/** The callbacks of a service that can fail. */
export type HandlerName = 'onConnect' | 'onBytes' | 'onError' | 'onEnd' | 'onClose';

const brand = Symbol.for('brine.TcpError');

/**
 * Everything that a caller of the network can meet, under a stable `code`.
 *
 * The message is for people and may change; match on `code`.
 *
 * @source docs/errors.md
 */
export class TcpError extends Error {
  declare readonly name: string;
  readonly code: TcpErrorCode;
  readonly phase: TcpPhase;
  /** Path of the option at fault, such as `secureSocket.cert`; configuration errors only. */
  declare readonly field?: string;
  /** The callback that failed; `EHANDLER` only. */
  declare readonly handler?: HandlerName;
  declare readonly remote?: Address;
  declare readonly local?: Address;
  /** The world's name of the connection, such as `c1`. */
  declare readonly connectionId?: string;
  /** Application bytes taken from the network before the failure. */
  readonly bytesRead: number;
  /** Application bytes handed to the kernel before the failure; a lower bound after a write timeout. */
  readonly bytesFlushed: number;
  /** A copy of what had arrived of the bytes asked for. */
  declare readonly partial?: Uint8Array;
  /** The exact text of the Ballerina connector for this failure, where there is one. */
  declare readonly compatMessage?: string;
  /** The file at fault, as it was named; errors about files only. */
  declare readonly path?: string;
  /** Where in the file: bytes from its start. */
  declare readonly offset?: number;
  /** Where in the file: the line, from 1. */
  declare readonly line?: number;
  /** What went wrong; errors of TLS only. */
  declare readonly kind?: TlsKind;
  /** The alert that ended it, where there was one; errors of TLS only. */
  declare readonly alert?: TlsAlert;
  /** What became of TLS on this end, up to the failure; errors of TLS only. */
  declare readonly tls?: TlsOutcome;

  constructor(message: string, details: TcpErrorDetails) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = details.code;
    this.phase = details.phase;
    this.bytesRead = details.bytesRead ?? 0;
    this.bytesFlushed = details.bytesFlushed ?? 0;
    if (details.field !== undefined) this.field = details.field;
    if (details.handler !== undefined) this.handler = details.handler;
    if (details.remote !== undefined) this.remote = details.remote;
    if (details.local !== undefined) this.local = details.local;
    if (details.connectionId !== undefined) this.connectionId = details.connectionId;
    if (details.partial !== undefined) this.partial = details.partial;
    if (details.compatMessage !== undefined) this.compatMessage = details.compatMessage;
    if (details.path !== undefined) this.path = details.path;
    if (details.offset !== undefined) this.offset = details.offset;
    if (details.line !== undefined) this.line = details.line;
    if (details.kind !== undefined) this.kind = details.kind;
    if (details.alert !== undefined) this.alert = details.alert;
    if (details.tls !== undefined) this.tls = details.tls;
    if (details.code === 'ABORT_ERR') {
      Object.defineProperty(this, 'name', { value: 'AbortError', configurable: true });
    }
  }

  /** Whether a value is a TcpError, also one of another copy of this package. */
  static is(value: unknown): value is TcpError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

Object.defineProperties(TcpError.prototype, {
  name: { value: 'TcpError', configurable: true, writable: true },
  [brand]: { value: true },
});

/**
 * Makes an error that time alone has raised: no code of a user is on the stack, whose capture is
 * most of what an error costs, so none is taken.
 */
export function raisedByTime(make: () => TcpError): TcpError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** How a refused value reads in a message: `"80a" (string)`. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `${JSON.stringify(value)} (string)`;
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return `${value.name || 'anonymous'} (function)`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return `${value.constructor?.name ?? 'an object'} (object)`;
  return `${String(value)} (${typeof value})`;
}

/** The refusal of an option: what it must be, and what came. */
export function configError(field: string, expectation: string, value: unknown): TcpError {
  return new TcpError(`${field} must be ${expectation}, got ${describeValue(value)}`, {
    code: 'ECONFIG',
    phase: 'config',
    field,
  });
}

/** The refusal of something a user wrote, in words of its own. */
export function refusal(field: string, message: string, cause?: unknown): TcpError {
  const details = { code: 'ECONFIG', phase: 'config', field } as const;
  return new TcpError(message, cause === undefined ? details : { ...details, cause });
}

/**
 * The refusal of key material or of an option of TLS.
 *
 * @param field - path below `secureSocket`, such as `key.certFile`; empty for the whole
 */
export function tlsRefusal(
  field: string,
  message: string,
  more: { readonly cause?: unknown; readonly compatMessage?: string } = {},
): TcpError {
  return new TcpError(message, {
    ...more,
    code: 'ETLSCONFIG',
    phase: 'config',
    kind: 'config',
    field: field === '' ? 'secureSocket' : `secureSocket.${field}`,
  });
}

/** The rejection of a call whose signal was aborted. */
export function abortError(
  what: string,
  phase: TcpPhase,
  reason: unknown,
  facts: Partial<TcpErrorDetails> = {},
): TcpError {
  return new TcpError(`${what} aborted`, { ...facts, code: 'ABORT_ERR', phase, cause: reason });
}
