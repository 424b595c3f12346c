import type { TcpError } from '../base/errors';
import { type Place, Roster } from '../base/roster';
import type { Connection } from '../network/connection';
import type { Endpoint } from '../network/network';
import type { PreparedTls } from '../network/tls-settings';
import type { AcceptQueue } from './accept-queue';
import { AcceptedCaller, type Caller } from './caller';
import { streamHighWaterMark } from './dial';
import { Dispatcher } from './dispatcher';
import type { FailureRules } from './failures';
import type { ListenerSettings } from './listener-configuration';
import type { EventTeller } from './listener-events';
import { answeredBy, answerWithout, startFaulty } from './secure-fault';
import type { Service } from './service';
import { listenFailure } from './system-error';
import type { AcceptedIds } from './watched-listener';
import { Wire } from './wire';

/** A connection of a listener, from its accept until the network has let go of it and onClose ran. */
export interface OpenConnection {
  readonly wire: Wire;
  readonly caller: Caller;
  /** Absent when nobody was asked about the connection. */
  dispatcher: Dispatcher | undefined;
  place: Place<OpenConnection> | undefined;
}

/** What one start of a listener holds, until it has stopped. */
export class ListenerRun {
  /** Who gets new connections; `undefined` when nobody is attached. */
  service: Service | undefined;
  /** Whether connections that no service gets wait for `accept`; otherwise they are closed. */
  keepsForAccept = true;
  /** Connections above the limit, which were reset. */
  refused = 0;
  /** Also those that are over and whose last callback still runs. */
  readonly open: Roster<OpenConnection> = new Roster();
  readonly #settings: ListenerSettings;
  readonly #events: EventTeller;
  readonly #waiting: AcceptQueue<Caller>;
  readonly #rules: FailureRules;
  readonly #accepted: AcceptedIds;
  /** Accepted, and still busy with TLS; each until nothing of it is left. */
  readonly #handshakes = new Map<Connection, Promise<void>>();
  #tls: PreparedTls | undefined;
  #endpoint: Endpoint | undefined;
  #accepting = true;
  /** How many are not over. */
  #count = 0;
  /** Callers by id, kept only when somebody asks. */
  #callers: Map<string, Caller> | undefined;

  constructor(
    settings: ListenerSettings,
    events: EventTeller,
    waiting: AcceptQueue<Caller>,
    accepted: AcceptedIds,
  ) {
    accepted.follow(() => this.#ids());
    this.#accepted = accepted;
    this.#settings = settings;
    this.#events = events;
    this.#waiting = waiting;
    const { onConnectFailure, onHandlerFailure } = settings;
    this.#rules = {
      onConnectFailure,
      onHandlerFailure,
      failed: (error, caller, heard) => {
        if (!heard && !events.hears('handlerError')) settings.world.scope.report(error);
        events.tell('handlerError', error, caller);
      },
    };
  }

  /** Callers of open connections, by id. */
  get callers(): ReadonlyMap<string, Caller> {
    if (this.#callers === undefined) {
      const live = [...this.open].filter(({ wire }) => !wire.over);
      this.#callers = new Map(live.map(({ wire, caller }) => [wire.id, caller]));
    }
    return this.#callers;
  }

  /** What to trust of a key that was made for this start, PEM. */
  get trustAnchor(): string | undefined {
    return this.#settings.secure?.trustAnchor;
  }

  /** Reads what TLS needs, and binds. @throws TcpError - phase `config` or `accept` */
  async listen(label: string): Promise<Endpoint> {
    const { world, port, localHost, backlog, socket, unref } = this.#settings;
    this.#tls = await this.#settings.secure?.prepare(world.network);
    try {
      this.#endpoint = await world.network.listen(
        {
          host: localHost,
          port,
          backlog,
          ...socket,
          label,
          // We answer the peer's FIN ourselves, when it takes effect.
          allowHalfOpen: true,
          highWaterMark: streamHighWaterMark,
        },
        (connection) => this.#accept(connection),
      );
    } catch (cause) {
      throw listenFailure(cause, { host: localHost, port });
    }
    this.#endpoint.on('error', (cause) => {
      this.#events.tell('acceptError', listenFailure(cause, { host: localHost, port }));
    });
    if (unref) this.#endpoint.unref();
    return this.#endpoint;
  }

  /** Gives the port back; open connections live on. */
  async stopAccepting(): Promise<void> {
    this.#accepting = false;
    this.#waiting.close();
    await this.#endpoint?.close();
  }

  /** Ends with RST what was accepted and has not become a connection of anybody. */
  async dropHandshakes(): Promise<void> {
    const dropped = [...this.#handshakes];
    this.#handshakes.clear();
    for (const [raw] of dropped) raw.resetAndDestroy();
    await Promise.all(dropped.map(([, over]) => over));
  }

  pause(): void {
    this.#endpoint?.pause();
  }

  resume(): void {
    this.#endpoint?.resume();
  }

  /** Gives new connections, and those that nobody has accepted, to a service. */
  serve(service: Service): void {
    this.service = service;
    this.keepsForAccept = false;
    const unclaimed = new Set(this.#waiting.drain());
    for (const connection of this.open) {
      if (unclaimed.has(connection.caller)) this.#dispatchTo(service, connection);
    }
  }

  #accept(raw: Connection): void {
    const { maxConnections, unref } = this.#settings;
    const taken = this.#count + this.#handshakes.size;
    if (!this.#accepting || taken >= maxConnections) {
      this.refused++;
      // Nobody is told of an error on a connection that nobody was given.
      raw.on('error', () => undefined);
      raw.resetAndDestroy();
      return;
    }
    if (unref) raw.unref();
    this.#accepted.add(raw.id);
    if (this.#tls === undefined) this.#open(raw);
    else this.#handshakes.set(raw, this.#secure(raw, this.#tls));
  }

  async #secure(raw: Connection, tls: PreparedTls): Promise<void> {
    const { world, secure } = this.#settings;
    const answer = answeredBy(secure?.fault);
    try {
      if (answer !== undefined) {
        await answerWithout(world, raw, answer);
        this.#handshakes.delete(raw);
        return;
      }
      const secured = await startFaulty(world, raw, tls, secure?.fault);
      if (this.#handshakes.delete(raw)) this.#open(secured);
      else await dropped(secured);
    } catch (error) {
      this.#accepted.over(raw.id);
      // Of one that a stop has ended nobody wants to hear.
      if (this.#handshakes.delete(raw)) this.#events.tell('handshakeError', error as TcpError);
    }
  }

  #open(connected: Connection): void {
    const { wire: wireSettings, world } = this.#settings;
    const wire = new Wire(world, connected, wireSettings);
    const caller = new AcceptedCaller(wire);
    const connection: OpenConnection = { wire, caller, dispatcher: undefined, place: undefined };
    connection.place = this.open.add(connection);
    this.#count++;
    this.#callers?.set(wire.id, caller);
    wire.onOver = (info) => {
      this.#count--;
      this.#callers?.delete(wire.id);
      this.#accepted.over(wire.id);
      this.#waiting.remove(caller);
      this.#events.tell('close', info, caller);
      this.#forget(connection);
    };
    this.#events.tell('connection', caller);
    if (wire.closing) return;
    if (this.service !== undefined) this.#dispatchTo(this.service, connection);
    else if (this.keepsForAccept) this.#waiting.push(caller);
    else void wire.close();
  }

  *#ids(): Generator<string> {
    for (const { wire } of this.open) yield wire.id;
    for (const { id } of this.#handshakes.keys()) yield id;
  }

  #dispatchTo(service: Service, connection: OpenConnection): void {
    const { wire, caller } = connection;
    const dispatcher = new Dispatcher(wire, caller, this.#rules);
    connection.dispatcher = dispatcher;
    dispatcher.onFinished = () => this.#forget(connection);
    dispatcher.begin(service);
  }

  /** Takes a connection off the books once it is over and no callback of it runs. */
  #forget(connection: OpenConnection): void {
    const { wire, dispatcher, place } = connection;
    const done = wire.over && dispatcher?.isFinished !== false;
    if (done && place !== undefined) this.open.leave(place);
  }
}

/** Ends a connection that came too late. */
function dropped(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.on('error', () => undefined).once('close', resolve);
    connection.resetAndDestroy();
  });
}
