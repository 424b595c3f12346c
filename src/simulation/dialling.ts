/** How a connection gets its end: names, addresses tried in turn, errors as Node raises them. */
import { type Address, familyOf } from '../base/address';
import type { ConnectOptions } from '../network/network';
import type { SimulatedConnection } from './connection';
import type { ConnectionLog } from './connection-log';
import type { Engine } from './engine';
import { priorities, type QueuedEvent } from './event-queue';
import type { Host } from './host';
import { literalAddresses } from './name-table';
import { addressError, lookupError, type SystemCode } from './system-errors';
import type { TcpEnd } from './tcp-end';
import type { Topology } from './topology';

/** What a dial needs of the network. */
export interface DialNetwork {
  readonly engine: Engine;
  readonly topology: Topology;
  /** Told when the handshake of a dial is complete. */
  established(number: number): void;
  dial(request: {
    readonly number: number;
    readonly host: Host;
    readonly local: Address;
    readonly remote: Address;
    readonly log: ConnectionLog;
    readonly probe: boolean;
  }): TcpEnd;
}

/** Node gives each of several addresses so long before it tries the next. */
const attemptUs = 250_000;

/** One call of `connect`. */
export class Dial {
  readonly #network: DialNetwork;
  readonly #options: ConnectOptions;
  readonly #connection: SimulatedConnection;
  readonly #host: Host;
  readonly #log: ConnectionLog;
  readonly #number: number;
  #timer: QueuedEvent | undefined;
  #end: TcpEnd | undefined;
  #left: Address[] = [];
  #several = false;
  readonly #errors: NodeJS.ErrnoException[] = [];

  constructor(parts: {
    readonly network: DialNetwork;
    readonly options: ConnectOptions;
    readonly connection: SimulatedConnection;
    readonly host: Host;
    readonly log: ConnectionLog;
    readonly number: number;
  }) {
    this.#network = parts.network;
    this.#options = parts.options;
    this.#connection = parts.connection;
    this.#host = parts.host;
    this.#log = parts.log;
    this.#number = parts.number;
  }

  start(): void {
    const { host, port } = this.#options;
    this.#connection.startDialling(() => this.#abandon());
    const family = familyOf(host);
    if (family === undefined) {
      this.#lookUp(host);
      return;
    }
    process.nextTick(() => {
      if (this.#connection.connecting) this.#try([{ host, port, family }]);
    });
  }

  #abandon(): void {
    this.#stopTimer();
    const end = this.#end;
    this.#end = undefined;
    end?.close();
  }

  #lookUp(name: string): void {
    const { answer, delayUs } = this.#network.topology.names.answer(name, this.#host);
    this.#later(delayUs, `lookup of ${name}`, () => {
      if (typeof answer === 'string') return this.#notFound(name, answer);
      const { family = 0, port, localAddress } = this.#options;
      const addresses = literalAddresses(answer, family, port);
      const tried = family === 0 && localAddress === undefined ? addresses : addresses.slice(0, 1);
      if (tried.length === 0) return this.#notFound(name, 'ENOTFOUND');
      this.#connection.run(() => {
        for (const { host, family: found } of tried) {
          this.#log.note('lookup', { host: name, address: host });
          this.#connection.emit('lookup', null, host, found === 'IPv6' ? 6 : 4, name);
        }
      });
      if (this.#connection.connecting) this.#try(alternating(tried));
    });
  }

  #notFound(name: string, code: 'ENOTFOUND' | 'EAI_AGAIN'): void {
    const error = lookupError(code, name);
    this.#log.note('lookup', { host: name, code });
    this.#connection.run(() => {
      this.#connection.emit('lookup', error, undefined, undefined, name);
      this.#connection.destroy(error);
    });
  }

  #try(addresses: readonly Address[]): void {
    this.#left = [...addresses];
    this.#several = addresses.length > 1;
    this.#next();
  }

  #next(): void {
    const remote = this.#left.shift();
    if (remote === undefined) {
      this.#fail();
      return;
    }
    const local = this.#bind(remote);
    if (!('host' in local)) {
      this.#errors.push(local);
      this.#next();
      return;
    }
    const end = this.#network.dial({
      number: this.#number,
      host: this.#host,
      local,
      remote,
      log: this.#log,
      probe: this.#options.probe === true,
    });
    this.#end = end;
    end.owner = {
      connected: () => this.#connected(end),
      refused: (code) => this.#refused(code, local, remote),
      readable: () => {},
      writable: () => {},
      broken: () => {},
    };
    if (this.#left.length > 0) {
      this.#later(attemptUs, `attempt of c${this.#number}`, () => {
        this.#errors.push(addressError('ETIMEDOUT', 'connect', remote.host, remote.port));
        this.#end?.close();
        this.#next();
      });
    }
  }

  #connected(end: TcpEnd): void {
    this.#stopTimer();
    this.#end = undefined;
    this.#log.received('established', undefined, undefined, end);
    this.#network.established(this.#number);
    this.#connection.opened(end);
  }

  #refused(code: SystemCode, local: Address, remote: Address): void {
    this.#stopTimer();
    const kind = code === 'ECONNREFUSED' ? 'refused' : 'timeout';
    this.#log.received(kind, undefined, { code }, { local, remote });
    this.#end?.close();
    const { localPort, localAddress } = this.#options;
    const chosen =
      localPort === undefined ? undefined : { address: localAddress ?? '0.0.0.0', port: localPort };
    this.#errors.push(addressError(code, 'connect', remote.host, remote.port, chosen));
    this.#next();
  }

  #fail(): void {
    this.#end = undefined;
    const first = this.#errors[0];
    const error = this.#several
      ? Object.assign(new AggregateError(this.#errors), { code: first?.code })
      : first;
    this.#connection.run(() => this.#connection.destroy(error));
  }

  /** The local end of an attempt, with its port taken. */
  #bind(remote: Address): Address | NodeJS.ErrnoException {
    const { localAddress, localPort } = this.#options;
    const { nowUs } = this.#network.engine;
    const unbound = remote.family === 'IPv6' ? '::' : '0.0.0.0';
    const chosen = localAddress === undefined ? undefined : this.#literal(localAddress, remote);
    if (localAddress !== undefined && (chosen === undefined || !this.#host.owns(chosen))) {
      return addressError('EADDRNOTAVAIL', 'bind', localAddress, localPort);
    }
    const source = chosen ?? this.#host.sourceFor(remote.host);
    if (source === undefined) {
      return addressError('ENETUNREACH', 'connect', remote.host, remote.port);
    }
    if (localPort !== undefined && localPort > 0) {
      const free =
        !this.#host.isTaken(source, localPort) && this.#host.ports.take(localPort, nowUs);
      if (!free) return addressError('EADDRINUSE', 'bind', localAddress ?? unbound, localPort);
      return { host: source, port: localPort, family: remote.family };
    }
    const port = this.#host.ports.takeFree(nowUs);
    if (port === undefined) {
      return addressError('EADDRNOTAVAIL', 'connect', remote.host, remote.port, {
        address: source,
        port: 0,
      });
    }
    return { host: source, port, family: remote.family };
  }

  /** A local end may be given by name, which means the address of the family that is dialled. */
  #literal(name: string, remote: Address): string | undefined {
    if (familyOf(name) !== undefined) return name;
    const { answer } = this.#network.topology.names.answer(name, this.#host);
    if (typeof answer === 'string') return undefined;
    return literalAddresses(answer).find(({ family }) => family === remote.family)?.host;
  }

  #later(delayUs: number, label: string, run: () => void): void {
    this.#timer = this.#network.engine.schedule(
      delayUs,
      label.startsWith('attempt') ? priorities.timer : priorities.delivery,
      () => {
        this.#timer = undefined;
        run();
      },
      label,
    );
  }

  #stopTimer(): void {
    if (this.#timer !== undefined) this.#network.engine.queue.cancel(this.#timer);
    this.#timer = undefined;
  }
}

/** Families in turn, beginning with that of the first address, as Node tries them. */
function alternating(addresses: readonly Address[]): readonly Address[] {
  const first = addresses[0]?.family;
  const same = addresses.filter(({ family }) => family === first);
  const other = addresses.filter(({ family }) => family !== first);
  return Array.from({ length: Math.max(same.length, other.length) }, (_, index) => [
    same[index],
    other[index],
  ])
    .flat()
    .filter((address) => address !== undefined);
}
