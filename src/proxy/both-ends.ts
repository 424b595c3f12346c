import type { Side } from '../faults/fault';
import type { Clock, ClockTimer } from '../network/clock';
import type { Connection } from '../network/connection';

/** How long an end that was closed is still read, so that its peer sees FIN and not RST. */
const lingerUs = 500_000;

/** The two sockets of a proxied connection, as far as ending them goes. */
export class BothEnds {
  readonly client: Connection;
  upstream: Connection | undefined;
  /** They are being ended, both. */
  ending = false;
  readonly #clock: Clock;
  readonly #label: string;
  #linger: ClockTimer | undefined;

  constructor(client: Connection, clock: Clock, label: string) {
    this.client = client;
    this.#clock = clock;
    this.#label = label;
  }

  /** Whether an end is gone of which neither FIN nor RST was seen: it was taken away. */
  wasTaken(side: 'client' | 'upstream'): boolean {
    const end = side === 'client' ? this.client : this.upstream;
    return end !== undefined && !end.readableEnded && end.errored === null && !this.ending;
  }

  /** RST to one side or both; a side that gets none gets FIN. */
  reset(side: Side): void {
    this.ending = true;
    for (const [name, end] of [
      ['client', this.client],
      ['upstream', this.upstream],
    ] as const) {
      if (end === undefined || end.destroyed) continue;
      if (end.connecting) end.destroy();
      else if (side === 'both' || side === name) end.resetAndDestroy();
      else this.#close(end);
    }
  }

  /** FIN to both sides; what was written still leaves. */
  close(): void {
    this.ending = true;
    this.#close(this.client);
    if (this.upstream?.connecting === true) this.upstream.destroy();
    else if (this.upstream !== undefined) this.#close(this.upstream);
  }

  /** Both are gone. */
  over(): void {
    this.#linger?.cancel();
  }

  #close(end: Connection): void {
    if (end.destroyed) return;
    end.end();
    // Read and dropped for a while: closing with unread bytes would turn the FIN into a RST.
    end.resume();
    if (end.readableEnded) return;
    this.#linger ??= this.#clock.after(
      lingerUs,
      () => {
        this.client.destroy();
        this.upstream?.destroy();
      },
      this.#label,
    );
  }
}
