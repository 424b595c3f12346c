import type { TcpError } from '../base/errors';
import type { CloseInfo, CloseReason } from './close-info';
import type { Breakage } from './system-error';

/**
 * What is known about the end of one connection: what began it, and what was put on the wire.
 *
 * The first reason stays, whatever follows from it. RST outranks FIN, since nothing follows it.
 */
export class WireEnding {
  sent: CloseInfo['sent'] = 'none';
  received: CloseInfo['received'] = 'none';
  /** What broke the connection, when it was not ended in order. */
  breakage: Breakage | undefined;
  /** Whether some call was told about the breakage. */
  told = false;
  error: TcpError | undefined;
  #reason: CloseReason | undefined;

  /** What began the end, if it has begun. */
  get reason(): CloseReason | undefined {
    return this.#reason;
  }

  begin(reason: CloseReason, error?: TcpError): void {
    this.#reason ??= reason;
    this.error ??= error;
  }

  /** Notes a FIN of the peer. */
  finReceived(): void {
    if (this.received === 'none') this.received = 'fin';
  }

  finSent(): void {
    if (this.sent === 'none') this.sent = 'fin';
  }

  /** Notes what broke it; a RST may have come before, or in answer to, our own FIN. */
  broke(breakage: Breakage): void {
    this.breakage ??= breakage;
    if (breakage.code === 'ECONNRESET') this.received = 'rst';
  }

  /**
   * Gives a reason to an end that nobody here began: both sides sent FIN, or somebody else
   * destroyed the connection.
   */
  nameUnless(order: 'local-close' | 'peer-close', aborted: boolean): void {
    if (this.#reason !== undefined) return;
    if (this.sent === 'fin' && this.received === 'fin') this.#reason = order;
    else this.#reason = aborted ? 'abort' : 'error';
  }

  /** The reason that a breakage gives. */
  static reasonOf(breakage: Breakage): CloseReason {
    if (breakage.code === 'ECONNRESET') return 'peer-reset';
    if (breakage.tls !== undefined) return 'tls-error';
    return breakage.code === 'EKEEPALIVE' ? 'keepalive' : 'error';
  }

  /** Everything about the end, once it has come. */
  info(facts: EndFacts): CloseInfo {
    const { error } = this;
    const info: { -readonly [Key in keyof CloseInfo]: CloseInfo[Key] } = {
      connectionId: facts.id,
      reason: this.#reason ?? 'error',
      sent: this.sent,
      received: this.received,
      hadError: error !== undefined,
      bytesRead: facts.bytesRead,
      bytesFlushed: facts.bytesFlushed,
      openedAtUs: facts.openedAtUs,
      closedAtUs: facts.now(),
    };
    if (error !== undefined) info.error = error;
    return info;
  }
}

/** What a CloseInfo tells beside the end itself. */
export interface EndFacts {
  readonly id: string;
  readonly bytesRead: number;
  readonly bytesFlushed: number;
  readonly openedAtUs: number;
  now(): number;
}
