import type { WireEvent } from '../network/wire-event';

/** How much may wait, and how long. */
export interface HoldLimits {
  readonly bytes: number;
  readonly timeUs: number;
}

/**
 * Says whether packets must wait, because a TLS handshake is under way whose secrets have to stand
 * in front of its records.
 *
 * A handshake begins with the first `tls` event of an end, and is over when that end is `secured`,
 * or has closed or failed. Its lines of a key log say neither.
 */
export class HandshakeHold {
  readonly #limits: HoldLimits;
  readonly #ends = new Set<string>();
  #sinceUs = 0;

  constructor(limits: HoldLimits) {
    this.#limits = limits;
  }

  /** Whether something waits for its secrets. */
  get active(): boolean {
    return this.#ends.size > 0;
  }

  /** Takes the next event. */
  see({ kind, connection, detail, atUs }: WireEvent): void {
    if (kind === 'tls') {
      const what = detail?.['event'];
      if (what === 'start') this.#begin(connection, atUs);
      else if (what === 'secured' || what === 'failed') this.#ends.delete(connection);
    } else if (kind === 'close' || kind === 'rst' || kind === 'error') {
      this.#ends.delete(connection);
    }
  }

  /** Lets go of what has waited too long, or is too much. */
  limit(nowUs: number, bytes: number): void {
    const isLate = nowUs - this.#sinceUs > this.#limits.timeUs;
    if (isLate || bytes > this.#limits.bytes) this.#ends.clear();
  }

  /** Nothing more can come. */
  clear(): void {
    this.#ends.clear();
  }

  #begin(connection: string, atUs: number): void {
    if (this.#ends.size === 0) this.#sinceUs = atUs;
    this.#ends.add(connection);
  }
}
