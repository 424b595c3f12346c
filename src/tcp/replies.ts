import type { TcpError } from '../base/errors';
import type { Wire } from './wire';
import type { WriteOutcome } from './write-call';

/** What handlers return, on its way back; nobody waits for it, but its failure is told. */
export class Replies implements WriteOutcome {
  readonly isReply = true;
  /** Whether so much is unflushed that no handler may be called. */
  blocked = false;
  /** Whether a reply was told of the end of the connection, which need not be told again. */
  toldEnd = false;
  readonly #wire: Wire;
  readonly #failed: (error: TcpError) => void;

  constructor(wire: Wire, failed: (error: TcpError) => void) {
    this.#wire = wire;
    this.#failed = failed;
  }

  /** Queues bytes that nobody changes any more. */
  send(bytes: Uint8Array): void {
    const { outlet, settings } = this.#wire;
    outlet.write(bytes, settings.write, this);
    if (outlet.writes.unflushed > settings.writeHighWaterMark) this.blocked = true;
  }

  /** Whether writes that went out make room for another handler. */
  unblock(): boolean {
    if (!this.blocked) return false;
    const { outlet, settings } = this.#wire;
    if (outlet.writes.unflushed > settings.writeHighWaterMark / 2) return false;
    this.blocked = false;
    return true;
  }

  /** Nobody waits for success. */
  resolve(): void {}

  reject(error: TcpError): void {
    const over = this.#wire.ending.breakage !== undefined || this.#wire.closing;
    if (over && this.toldEnd) return;
    this.toldEnd ||= over;
    this.#failed(error);
  }
}
