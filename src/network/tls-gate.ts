import type { TlsPhase } from '../base/tls-phase';
import type { TlsRecord } from '../base/tls-record-reader';
import type { Clock } from './clock';
import type { Connection } from './connection';

type Done = (error?: Error | null) => void;

/** One end of TLS as seen from below: the connection, and how to write to it. */
export interface TlsLine {
  readonly raw: Connection;
  readonly side: 'client' | 'server';
  readonly clock: Clock;
  /** Writes to the connection; what is written counts as sent by TLS. */
  write(bytes: Uint8Array, done?: Done): void;
  /** Tells the trace what was done. */
  tell(detail: Readonly<Record<string, string | number>>): void;
}

/**
 * Stands between TLS and the connection below, at one end: decides what becomes of what this end
 * sends.
 *
 * It works on what Node's TLS has made, so it can hold back, cut, split or add, and cannot change
 * what is encrypted.
 */
export interface TlsGate {
  /** What it has done to the connection, in a few words; `undefined` as long as everything passed. */
  readonly acted: string | undefined;
  begin(line: TlsLine): void;
  /** TLS sends; `done` is called when it may send more. */
  send(chunk: Uint8Array, done: Done): void;
  /** TLS ends its side. */
  end(done: Done): void;
  /** A record of the peer is complete, and TLS is about to see it. */
  received(record: TlsRecord): void;
  /** This end knows that a phase was reached, before TLS sends anything that comes after it. */
  reached(phase: TlsPhase): void;
}
