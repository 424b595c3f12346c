import { type Address, formatAddress } from '../base/address';
import { type Place, Roster } from '../base/roster';
import type { Endpoint } from '../network/network';
import type { EndOwner } from './end-owner';
import type { TcpEnd } from './tcp-end';

/** What happens to a dial that meets a full backlog. */
export type Overflow = 'drop' | 'reset';

/** What an endpoint is made of. */
export interface EndpointParts {
  /** Name of the host. */
  readonly host: string;
  readonly address: Address;
  readonly label: string;
  readonly backlog: number;
  /** How long an established connection waits before the program gets it. */
  readonly delayUs: (end: TcpEnd) => number;
  /** Makes the connection and hands it to the program. */
  readonly hand: (end: TcpEnd) => void;
  /** Runs something later. */
  readonly later: (delayUs: number, run: () => void) => void;
  /** Told once. */
  readonly onClosed: () => void;
}

/** A bound port of a simulated host. */
export class SimulatedEndpoint implements Endpoint {
  readonly address: Address;
  readonly label: string;
  readonly host: string;
  /** Dials beyond the backlog: `drop` leaves them without an answer, so that they try again; `reset` refuses them. */
  overflow: Overflow = 'drop';
  /** Accepted and still open. */
  connections = 0;
  readonly #parts: EndpointParts;
  readonly #handshakes = new Roster<TcpEnd>();
  readonly #waiting: TcpEnd[] = [];
  /** Those that the program gets at a certain time. */
  readonly #slow = new Set<TcpEnd>();
  #paused = false;
  #open = true;

  constructor(parts: EndpointParts) {
    this.#parts = parts;
    this.address = parts.address;
    this.label = parts.label;
    this.host = parts.host;
  }

  /** Whether it accepts. */
  get open(): boolean {
    return this.#open;
  }

  /** Established connections that wait to be accepted. */
  get waiting(): number {
    return this.#waiting.length + this.#slow.size;
  }

  get full(): boolean {
    return this.#handshakes.size + this.waiting >= this.#parts.backlog;
  }

  close(): Promise<void> {
    if (this.#open) {
      this.#open = false;
      const left = [...this.#handshakes, ...this.#waiting, ...this.#slow];
      this.#slow.clear();
      this.#waiting.length = 0;
      for (const end of left) end.reset('endpoint closed');
      this.#parts.onClosed();
    }
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    while (!this.#paused) {
      const end = this.#waiting.shift();
      if (end === undefined) return;
      this.#hand(end);
    }
  }

  /** Changes nothing: a simulated endpoint keeps no process alive. */
  ref(): this {
    return this;
  }

  /** Changes nothing. */
  unref(): this {
    return this;
  }

  /** A simulated endpoint never fails once it is bound, so a listener is never called. */
  on(_event: 'error', _listener: (error: Error) => void): this {
    return this;
  }

  toString(): string {
    return `${this.label} on ${formatAddress(this.address)}`;
  }

  /** A handshake has begun. */
  greet(end: TcpEnd): void {
    end.owner = this.#gatekeeper(end, this.#handshakes.add(end));
  }

  #accept(end: TcpEnd): void {
    const delayUs = this.#parts.delayUs(end);
    if (delayUs === 0) {
      this.#hand(end);
      return;
    }
    this.#slow.add(end);
    this.#parts.later(delayUs, () => {
      if (this.#slow.delete(end)) this.#hand(end);
    });
  }

  #hand(end: TcpEnd): void {
    end.owner = undefined;
    this.#parts.hand(end);
  }

  /** Watches an end until the program gets it. */
  #gatekeeper(end: TcpEnd, place: Place<TcpEnd>): EndOwner {
    const gone = (): void => {
      this.#handshakes.leave(place);
      // A connection that was reset in the backlog is handed over all the same, as kernels do.
      if (!this.#waiting.includes(end) && !this.#slow.has(end)) end.owner = undefined;
    };
    return {
      connected: () => {
        this.#handshakes.leave(place);
        if (this.#paused) this.#waiting.push(end);
        else this.#accept(end);
      },
      refused: gone,
      readable: () => {},
      writable: () => {},
      broken: gone,
    };
  }
}
