import { formatAddress } from '../../base/address';
import type { TlsKind } from '../../base/error-codes';
import { abortError, TcpError } from '../../base/errors';
import type { TlsOutcome } from '../../base/tls-outcome';
import type { Connection } from '../connection';
import { failureText, hexOf, type TextFacts } from './failure-texts';
import { codeOf } from './tls-error-kind';

/** What is known of a handshake that failed. */
export interface HandshakeFacts extends Omit<TextFacts, 'peer'> {
  /** Who was dialled, by a client. */
  readonly host: string | undefined;
  /** What a fault at this end has done. */
  readonly acted: string | undefined;
  /** What became of TLS, the failure included. */
  readonly outcome: (error: TcpError) => TlsOutcome;
}

/** A handshake that failed, in words and for programs. */
export function handshakeError(raw: Connection, kind: TlsKind, facts: HandshakeFacts): TcpError {
  const { id, local, remote } = raw;
  const { host, alert, error: cause, acted, outcome } = facts;
  const text = failureText(kind, { ...facts, peer: host ?? remote.host });
  const compatMessage = compatOf(kind, facts);
  const fault = acted === undefined ? '' : `, after the fault ${acted} at this end`;
  const details = {
    code: codeOf(kind, false),
    phase: 'handshake',
    kind,
    ...(alert !== undefined && { alert }),
    ...(cause !== undefined && { cause }),
    ...(compatMessage !== undefined && { compatMessage }),
    connectionId: id,
    local,
    remote,
  } as const;
  const message = `TLS handshake with ${peerOf(raw, host)} failed on ${id}: ${text}${fault}`;
  return new TcpError(message, { ...details, tls: outcome(new TcpError(message, details)) });
}

/** A handshake that was given up by who had asked for it. */
export function handshakeAborted(
  raw: Connection,
  host: string | undefined,
  reason: unknown,
): TcpError {
  const { id, local, remote } = raw;
  const facts = { connectionId: id, local, remote };
  return abortError(`TLS handshake with ${peerOf(raw, host)}`, 'handshake', reason, facts);
}

function peerOf({ remote }: Connection, host = remote.host): string {
  return formatAddress({ host, port: remote.port });
}

function compatOf(kind: TlsKind, { timeoutMs, first }: HandshakeFacts): string | undefined {
  if (kind === 'handshake-timeout') return `handshake timed out after ${timeoutMs}ms`;
  return kind === 'not-tls' ? `not an SSL/TLS record: ${hexOf(first)}` : undefined;
}
