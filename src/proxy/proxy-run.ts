import type { Address } from '../base/address';
import { TcpError } from '../base/errors';
import { DecisionLog } from '../faults/decisions';
import type { Fault, Stream } from '../faults/fault';
import type { FaultTypes } from '../faults/fault-names';
import { type FaultReading, readFault } from '../faults/fault-reader';
import { profileFaults } from '../faults/profiles';
import type { Connection } from '../network/connection';
import type { Owned, Scope } from '../network/scope';
import type { World } from '../network/world';
import { listenFailure } from '../tcp/system-error';
import { ActTeller } from './act-teller';
import { Admissions } from './admissions';
import type { ConnectionHome } from './connection-home';
import { traceChange } from './fault-trace';
import type { Loops } from './loops';
import { closedFacts, type Outcome } from './outcome';
import { ProxyConnection } from './proxy-connection';
import { ConnectionCounts } from './proxy-counters';
import { ProxyDoor } from './proxy-door';
import { type EventRow, type ProxyEventName, ProxyEvents } from './proxy-events';
import { type ProxyOptions, type ProxySettings, readAddress } from './proxy-options';
import type { Toxic } from './toxic';
import { ToxicList, type ToxicListener } from './toxic-list';

/** How open connections are ended: FIN, RST, or not at all. */
export type EndConnections = 'fin' | 'reset' | 'keep';

/** What a proxy shares with others of its set. */
export interface ProxySurroundings {
  readonly world: World;
  readonly types: FaultTypes;
  readonly profiles: Readonly<Record<string, readonly Fault[]>>;
  readonly row: EventRow;
  readonly loops: Loops;
  readonly reading?: FaultReading;
}

/** What goes on inside a proxy. */
export class ProxyRun implements ConnectionHome<ProxyConnection>, ToxicListener, Owned {
  readonly kind = 'other';
  readonly world: World;
  readonly settings: ProxySettings;
  readonly events: ProxyEvents;
  readonly decisions: DecisionLog;
  readonly startedUs: number;
  readonly door: ProxyDoor;
  readonly counts: ConnectionCounts = new ConnectionCounts();
  readonly upstreamLabel: string;
  readonly toxics: ToxicList;
  readonly loops: Loops;
  /** What `listen` was asked for last. */
  asked: string;
  readonly #surroundings: ProxySurroundings;
  readonly #admissions: Admissions;
  readonly #acts: ActTeller;
  readonly #scope: Scope;
  #upstream: string;
  #target: ReturnType<typeof readAddress> | undefined;
  #number = 0;
  #closing: Promise<void> | undefined;
  #profile: readonly Toxic[] = [];
  #enabled = false;

  constructor(options: ProxyOptions, settings: ProxySettings, surroundings: ProxySurroundings) {
    const { world, types, row } = surroundings;
    this.world = world;
    this.settings = settings;
    this.startedUs = world.clock.now();
    this.#surroundings = surroundings;
    this.loops = surroundings.loops;
    this.#upstream = options.upstream;
    this.asked = options.listen ?? '127.0.0.1:0';
    this.upstreamLabel = `proxy ${settings.name}`;
    this.events = new ProxyEvents(world, settings.name, row);
    const seed =
      options.seed ?? options.decisions?.seed ?? world.random.fork(`proxy ${settings.name}`).seed;
    this.decisions = new DecisionLog(settings.name, seed, options.decisions, (decision) =>
      this.events.decided(decision),
    );
    const place = { label: this.upstreamLabel, listen: this.asked, noDelay: settings.noDelay };
    this.door = new ProxyDoor(world, place, (connection) => this.#accept(connection));
    this.loops.join(this);
    this.#acts = new ActTeller(world, settings.name, this.events);
    this.#admissions = new Admissions(this);
    this.toxics = new ToxicList(settings.name, types, world.clock, this);
    this.toxics.addAll(options.toxics ?? [], surroundings.reading);
    this.#scope = world.scope.current();
    this.#scope.own(this, this.describe());
  }

  get upstream(): string {
    return this.#upstream;
  }

  /** Whether it listens, or would if no fault kept it from that. */
  get enabled(): boolean {
    return this.#enabled;
  }

  target(): ReturnType<typeof readAddress> {
    this.#target ??= readAddress('upstream', this.#upstream);
    return this.#target;
  }

  async enable(): Promise<void> {
    if (this.#enabled) return;
    if (this.#closing !== undefined) throw closed(this.settings.name);
    this.#enabled = true;
    try {
      if (!this.#admissions.refusing) await this.door.start();
    } catch (error) {
      this.#enabled = false;
      throw this.#failed(error, this.door.text);
    }
    this.#tell('proxy.started', {
      listen: this.door.text,
      upstream: this.#upstream,
      seed: this.decisions.seed,
    });
  }

  async disable(how: EndConnections): Promise<void> {
    if (!this.#enabled) return;
    this.#enabled = false;
    const closing = this.door.stop();
    this.endConnections(how);
    await closing;
    this.#tell('proxy.stopped', { how });
  }

  lead(upstream: string): void {
    if (upstream === this.#upstream) return;
    this.#upstream = upstream;
    this.#target = undefined;
    this.loops.changed();
    this.endConnections('fin');
  }

  async move(listen: string): Promise<void> {
    this.asked = listen;
    this.endConnections('fin');
    try {
      await this.door.move(listen);
    } catch (error) {
      this.#enabled = false;
      await this.door.stop();
      throw this.#failed(error, listen);
    }
  }

  endConnections(how: EndConnections): void {
    if (how === 'keep') return;
    for (const connection of [...this.counts.open]) {
      if (how === 'reset') connection.reset();
      else connection.end();
    }
  }

  applyProfile(name: string): void {
    const faults = profileFaults(name, this.#surroundings.profiles);
    this.removeProfile();
    this.#profile = this.toxics.addAll(faults, this.#surroundings.reading);
  }

  removeProfile(): void {
    const there = this.toxics.all;
    for (const toxic of this.#profile) if (there.includes(toxic)) this.toxics.remove(toxic.name);
    this.#profile = [];
  }

  /** Other faults in place of all that are there, or none changes. */
  replaceToxics(faults: readonly Fault[]): void {
    for (const fault of faults)
      readFault(fault, this.#surroundings.types, this.#surroundings.reading);
    this.toxics.clear();
    this.toxics.addAll(faults, this.#surroundings.reading);
  }

  /** Goes without a word to its connections, which end as they were told to. */
  leave(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  readonly dispose = (): Promise<void> => this.close();
  describe(): string {
    return `proxy ${this.settings.name}`;
  }

  put(toxic: Toxic): void {
    for (const connection of this.counts.open) connection.put(toxic);
    this.#admissions.put(toxic);
    this.#tell(toxic.isNew ? 'toxic.added' : 'toxic.updated', {
      toxic: toxic.name,
      fault: toxic.type,
    });
    toxic.isNew = false;
  }

  take(toxic: Toxic): void {
    for (const connection of this.counts.open) connection.take(toxic);
    this.#admissions.take(toxic);
    this.#tell('toxic.removed', { toxic: toxic.name, fault: toxic.type });
  }

  expired(toxic: Toxic): void {
    this.#tell('toxic.expired', { toxic: toxic.name, fault: toxic.type });
  }

  leadsBack(connection: ProxyConnection, reached: Address): boolean {
    return this.loops.end(this, connection, reached);
  }

  firstByte(connection: ProxyConnection): void {
    this.#admissions.firstByte(connection);
  }

  closed(connection: ProxyConnection, outcome: Outcome): void {
    this.counts.ended(connection, outcome);
    this.#admissions.closed(connection);
    const facts = closedFacts(connection, this.world.clock.now());
    this.events.tell('connection.closed', { ...facts, ...outcome });
    this.#limit();
  }

  acted(
    connection: ProxyConnection,
    toxic: Toxic,
    stream: Stream,
    action: string,
    bytes: number,
  ): boolean {
    return this.#acts.acted(connection, toxic, stream, action, bytes);
  }

  hasActed(connection: ProxyConnection, name: string): boolean {
    const toxic = this.toxics.all.find((other) => other.name === name);
    return toxic !== undefined && this.#acts.count(connection, toxic) > 0;
  }

  #accept(client: Connection): void {
    const connection = new ProxyConnection(this, client, ++this.#number);
    this.counts.began(connection);
    this.events.tell('connection.accepted', { connection: connection.id, client: client.remote });
    this.#limit();
    this.#admissions.accepted(connection);
  }

  #limit(): void {
    const { maxConnections } = this.settings;
    if (Number.isFinite(maxConnections)) this.door.hold(this.counts.open.size >= maxConnections);
  }

  /** Resets what is open and waits until the network has let go of it. */
  async #close(): Promise<void> {
    this.#enabled = false;
    this.toxics.stop();
    this.#admissions.stop();
    await this.door.stop();
    const over = [...this.counts.open].map(({ closed: done }) => done);
    this.endConnections('reset');
    await Promise.all(over);
    this.loops.leave(this);
    this.#scope.release(this);
    this.#tell('proxy.stopped', { how: 'reset' });
  }

  async #leave(): Promise<void> {
    this.#enabled = false;
    this.toxics.stop();
    this.#admissions.stop();
    await this.door.stop();
    this.loops.leave(this);
    this.#scope.release(this);
  }

  #failed(error: unknown, listen: string): TcpError {
    const failure = TcpError.is(error)
      ? error
      : listenFailure(error, readAddress('listen', listen));
    this.#tell('proxy.failed', { code: failure.code, message: failure.message });
    return failure;
  }

  /** A change of the proxy: an event, and in the trace. */
  #tell(type: ProxyEventName, facts: Readonly<Record<string, string | number>>): void {
    this.events.tell(type, facts);
    traceChange(this.world, this.settings.name, { event: type, ...facts });
  }
}

function closed(name: string): TcpError {
  return new TcpError(`proxy ${name} is closed`, { code: 'ESTATE', phase: 'config' });
}
