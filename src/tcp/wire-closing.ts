import type { TcpError } from '../base/errors';
import type { CloseReason } from './close-info';
import type { Intake } from './intake';
import type { Outlet } from './outlet';
import type { WireOwner } from './wire-settings';

/** What the ways to end ask of the wire they end. */
export interface ClosableWire extends WireOwner {
  readonly intake: Intake;
  readonly outlet: Outlet;
}

const never = Number.POSITIVE_INFINITY;

/**
 * The ways in which we end a connection: in order, with FIN, or at once, with RST.
 *
 * @source docs/clients.md
 */
export class WireClosing {
  /** Whether we have begun to end it. */
  begun = false;
  /** Whether our FIN was asked for before the peer's took effect. */
  endedFirst = false;
  /** Until when a close waits: for the flush, then for the peer's FIN. */
  dueUs: number = never;
  readonly #wire: ClosableWire;

  constructor(wire: ClosableWire) {
    this.#wire = wire;
  }

  /** Flushes, sends FIN, drops what still comes until the peer's FIN, and lets go. */
  close(reason: CloseReason, error: TcpError | undefined): void {
    const { intake, outlet, ending, settings } = this.#wire;
    const second = intake.finMet && !this.endedFirst;
    this.#begin(reason === 'local-close' && second ? 'peer-close' : reason, error);
    if (outlet.writes.broken !== undefined) {
      this.#sendReset();
      return;
    }
    // Bytes left in the kernel would turn our FIN into a RST, and a peer that waits for us to read
    // would never read what we flush.
    intake.drain();
    if (ending.sent !== 'none') this.#awaitPeer();
    else if (!outlet.writes.idle) this.#waitFor(settings.write.timeoutUs);
    outlet.endQuietly();
  }

  /** RST, now. */
  reset(reason: CloseReason, error: TcpError | undefined): void {
    if (!this.begun) this.#begin(reason, error);
    this.#sendReset();
  }

  /** FIN was handed to the network. */
  finSent(): void {
    this.#wire.ending.finSent();
    if (this.begun) this.#awaitPeer();
  }

  /** FIN cannot be sent behind the writes: nothing in order is possible any more. */
  endFailed(): void {
    const { over, ending, outlet } = this.#wire;
    if (over || ending.breakage !== undefined || ending.sent === 'rst') return;
    if (!this.begun) this.#begin('error', outlet.writes.broken);
    this.#sendReset();
  }

  /** Goes on without what was waited for, when its time is over. */
  expire(nowUs: number): void {
    if (this.dueUs > nowUs) return;
    this.dueUs = never;
    if (this.#wire.ending.sent === 'none') this.#sendReset();
    else this.#wire.connection.destroy();
  }

  #begin(reason: CloseReason, error: TcpError | undefined): void {
    this.begun = true;
    this.#wire.ending.begin(reason, error);
    this.#wire.intake.discard();
  }

  #sendReset(): void {
    const { connection, ending, outlet } = this.#wire;
    const reaches = !connection.destroyed && ending.sent !== 'rst';
    if (reaches) ending.sent = 'rst';
    outlet.close();
    if (reaches) connection.resetAndDestroy();
  }

  /** Our FIN is out: the peer has so long for its own. */
  #awaitPeer(): void {
    const { intake, settings } = this.#wire;
    this.dueUs = never;
    if (!intake.finReceived) this.#waitFor(settings.closeTimeoutUs);
  }

  #waitFor(timeoutUs: number): void {
    this.dueUs = this.#wire.now() + timeoutUs;
    this.#wire.timer.wantBy(this.dueUs);
  }
}
