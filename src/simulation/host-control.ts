import type { Duration } from '../base/duration';
import { readOneOf } from '../base/option-reader';
import { runAt } from './context';
import type { Host } from './host';
import type { CoreNetwork } from './network';
import { readSkew } from './topology';

/** One machine of a simulated network. */
export interface SimulatedHost {
  readonly name: string;
  /** First the one that others use. */
  readonly addresses: readonly string[];
  /** False between `kill` and `restart`. */
  readonly running: boolean;
  /** Sets its wall clock ahead, or back with a leading minus; `now()` of the clock stays. */
  setSkew(skew: Duration): void;
  /**
   * Ends its programs: their endpoints and connections are gone, their code keeps running.
   *
   * @param how - `process` (default): the kernel lives and sends FIN, or RST where bytes were
   * unread. `power`: not a word is sent, and nothing arrives until it restarts; then old
   * connections are answered with RST.
   */
  kill(how?: 'process' | 'power'): void;
  /**
   * Lets it run again.
   *
   * @param start - run as that host, to listen again: nothing comes back by itself
   */
  restart(start?: () => unknown): Promise<void>;
}

export class ControlledHost implements SimulatedHost {
  readonly #network: CoreNetwork;
  readonly #host: Host;

  constructor(network: CoreNetwork, host: Host) {
    this.#network = network;
    this.#host = host;
  }

  get name(): string {
    return this.#host.name;
  }

  get addresses(): readonly string[] {
    return this.#host.addresses;
  }

  get running(): boolean {
    return this.#host.running;
  }

  setSkew(skew: Duration): void {
    this.#host.skewMs = readSkew('skew', skew);
    this.#network.note('skew', { host: this.name, skew });
  }

  kill(how: 'process' | 'power' = 'process'): void {
    readOneOf('how', how, ['process', 'power']);
    this.#network.note('kill', { host: this.name, how });
    const host = this.#host;
    host.running = false;
    host.powered = how === 'process';
    const connections = [...this.#network.connections].filter(
      (connection) => connection.host === host,
    );
    if (how === 'power') for (const end of [...host.ends]) end.vanish();
    for (const endpoint of [...host.endpoints]) void endpoint.close();
    for (const connection of connections) connection.destroy();
  }

  async restart(start?: () => unknown): Promise<void> {
    this.#network.note('restart', { host: this.name });
    this.#host.running = true;
    this.#host.powered = true;
    for (const link of this.#network.topology.links) {
      if (link.to === this.name) link.wake();
    }
    if (start === undefined) return;
    await runAt({ world: this.#network.world, host: this.name }, start);
  }
}
