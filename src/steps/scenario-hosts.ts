import { suggestion } from '../base/closest-word';
import { toMicroseconds } from '../base/duration';
import type { SimulatedNetwork } from '../simulation/controls';
import type { SimulatedHost } from '../simulation/host-control';
import type { LinkOptions } from '../simulation/link-settings';
import type { StepWorld } from './step-world';

const books = new WeakMap<StepWorld, ScenarioHosts>();

/** The hosts of a scenario, and what a step has cut, held or named between them. */
export class ScenarioHosts {
  readonly #world: StepWorld;
  readonly #names = new Map<string, string>();
  /** Ordered pairs, `app→db`. */
  readonly #cut = new Set<string>();
  readonly #held = new Set<string>();

  private constructor(world: StepWorld) {
    this.#world = world;
  }

  /** The hosts of that scenario. */
  static of(world: StepWorld): ScenarioHosts {
    let hosts = books.get(world);
    if (hosts === undefined) {
      hosts = new ScenarioHosts(world);
      books.set(world, hosts);
    }
    return hosts;
  }

  /** @throws Error it exists */
  add(name: string): void {
    if (this.#find(name) !== undefined) throw new Error(`host "${name}" already exists`);
    this.#network.host(name);
  }

  /** @throws Error there is none of that name */
  known(name: string): SimulatedHost {
    const found = this.#find(name);
    if (found !== undefined) return found;
    const all = this.#network.hosts.map((host) => host.name);
    const near = suggestion(name, all).replace(/^ \(|\)$/g, '');
    const list = `this scenario has: ${all.map((host) => `"${host}"`).join(', ')}`;
    throw new Error(`there is no host "${name}" (${near === '' ? list : `${near} ${list}`})`);
  }

  /** A host that has crashed. @throws Error it is up */
  down(name: string): SimulatedHost {
    const host = this.known(name);
    if (host.running) throw new Error(`host "${name}" is up`);
    return host;
  }

  /** @throws Error it is down */
  crash(name: string): void {
    const host = this.known(name);
    if (!host.running) throw new Error(`host "${name}" is down already`);
    host.kill('power');
  }

  /** @throws Error the name points elsewhere */
  name(name: string, host: string): void {
    const before = this.#names.get(name);
    if (before !== undefined && before !== host) {
      throw new Error(`the name "${name}" already points to host "${before}"`);
    }
    this.#network.dns.set(name, this.known(host).addresses);
    this.#names.set(name, host);
  }

  setLink(one: string, other: string, options: LinkOptions): void {
    const [from, to] = [this.known(one).name, this.known(other).name];
    this.#network.link(from, to).set(options);
    this.#network.link(to, from).set(options);
  }

  /** @throws Error it is cut already */
  cut(one: string, other: string, direction: 'both' | 'a→b'): void {
    const [from, to] = [this.known(one).name, this.known(other).name];
    if (from === to) throw new Error(`host "${one}" cannot be cut off from itself`);
    const there = `${from}→${to}`;
    const back = `${to}→${from}`;
    if (this.#cut.has(there) && (direction === 'a→b' || this.#cut.has(back))) {
      throw new Error(`host "${one}" is already cut off from host "${other}"`);
    }
    this.#network.partition(from, to, { direction });
    this.#cut.add(there);
    if (direction === 'both') this.#cut.add(back);
  }

  /** @throws Error it was not cut */
  mend(one: string, other: string): void {
    const [from, to] = [this.known(one).name, this.known(other).name];
    const cut = [`${from}→${to}`, `${to}→${from}`].map((pair) => this.#cut.delete(pair));
    if (!cut.includes(true)) {
      throw new Error(`host "${one}" was not cut off from host "${other}"`);
    }
    this.#network.heal(from, to);
  }

  /** @throws Error something is cut already */
  partition(ms: number): void {
    if (this.#cut.size > 0) throw new Error('the network is already cut: let it heal first');
    const names = this.#network.hosts.map(({ name }) => name);
    for (const from of names) {
      for (const to of names) if (from !== to) this.#cut.add(`${from}→${to}`);
    }
    this.#network.partition('*', '*');
    this.#world.clock.after(toMicroseconds(ms), () => this.heal(), 'end of the partition');
  }

  heal(): void {
    this.#cut.clear();
    this.#held.clear();
    this.#network.heal();
  }

  /** @throws Error the same host twice */
  hold(one: string, other: string): void {
    const [from, to] = [this.known(one).name, this.known(other).name];
    if (from === to) throw new Error('data is held back between two hosts, not within one');
    this.#network.link(from, to).hold();
    this.#held.add(`${from}→${to}`);
  }

  /** @throws Error nothing was held back */
  release(one: string, other: string): void {
    const [from, to] = [this.known(one).name, this.known(other).name];
    if (!this.#held.delete(`${from}→${to}`)) {
      throw new Error(`nothing was held back from host "${one}" to host "${other}"`);
    }
    this.#network.link(from, to).release();
  }

  get #network(): SimulatedNetwork {
    return this.#world.simulation;
  }

  #find(name: string): SimulatedHost | undefined {
    return this.#network.hosts.find((host) => host.name === name.toLowerCase());
  }
}
