import { EventEmitter } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Address, formatAddress } from '../../base/address';
import type { Connection } from '../connection';
import type { Endpoint, ListenOptions } from '../network';
import type { Owned } from '../scope';
import { equip } from './connection';
import type { RealConnection } from './connection-facts';
import type { NetworkContext } from './dial';
import { tellOpening } from './wire-teller';

type Accept = (connection: Connection) => void;

/** Binds a port and accepts. Rejects as `net.Server` reports. */
export async function listen(
  context: NetworkContext,
  options: ListenOptions,
  accept: Accept,
): Promise<Endpoint> {
  context.scope.signal.throwIfAborted();
  const { allowHalfOpen, highWaterMark, noDelay, keepAlive, keepAliveInitialDelay } = options;
  const server = createServer({
    // Connections that wait to be handed over are not read, like those in the kernel's backlog.
    pauseOnConnect: true,
    ...(allowHalfOpen !== undefined && { allowHalfOpen }),
    ...(highWaterMark !== undefined && { highWaterMark }),
    ...(noDelay !== undefined && { noDelay }),
    ...(keepAlive !== undefined && { keepAlive }),
    ...(keepAliveInitialDelay !== undefined && { keepAliveInitialDelay }),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(
      {
        host: options.host ?? '127.0.0.1',
        port: options.port,
        backlog: options.backlog ?? 511,
        exclusive: true,
      },
      () => {
        server.off('error', reject);
        resolve();
      },
    );
  });
  return new RealEndpoint(context, options, server, accept);
}

class RealEndpoint extends EventEmitter implements Endpoint, Owned {
  readonly kind = 'endpoint';
  readonly address: Address;
  readonly label: string;
  readonly #context: NetworkContext;
  readonly #options: ListenOptions;
  readonly #server: Server;
  readonly #accept: Accept;
  readonly #open = new Set<Connection>();
  /** Accepted by the kernel while paused, not read and not handed over. */
  #waiting: Socket[] = [];
  /** Whether it listens on all addresses, so that each connection has to be asked for its own. */
  readonly #wide: boolean;
  #paused = false;
  #closed = false;

  constructor(context: NetworkContext, options: ListenOptions, server: Server, accept: Accept) {
    super();
    const { address, port, family } = server.address() as AddressInfo;
    this.address = { host: address, port, family: family === 'IPv6' ? 'IPv6' : 'IPv4' };
    this.#wide = address === '0.0.0.0' || address === '::';
    this.label = options.label ?? formatAddress(this.address);
    this.#context = { ...context, left: (connection) => this.#open.delete(connection) };
    this.#options = options;
    this.#server = server;
    this.#accept = accept;
    server.on('connection', (socket) => this.#arrive(socket));
    server.on('error', (error) => this.#fail(error));
    context.pairing.opened(port, this.label);
    context.scope.own(this, this.label);
  }

  get connections(): number {
    return this.#open.size;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // The port is free when this returns; Node's callback would wait for the connections too.
    this.#server.close();
    for (const socket of this.#waiting) socket.resetAndDestroy();
    this.#waiting = [];
    this.#context.pairing.closed(this.address.port, this.label);
    this.#context.scope.release(this);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    // Whoever takes one may pause again.
    while (!this.#paused && !this.#closed) {
      const socket = this.#waiting.shift();
      if (socket === undefined) return;
      this.#handOver(socket);
    }
  }

  ref(): this {
    this.#server.ref();
    return this;
  }

  unref(): this {
    this.#server.unref();
    return this;
  }

  dispose(): Promise<void> {
    return this.close();
  }

  describe(): string {
    const where = formatAddress(this.address);
    return this.label === where ? where : `${this.label} (${where})`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #arrive(socket: Socket): void {
    if (this.#closed) socket.resetAndDestroy();
    else if (this.#paused) this.#waiting.push(socket);
    else this.#handOver(socket);
  }

  #handOver(socket: Socket): void {
    const connection = this.#adopt(socket);
    this.#open.add(connection);
    if (!this.#options.pauseOnConnect) startReading(connection);
    this.#accept(connection);
  }

  /** Makes a connection of what Node accepted. */
  #adopt(socket: Socket): RealConnection {
    const { ids, pairing } = this.#context;
    const local = this.#wide ? addressOf(socket.localAddress, socket.localPort) : this.address;
    const remote = addressOf(socket.remoteAddress, socket.remotePort);
    const dialler = pairing.match(local, remote)?.facts;
    const number = dialler?.origin.number ?? ids.next();
    const connection = equip(socket, this.#context, {
      side: 'accepted',
      number,
      id: ids.accepted(number),
      label: this.label,
      peer: dialler?.origin.label,
      target: remote,
      local,
      remote,
      probe: false,
    });
    if (dialler !== undefined) dialler.peer = this.label;
    if (connection.facts.watched) tellOpening(connection.facts, 'accepted', 'received');
    return connection;
  }

  #fail(error: Error): void {
    if (this.listenerCount('error') > 0) this.emit('error', error);
    else this.#context.scope.report(error);
  }
}

/** Ends the pause in which every connection is accepted, as if it had never been. */
function startReading(connection: RealConnection): void {
  (connection as { readableFlowing: boolean | null }).readableFlowing = null;
  connection.read(0);
}

/** The kernel does not tell the peer of a connection that was reset before it was accepted. */
function addressOf(host = '0.0.0.0', port = 0): Address {
  return { host, port, family: host.includes(':') ? 'IPv6' : 'IPv4' };
}
