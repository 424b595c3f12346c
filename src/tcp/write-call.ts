import type { TcpError } from '../base/errors';
import type { CallLimit } from './call-options';

const never = Number.POSITIVE_INFINITY;

/** Writes are cut in pieces of this many bytes, so that the count of flushed bytes is exact to one. */
export const pieceBytes: number = 65_536;

/** Who is told how a write went. */
export interface WriteOutcome {
  /** Whether it is what a handler returned, which has its own words for a failure. */
  readonly isReply?: boolean;
  resolve(): void;
  reject(error: TcpError): void;
}

/** A write that waits, or FIN. */
export class WriteCall {
  readonly end: boolean;
  readonly length: number;
  readonly limit: CallLimit;
  readonly outcome: WriteOutcome;
  sinceUs = 0;
  dueUs: number = never;
  handed = 0;
  flushed = 0;
  endHanded = false;
  settled = false;
  readonly #bytes: Uint8Array | undefined;
  #onAbort: (() => void) | undefined;

  constructor(
    bytes: Uint8Array | undefined,
    end: boolean,
    limit: CallLimit,
    outcome: WriteOutcome,
  ) {
    this.#bytes = bytes;
    this.end = end;
    this.length = bytes?.byteLength ?? 0;
    this.limit = limit;
    this.outcome = outcome;
  }

  /** The next piece to hand over. */
  take(): Uint8Array {
    const start = this.handed;
    this.handed = Math.min(this.length, start + pieceBytes);
    const bytes = this.#bytes ?? new Uint8Array(0);
    return this.handed - start === this.length ? bytes : bytes.subarray(start, this.handed);
  }

  watch(onAbort: (reason: unknown) => void): void {
    const { signal } = this.limit;
    if (signal === undefined) return;
    this.#onAbort = () => onAbort(signal.reason);
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  resolve(): void {
    if (this.settled) return;
    this.#settle();
    this.outcome.resolve();
  }

  reject(error: TcpError): void {
    if (this.settled) return;
    this.#settle();
    this.outcome.reject(error);
  }

  #settle(): void {
    this.settled = true;
    if (this.#onAbort !== undefined) {
      this.limit.signal?.removeEventListener('abort', this.#onAbort);
    }
  }
}
