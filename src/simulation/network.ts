/**
 * The network in memory: what `connect`, `listen` and `lookup` do on it.
 *
 * From here down: `dialling.ts` (names, attempts), `handshake.ts` (SYN and its answers),
 * `connection.ts` over `handle.ts` over `tcp-end.ts` (one end), `wire.ts` on `link.ts` (what lies
 * between), `topology.ts` (hosts and links). Everything happens in events of `engine.ts`.
 */
import { AsyncResource } from 'node:async_hooks';
import { type Address, familyOf, formatAddress } from '../base/address';
import type { Connection } from '../network/connection';
import type {
  ConnectOptions,
  Endpoint,
  ListenOptions,
  LookupOptions,
  Network,
} from '../network/network';
import type { Owned, Scope } from '../network/scope';
import type { TlsHome } from '../network/tls/tls-home';
import { TlsNetwork } from '../network/tls/tls-network';
import { ConnectionIds } from '../network/world/connection-ids';
import { currentScope } from '../network/world/scope';
import { bindAddress, bindPort } from './binding';
import { type ConnectionParts, SimulatedConnection } from './connection';
import { ConnectionLog } from './connection-log';
import { currentPlace, type Place } from './context';
import { type CutPlan, cutPlanFor } from './cuts';
import { DialableConnection } from './dialable-connection';
import { Dial, type DialNetwork } from './dialling';
import { SimulatedEndpoint } from './endpoint';
import type { Engine } from './engine';
import { waitOn } from './engine-wait';
import { priorities } from './event-queue';
import { type DialFate, type DialRequest, dial, type HandshakeNetwork } from './handshake';
import type { Host } from './host';
import { literalAddresses } from './name-table';
import type { PlannedCut } from './plan';
import type { PlanWatch } from './plan-watch';
import { Registry } from './registry';
import { checkPort, lookupError } from './system-errors';
import type { TcpEnd } from './tcp-end';
import type { Topology } from './topology';

/** Kernels make room for so many when nothing is said. */
const defaultBacklog = 511;

export class CoreNetwork extends TlsNetwork implements Network, DialNetwork, HandshakeNetwork {
  readonly kind = 'simulated';
  readonly engine: Engine;
  readonly topology: Topology;
  /** How long the port of one who ended first stays taken. */
  timeWaitUs = 0;
  watch: PlanWatch | undefined;
  readonly endpoints: Set<SimulatedEndpoint> = new Set();
  /** Dials that get no answer: `10.0.0.9`, `10.0.0.9:80`, or the number of a connection. */
  readonly silent: Set<string | number> = new Set();
  /** Numbers of dials that are refused. */
  readonly refused: Set<number> = new Set();
  /** Numbers of connections that their program gets later, with the time it takes. */
  readonly slowAccepts: Map<number, number> = new Map();
  readonly #registry: Registry;
  readonly #scope: Scope;
  /** Identity of the world. */
  readonly world: object;
  readonly #ids = new ConnectionIds();
  readonly #cuts: PlannedCut[];

  constructor(parts: {
    readonly engine: Engine;
    readonly topology: Topology;
    readonly scope: Scope;
    readonly tlsHome: () => TlsHome;
    /** Identity of the world. */
    readonly world: object;
    readonly cuts: readonly PlannedCut[];
  }) {
    super(parts.tlsHome);
    this.engine = parts.engine;
    this.topology = parts.topology;
    this.#scope = parts.scope;
    this.world = parts.world;
    this.#cuts = [...parts.cuts];
    this.#registry = new Registry(parts.engine, parts.scope);
  }

  /** Open connections, in order of their creation. */
  get connections(): Iterable<SimulatedConnection> {
    return this.#registry.open;
  }

  connect(options: ConnectOptions): Connection {
    checkPort(options.port);
    const { connection, dial: start } = this.#unconnected(
      options,
      (parts) => new SimulatedConnection(parts),
    );
    if (!connection.destroyed) start(options);
    return connection;
  }

  /** A connection that its program dials later, as drivers do with `new net.Socket()`. */
  socket(options: Partial<ConnectOptions> = {}): DialableConnection {
    let start: (target: ConnectOptions) => void = () => {};
    const { connection, dial: begin } = this.#unconnected(
      options,
      (parts) => new DialableConnection(parts, (target) => start({ ...options, ...target })),
    );
    start = begin;
    return connection;
  }

  #unconnected<T extends SimulatedConnection>(
    options: Partial<ConnectOptions>,
    create: (parts: ConnectionParts) => T,
  ): { readonly connection: T; readonly dial: (options: ConnectOptions) => void } {
    const number = this.#ids.next();
    const id = this.#ids.dialled(number);
    const host = this.#hostOf(options.from);
    const label = options.label ?? id;
    const log = new ConnectionLog(this.engine.trace, id, label, true);
    const family = familyOf(options.host ?? '') ?? 'IPv4';
    const unbound = { host: family === 'IPv6' ? '::' : '0.0.0.0', port: 0, family };
    const remote = { ...unbound, host: options.host ?? unbound.host };
    const origin = { id, label, log, local: unbound, remote, options, onClosed: () => {} };
    const connection = this.#registry.make(host, origin, create);
    return {
      connection,
      dial: (target) => {
        checkPort(target.port);
        log.peer = formatAddress(target);
        this.watch?.connection(number, 'connecting');
        new Dial({ network: this, options: target, connection, host, log, number }).start();
      },
    };
  }

  async listen(
    options: ListenOptions,
    accept: (connection: Connection) => void,
  ): Promise<Endpoint> {
    const wanted = checkPort(options.port);
    const host = this.#hostOf(undefined);
    const scope = currentScope(this.#scope);
    const resource = new AsyncResource('BrineEndpoint');
    const bound = await bindAddress(options.host, host, (name) => this.lookup(name));
    const { port, giveBack } = bindPort(wanted, host, bound.host, () => this.engine.nowUs);
    const address = { ...bound, port };
    const label = options.label ?? `listener ${formatAddress(address)}`;
    const owned: Owned = {
      kind: 'endpoint',
      dispose: () => endpoint.close(),
      describe: () => endpoint.toString(),
    };
    const endpoint = new SimulatedEndpoint({
      host: host.name,
      address,
      label,
      backlog: Math.max(1, options.backlog ?? defaultBacklog),
      delayUs: (end) => this.#acceptDelayUs(host, end),
      hand: (end) => {
        this.engine.call(() =>
          resource.runInAsyncScope(() => this.#accept(end, endpoint, host, options, accept)),
        );
      },
      later: (delayUs, run) => {
        this.engine.schedule(delayUs, priorities.delivery, run, `slow accept of ${label}`);
      },
      onClosed: () => {
        this.endpoints.delete(endpoint);
        host.endpoints.delete(endpoint);
        giveBack();
        scope.release(owned);
      },
    });
    this.endpoints.add(endpoint);
    host.endpoints.add(endpoint);
    scope.own(owned, label);
    // A scope that has ended closes it at once.
    if (!endpoint.open) throw scope.signal.reason;
    return endpoint;
  }

  async lookup(name: string, options: LookupOptions = {}): Promise<readonly Address[]> {
    const { family = 0, signal } = options;
    if (familyOf(name) !== undefined) return literalAddresses([name]);
    const { answer, delayUs } = this.topology.names.answer(name, this.#hostOf(undefined));
    await waitOn(this.engine, delayUs, `lookup of ${name}`, signal);
    if (typeof answer === 'string') throw lookupError(answer, name);
    const addresses = literalAddresses(answer, family);
    if (addresses.length === 0) throw lookupError('ENOTFOUND', name);
    return addresses;
  }

  reverseLookup(host: string): Promise<readonly string[]> {
    return Promise.resolve(this.topology.names.namesOf(host, this.#hostOf(undefined)));
  }

  // For the parts below.

  established(number: number): void {
    this.watch?.connection(number, 'established');
  }

  dial(request: DialRequest): TcpEnd {
    return dial(this, request);
  }

  fateOf(number: number, remote: Address): DialFate {
    if (this.refused.has(number)) return 'refused';
    const { silent } = this;
    if (silent.size === 0) return 'open';
    const found =
      silent.has(number) || silent.has(remote.host) || silent.has(formatAddress(remote));
    return found ? 'unanswered' : 'open';
  }

  /** Adds a cut for connections that are still to come. */
  protected addCut(cut: PlannedCut): void {
    this.#cuts.push(cut);
  }

  cutsOf(number: number, direction: 'out' | 'in'): CutPlan | undefined {
    const stops = this.watch?.stopsOf(number, direction) ?? [];
    return cutPlanFor(this.#cuts, stops, number, direction);
  }

  acceptedLog(number: number, endpoint: SimulatedEndpoint, dialler: ConnectionLog): ConnectionLog {
    const log = new ConnectionLog(
      this.engine.trace,
      this.#ids.accepted(number),
      endpoint.label,
      false,
    );
    log.peer = dialler.label;
    dialler.peer = endpoint.label;
    return log;
  }

  /** Writes what a control did into the trace. */
  note(control: string, facts: Readonly<Record<string, string | number>>): void {
    const { trace } = this.engine;
    if (!trace.active) return;
    const nowhere = { connection: '', from: '', to: '', direction: '-' } as const;
    trace.add({ ...nowhere, kind: 'control', detail: { control, ...facts } });
  }

  /** How long a plan keeps an accepted end from its program. */
  #acceptDelayUs(host: Host, { log }: TcpEnd): number {
    if (this.watch === undefined) return 0;
    const number = Number(log.connection.slice(1));
    this.watch.accepting(host.name, number);
    return this.slowAccepts.get(number) ?? 0;
  }

  #accept(
    end: TcpEnd,
    endpoint: SimulatedEndpoint,
    host: Host,
    options: ListenOptions,
    accept: (connection: Connection) => void,
  ): void {
    const { log } = end;
    endpoint.connections++;
    log.received('accepted', undefined, undefined, end);
    const origin = {
      id: log.connection,
      label: endpoint.label,
      log,
      local: end.local,
      remote: end.remote,
      options,
      onClosed: () => {
        endpoint.connections--;
      },
    };
    const connection = this.#registry.make(host, origin, (parts) => new SimulatedConnection(parts));
    connection.accepted(end, options.pauseOnConnect === true);
    accept(connection);
  }

  #hostOf(from: string | undefined): Host {
    if (from !== undefined) return this.topology.host(from);
    const place: Place | undefined = currentPlace();
    return this.topology.host(place?.world === this.world ? place.host : 'local');
  }
}
