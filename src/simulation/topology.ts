import { familyOf } from '../base/address';
import { closestWord } from '../base/closest-word';
import { type Duration, readDuration } from '../base/duration';
import { configError } from '../base/errors';
import { Host, isLoopback } from './host';
import { Link, Tape } from './link';
import { defaultLinkSettings, type LinkOptions, readLinkOptions } from './link-settings';
import { NameTable } from './name-table';
import type { Plan } from './plan';

/** Settings of all links that match; `*` stands for every host. */
export interface LinkRule {
  readonly from: string;
  readonly to: string;
  readonly options: LinkOptions;
}

/** How a host is made. */
export interface HostOptions {
  /** Literal addresses, the first is the one it dials from; default: the next of 10.0.0.0/24. */
  readonly addresses?: readonly string[];
  /** How far its wall clock is ahead; text with a leading minus, such as `'-5 minutes'`, sets it back. */
  readonly skew?: Duration;
}

/** The address under which other hosts reach `local`. */
const addressOfLocal = '10.0.0.254';

/** Hosts, their names and the links between them. Nothing here costs more than what is used. */
export class Topology {
  readonly hosts: Map<string, Host> = new Map();
  readonly names: NameTable = new NameTable(this.hosts);
  readonly #byAddress = new Map<string, Host>();
  readonly #links = new Map<string, Link>();
  readonly #rules: LinkRule[];
  readonly #tape: Tape;
  #nextAddress = 1;

  constructor(plan: Plan) {
    this.#rules = (plan.links ?? []).map(({ from, to, ...options }) => ({ from, to, options }));
    this.#tape = new Tape(plan.tape?.latency ?? []);
    const local = new Host('local', [addressOfLocal]);
    this.hosts.set(local.name, local);
    this.#byAddress.set(addressOfLocal, local);
    for (const [name, host] of Object.entries(plan.hosts ?? {})) {
      if (name === 'local') this.host(name).skewMs = readSkew('hosts.local.skew', host.skew ?? 0);
      else this.addHost(name, host);
    }
  }

  /** @throws TcpError `ECONFIG` - a name or address that is taken or is none */
  addHost(name: string, options: HostOptions = {}): Host {
    if (!/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name) || familyOf(name) !== undefined) {
      throw configError('host', 'a host name of letters, digits, dots, dashes', name);
    }
    if (this.hosts.has(name.toLowerCase()) || name.toLowerCase() === 'localhost') {
      throw configError('host', 'a name that no other host has', name);
    }
    const addresses = options.addresses ?? [this.#takeAddress()];
    for (const address of addresses) {
      const free = !isLoopback(address) && !this.#byAddress.has(address);
      if (familyOf(address) === undefined || !free) {
        throw configError(`host.${name}.addresses`, 'literal addresses nobody has yet', address);
      }
    }
    const host = new Host(name.toLowerCase(), [...addresses]);
    if (options.skew !== undefined) host.skewMs = readSkew(`host.${name}.skew`, options.skew);
    this.hosts.set(host.name, host);
    for (const address of addresses) this.#byAddress.set(address, host);
    return host;
  }

  /** @throws TcpError `ECONFIG` - no such host */
  host(name: string): Host {
    const host = this.hosts.get(name.toLowerCase());
    if (host !== undefined) return host;
    const near = closestWord(name, this.hosts.keys());
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    throw configError('host', `the name of a host of this world${hint}`, name);
  }

  /** The host that an address belongs to, as seen from another. */
  hostAt(address: string, from: Host): Host | undefined {
    return isLoopback(address) ? from : this.#byAddress.get(address);
  }

  /** The link of an ordered pair; made when it is first asked for. */
  link(from: string, to: string): Link {
    const key = `${from}\n${to}`;
    let link = this.#links.get(key);
    if (link === undefined) {
      link = new Link(from, to, this.#settingsFor(from, to), this.#tape);
      this.#links.set(key, link);
    }
    return link;
  }

  /** The links there are. */
  get links(): Iterable<Link> {
    return this.#links.values();
  }

  /** The links of all pairs that match, the missing ones made. */
  linksBetween(from: string, to: string): readonly Link[] {
    const names = (pattern: string): string[] =>
      pattern === '*' ? [...this.hosts.keys()] : [this.host(pattern).name];
    return names(from).flatMap((one) => names(to).map((other) => this.link(one, other)));
  }

  /** Settings for all links that match, those that are there and those to come. */
  setLinks(rule: LinkRule): void {
    readLinkOptions('link', rule.options);
    for (const name of [rule.from, rule.to]) if (name !== '*') this.host(name);
    this.#rules.push(rule);
    for (const link of this.#links.values()) {
      if (matches(rule, link.from, link.to)) {
        link.settings = readLinkOptions('link', rule.options, link.settings);
      }
    }
  }

  #settingsFor(from: string, to: string): Link['settings'] {
    return this.#rules
      .filter((rule) => matches(rule, from, to))
      .reduce(
        (settings, { options }) => readLinkOptions('link', options, settings),
        defaultLinkSettings,
      );
  }

  #takeAddress(): string {
    for (;;) {
      const number = this.#nextAddress++;
      const address = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
      const usable = (number & 255) !== 0 && (number & 255) !== 255 && address !== addressOfLocal;
      if (usable && !this.#byAddress.has(address)) return address;
    }
  }
}

/** Milliseconds of a skew, which may be negative. @throws TcpError `ECONFIG` */
export function readSkew(field: string, value: unknown): number {
  if (typeof value === 'number' && value < 0) return -readDuration(field, -value);
  if (typeof value === 'string' && value.startsWith('-')) {
    return -readDuration(field, value.slice(1));
  }
  return readDuration(field, value);
}

function matches(rule: LinkRule, from: string, to: string): boolean {
  return (rule.from === '*' || rule.from === from) && (rule.to === '*' || rule.to === to);
}
