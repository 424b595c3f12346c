import type { TcpError } from '../base/errors';
import type { CallLimit } from './call-options';

/** What a read asks for. */
export type Want =
  /** Whatever is there, at most `most` bytes. */
  | { readonly kind: 'chunk'; readonly most: number }
  | { readonly kind: 'exact'; readonly length: number }
  /** Up to and with the delimiter; `scanned` bytes are known not to begin it. */
  | {
      readonly kind: 'until';
      readonly delimiter: Uint8Array;
      readonly most: number;
      scanned: number;
    }
  /** More bytes in the queue than `than`; takes none, and settles at FIN too. `gap`: for an end by silence. */
  | { readonly kind: 'more'; readonly than: number; readonly gap: boolean };

/** A read that waits. */
export class ReadCall {
  readonly want: Want;
  readonly sinceUs: number;
  readonly dueUs: number;
  readonly timeoutMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (bytes: Uint8Array) => void;
  readonly #reject: (error: TcpError) => void;
  #onAbort: (() => void) | undefined;

  constructor(
    want: Want,
    limit: CallLimit,
    nowUs: number,
    resolve: (bytes: Uint8Array) => void,
    reject: (error: TcpError) => void,
  ) {
    this.want = want;
    this.sinceUs = nowUs;
    this.timeoutMs = limit.timeoutMs;
    this.dueUs = nowUs + limit.timeoutUs;
    this.#signal = limit.signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  watch(onAbort: () => void): void {
    if (this.#signal === undefined) return;
    if (this.#signal.aborted) {
      onAbort();
      return;
    }
    this.#onAbort = onAbort;
    this.#signal.addEventListener('abort', onAbort, { once: true });
  }

  resolve(bytes: Uint8Array): void {
    this.#unwatch();
    this.#resolve(bytes);
  }

  reject(error: TcpError): void {
    this.#unwatch();
    this.#reject(error);
  }

  #unwatch(): void {
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
