import type { Link, LinkState } from './link';
import type { LinkOptions } from './link-settings';
import type { CoreNetwork } from './network';

/** One direction between two hosts, or between all that a `*` stands for. */
export interface SimulatedLink {
  /** Changes settings of open and future connections. */
  set(settings: LinkOptions): void;
  /** Keeps everything waiting, in order. */
  hold(): void;
  /** Opens it; what waited leaves now. */
  release(): void;
  /** Nothing arrives; senders give up at `retryLimit`, diallers at `connectLimit`. */
  blackhole(): void;
  /** As a black hole, and new dials fail with `EHOSTUNREACH`. */
  unreachable(): void;
  /** Bytes that wait because it is not open. */
  readonly waitingBytes: number;
}

export class ControlledLink implements SimulatedLink {
  readonly #network: CoreNetwork;
  readonly #from: string;
  readonly #to: string;

  /** @throws TcpError `ECONFIG` - no such host */
  constructor(network: CoreNetwork, from: string, to: string) {
    for (const name of [from, to]) if (name !== '*') network.topology.host(name);
    this.#network = network;
    this.#from = from.toLowerCase();
    this.#to = to.toLowerCase();
  }

  set(settings: LinkOptions): void {
    this.#network.topology.setLinks({ from: this.#from, to: this.#to, options: settings });
    this.#network.note('link', { from: this.#from, to: this.#to, set: JSON.stringify(settings) });
  }

  hold(): void {
    this.#change('held', 'hold');
  }

  release(): void {
    this.#change('open', 'release');
  }

  blackhole(): void {
    this.#change('blackhole', 'blackhole');
  }

  unreachable(): void {
    this.#change('unreachable', 'unreachable');
  }

  get waitingBytes(): number {
    return this.#links.reduce((sum, { waitingBytes }) => sum + waitingBytes, 0);
  }

  get #links(): readonly Link[] {
    return this.#network.topology.linksBetween(this.#from, this.#to);
  }

  #change(state: LinkState, action: string): void {
    this.#network.note(action, { from: this.#from, to: this.#to });
    for (const link of this.#links) link.change(state);
  }
}
