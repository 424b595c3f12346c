/** What a test does to a simulated network while it runs. */
import { familyOf } from '../base/address';
import { type Duration, readDuration, toMicroseconds } from '../base/duration';
import { configError } from '../base/errors';
import { readHostPort, readOneOf } from '../base/option-reader';
import { EndpointFault } from '../faults/tls-endpoint-fault';
import type { TlsActionFault } from '../faults/tls-fault';
import type { Connection } from '../network/connection';
import type { Network } from '../network/network';
import type { SecuredConnection } from '../network/tls-info';
import type { PreparedTls, StartTlsOptions } from '../network/tls-settings';
import type { SimulatedConnection } from './connection';
import { runAt } from './context';
import type { SimulatedEndpoint } from './endpoint';
import { priorities } from './event-queue';
import type { Host } from './host';
import { ControlledHost, type SimulatedHost } from './host-control';
import { ControlledLink, type SimulatedLink } from './link-control';
import { CoreNetwork } from './network';
import type { Hosts, NameAnswer, PartitionDirection, PartitionKind, PlannedCut } from './plan';
import { readCut } from './plan-reader';
import type { TcpEnd } from './tcp-end';
import type { HostOptions } from './topology';

/** How a partition cuts. */
export interface PartitionOptions {
  /** Default `both`. */
  readonly direction?: PartitionDirection;
  /**
   * `hold` (default): everything waits, and is sent in order once it heals. `blackhole`: as hold,
   * but senders and diallers give up with `ETIMEDOUT`. `reset`: what is open gets RST, new dials
   * fail with `EHOSTUNREACH`.
   */
  readonly how?: PartitionKind;
}

/**
 * A network in memory, and what can be done to it.
 *
 * All changes take effect at the present instant of virtual time. Hosts are named; `local` is
 * always there and runs everything that is not placed elsewhere.
 *
 * @source docs/simulation.md
 */
export interface SimulatedNetwork extends Network {
  /** The host of that name, made when it is new. @throws TcpError `ECONFIG` - options for a host that exists */
  host(name: string, options?: HostOptions): SimulatedHost;
  /** All hosts, `local` first. */
  readonly hosts: readonly SimulatedHost[];
  /** Runs a function as that host: what it opens, also later, dials from there and listens there. */
  on<T>(host: string, body: () => T): T;
  /** One direction between two hosts; `*` stands for every host. */
  link(from: string, to: string): SimulatedLink;
  /** Cuts hosts off from others. */
  partition(a: Hosts, b: Hosts, options?: PartitionOptions): void;
  /** Opens all links between two sides; without arguments, all there are. */
  heal(a?: Hosts, b?: Hosts): void;
  /** Holds one direction; after `duration` (default: never) it is released by itself. */
  clog(from: string, to: string, duration?: Duration): void;
  /** Clogs what goes to each of the hosts, one by one, then releases them in another order, `step` apart. */
  swizzle(hosts: readonly string[], order: readonly number[], step: Duration): void;
  /** An open connection by its id. @throws TcpError `ECONFIG` - none has it */
  connection(id: string): SimulatedConnection;
  /** An open endpoint by its label. @throws TcpError `ECONFIG` - none has it */
  endpoint(label: string): SimulatedEndpoint;
  /** Lets dials to `address` or `address:port` go without an answer. */
  unanswered(target: string): void;
  /** Adds a cut to those of the plan, for a connection still to come. @throws TcpError `ECONFIG` */
  cut(cut: PlannedCut): void;
  /** Keeps time still until a promise settles that the event loop does not show, such as of native crypto. */
  external<T>(work: Promise<T>, label: string): Promise<T>;
  readonly dns: {
    /** Sets what a name answers, at any time. */
    set(name: string, answer: NameAnswer, options?: { readonly delay?: Duration }): void;
  };
  /** How long the port of the end that closed first stays taken; default `off`. */
  timeWait: Duration | 'off';
}

/** The network of a simulated world. */
export class ControlledNetwork extends CoreNetwork implements SimulatedNetwork {
  #timeWait: Duration | 'off' = 'off';
  readonly dns: SimulatedNetwork['dns'] = {
    set: (name, answer, options) => {
      this.topology.names.set(name, answer, options);
      this.note('dns', { name, answer: String(answer) });
    },
  };
  /** Faults below TLS that a plan has for an end, by the id of its connection. */
  readonly tlsFaults: Map<string, TlsActionFault> = new Map();
  /** Set by the world, whose driver keeps time still. */
  onExternal: <T>(work: Promise<T>) => Promise<T> = (work) => work;

  override startTls(
    connection: Connection,
    tls: PreparedTls,
    options: StartTlsOptions = {},
  ): Promise<SecuredConnection> {
    const fault = this.tlsFaults.get(connection.id);
    if (fault === undefined) return super.startTls(connection, tls, options);
    const { clientAuth = 'none' } = tls.settings;
    const gate = new EndpointFault(fault, clientAuth !== 'none');
    return super.startTls(connection, tls, { ...options, gate });
  }

  host(name: string, options?: HostOptions): SimulatedHost {
    const known = this.topology.hosts.has(name.toLowerCase());
    if (known && options !== undefined) {
      throw configError('host', 'a new name when options are given', name);
    }
    const host = known ? this.topology.host(name) : this.topology.addHost(name, options);
    return new ControlledHost(this, host);
  }

  get hosts(): readonly SimulatedHost[] {
    return [...this.topology.hosts.values()].map((host) => new ControlledHost(this, host));
  }

  on<T>(host: string, body: () => T): T {
    return runAt({ world: this.world, host: this.topology.host(host).name }, body);
  }

  link(from: string, to: string): ControlledLink {
    return new ControlledLink(this, from, to);
  }

  partition(a: Hosts, b: Hosts, options: PartitionOptions = {}): void {
    const direction = readOneOf('direction', options.direction ?? 'both', ['both', 'a→b', 'b→a']);
    const how = readOneOf('how', options.how ?? 'hold', ['hold', 'reset', 'blackhole']);
    const state = { hold: 'held', reset: 'unreachable', blackhole: 'blackhole' } as const;
    this.note('partition', { a: String(a), b: String(b), direction, how });
    for (const [from, to] of this.#pairs(a, b, direction)) {
      const link = this.topology.link(from, to);
      link.change(state[how]);
      if (how !== 'reset') continue;
      const ends = this.#endsBetween(this.topology.host(from), this.topology.host(to));
      for (const end of ends) end.abort('partition');
    }
  }

  heal(a: Hosts = '*', b: Hosts = '*'): void {
    this.note('heal', { a: String(a), b: String(b) });
    for (const [from, to] of this.#pairs(a, b, 'both', true)) {
      this.topology.link(from, to).change('open');
    }
  }

  clog(from: string, to: string, duration?: Duration): void {
    this.link(from, to).hold();
    if (duration === undefined) return;
    const delayUs = toMicroseconds(readDuration('duration', duration));
    this.#after(delayUs, `end of the clog ${from}→${to}`, () => this.link(from, to).release());
  }

  swizzle(hosts: readonly string[], order: readonly number[], step: Duration): void {
    const stepUs = toMicroseconds(readDuration('step', step));
    const names = hosts.map((name) => this.topology.host(name).name);
    const complete = [...order].sort((left, right) => left - right);
    if (complete.length !== names.length || complete.some((place, index) => place !== index)) {
      throw configError('order', `a permutation of 0 to ${names.length - 1}`, order);
    }
    names.forEach((name, index) => {
      this.#after(index * stepUs, `clog of ${name}`, () => this.link('*', name).hold());
    });
    order.forEach((place, index) => {
      const name = names[place] ?? 'local';
      const delayUs = (names.length + index) * stepUs;
      this.#after(delayUs, `end of the clog of ${name}`, () => this.link('*', name).release());
    });
  }

  connection(id: string): SimulatedConnection {
    for (const connection of this.connections) if (connection.id === id) return connection;
    throw configError('connection', 'the id of an open one', id);
  }

  endpoint(label: string): SimulatedEndpoint {
    for (const endpoint of this.endpoints) if (endpoint.label === label) return endpoint;
    throw configError('endpoint', 'the label of an open one', label);
  }

  unanswered(target: string): void {
    if (familyOf(target) === undefined) readHostPort('unanswered', target);
    this.silent.add(target);
  }

  cut(cut: PlannedCut): void {
    readCut('cut', cut);
    this.addCut(cut);
    this.note('cut', { cut: JSON.stringify(cut) });
  }

  external<T>(work: Promise<T>, _label: string): Promise<T> {
    return this.onExternal(work);
  }

  get timeWait(): Duration | 'off' {
    return this.#timeWait;
  }

  set timeWait(value: Duration | 'off') {
    this.timeWaitUs = value === 'off' ? 0 : toMicroseconds(readDuration('timeWait', value));
    this.#timeWait = value;
  }

  #after(delayUs: number, label: string, run: () => void): void {
    if (delayUs === 0) run();
    else this.engine.schedule(delayUs, priorities.control, run, label);
  }

  /** Ordered pairs between two sides; within one host only when healing. */
  #pairs(
    a: Hosts,
    b: Hosts,
    direction: PartitionDirection,
    withinOne = false,
  ): readonly (readonly [string, string])[] {
    const pairs: (readonly [string, string])[] = [];
    for (const one of this.#names(a)) {
      for (const other of this.#names(b)) {
        if (one === other && !withinOne) continue;
        if (direction !== 'b→a') pairs.push([one, other]);
        if (direction !== 'a→b') pairs.push([other, one]);
      }
    }
    return pairs;
  }

  #names(hosts: Hosts): readonly string[] {
    if (hosts === '*') return [...this.topology.hosts.keys()];
    const list = typeof hosts === 'string' ? [hosts] : hosts;
    return list.map((name) => this.topology.host(name).name);
  }

  /** What programs of two hosts have open between them. */
  #endsBetween(one: Host, other: Host): readonly TcpEnd[] {
    const between = (host: Host, peer: Host): TcpEnd[] =>
      [...host.ends].filter(({ remote }) => this.topology.hostAt(remote.host, host) === peer);
    return [...between(one, other), ...between(other, one)];
  }
}
