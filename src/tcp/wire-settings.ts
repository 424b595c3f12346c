import type { TcpError } from '../base/errors';
import type { Connection } from '../network/connection';
import type { World } from '../network/world';
import type { CallLimit } from './call-options';
import type { CloseInfo } from './close-info';
import type { LazyTimer } from './lazy-timer';
import type { ConnectionFacts } from './system-error';
import type { WireEnding } from './wire-ending';
import type { WireEvents } from './wire-events';

/** What of a configuration an open connection needs. */
export interface WireSettings {
  readonly read: CallLimit;
  readonly write: CallLimit;
  /** Microseconds; `Infinity` for none. */
  readonly closeTimeoutUs: number;
  readonly idleTimeoutUs: number;
  readonly allowHalfOpen: boolean;
  readonly readHighWaterMark: number;
  readonly writeHighWaterMark: number;
}

/** Who holds the reader or the writer of a connection for itself: `an iterator`. */
export interface Holder {
  readonly name: string;
}

/** Who gets the bytes of a connection in push style. */
export interface WireConsumer {
  /** Whether the network may be read now. */
  readonly hungry: boolean;
  chunk(bytes: Uint8Array): void;
  /** The peer ended with FIN. */
  fin(): void;
  /** The connection broke. */
  broken(error: TcpError): void;
  /** Writes went out, or failed. */
  moved(): void;
  over(info: CloseInfo): void;
}

/** What the two halves of a wire ask of the whole. */
export interface WireOwner {
  readonly world: World;
  readonly connection: Connection;
  readonly settings: WireSettings;
  readonly ending: WireEnding;
  readonly timer: LazyTimer;
  readonly events: WireEvents;
  readonly halfOpen: boolean;
  /** A handshake runs over the connection; nothing else may touch it. */
  readonly upgrading: boolean;
  readonly closing: boolean;
  readonly over: boolean;
  readonly writable: boolean;
  now(): number;
  facts(): ConnectionFacts;
  /** The peer's FIN took effect, and our side may not stay open alone. */
  follow(): void;
  finSent(): void;
  /** FIN cannot be sent behind the writes. */
  endFailed(): void;
  /** A byte came. */
  moved(): void;
  /** Writes went out, or failed. */
  wrote(): void;
  /** A read was settled. */
  rest(): void;
  noteTimeout(what: string): void;
}
