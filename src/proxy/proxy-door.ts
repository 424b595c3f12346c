import { type Address, familyOf, formatAddress } from '../base/address';
import type { Connection } from '../network/connection';
import type { Endpoint } from '../network/network';
import type { World } from '../network/world';
import { readAddress } from './proxy-options';

/** Where a proxy listens: opens, closes and moves, one change after the other. */
export class ProxyDoor {
  readonly #world: World;
  readonly #label: string;
  readonly #accept: (connection: Connection) => void;
  readonly #noDelay: boolean;
  /** What was asked for last; once bound, the address with its port. */
  #text: string;
  #endpoint: Endpoint | undefined;
  #changes: Promise<unknown> = Promise.resolve();
  #paused = false;

  constructor(
    world: World,
    settings: { readonly label: string; readonly listen: string; readonly noDelay: boolean },
    accept: (connection: Connection) => void,
  ) {
    this.#world = world;
    this.#label = settings.label;
    this.#text = settings.listen;
    this.#noDelay = settings.noDelay;
    this.#accept = accept;
  }

  get open(): boolean {
    return this.#endpoint !== undefined;
  }

  /** As it was asked for, or as it is bound. */
  get text(): string {
    return this.#text;
  }

  /** The real port while it is bound or was. */
  get address(): Address {
    if (this.#endpoint !== undefined) return this.#endpoint.address;
    const { host, port } = readAddress('listen', this.#text);
    return { host, port, family: familyOf(host) ?? 'IPv4' };
  }

  /** Listens; does nothing when it does already. Rejects as the network does. */
  start(): Promise<void> {
    return this.#inOrder(async () => {
      this.#endpoint ??= await this.#bind(this.#text);
      this.#text = formatAddress(this.#endpoint.address);
    });
  }

  /** Gives the port back. Open connections live on. */
  stop(): Promise<void> {
    return this.#inOrder(async () => {
      const endpoint = this.#endpoint;
      this.#endpoint = undefined;
      await endpoint?.close();
    });
  }

  /** Listens elsewhere: the new door first, then the old one is closed; the same port in place. */
  move(text: string): Promise<void> {
    return this.#inOrder(async () => {
      const old = this.#endpoint;
      if (old === undefined) {
        this.#text = text;
        return;
      }
      const { port } = readAddress('listen', text);
      // Also when it cannot be had: then it is what the next start asks for.
      this.#text = text;
      if (port === old.address.port) {
        this.#endpoint = undefined;
        await old.close();
        this.#endpoint = await this.#bind(text);
      } else {
        this.#endpoint = await this.#bind(text);
        await old.close();
      }
      this.#text = formatAddress(this.#endpoint.address);
    });
  }

  /** Whether a text means the address that is bound or was asked for. */
  async isAt(text: string): Promise<boolean> {
    const { host, port } = readAddress('listen', text);
    const here = this.address;
    if (text === this.#text) return port !== 0;
    if (port !== here.port || port === 0) return false;
    if (host === here.host) return true;
    const found = await this.#world.network.lookup(host).catch(() => []);
    return found.some((address) => address.host === here.host);
  }

  /** Lets connections wait, or takes them in. */
  hold(on: boolean): void {
    if (on === this.#paused) return;
    this.#paused = on;
    if (on) this.#endpoint?.pause();
    else this.#endpoint?.resume();
  }

  async #bind(text: string): Promise<Endpoint> {
    const { host, port } = readAddress('listen', text);
    const endpoint = await this.#world.network.listen(
      {
        host,
        port,
        pauseOnConnect: true,
        allowHalfOpen: true,
        noDelay: this.#noDelay,
        label: this.#label,
      },
      this.#accept,
    );
    if (this.#paused) endpoint.pause();
    return endpoint;
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const next = this.#changes.then(work);
    this.#changes = next.catch(() => undefined);
    return next;
  }
}
