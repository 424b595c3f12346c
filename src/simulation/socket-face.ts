import { Duplex, type DuplexOptions } from 'node:stream';
import type { Address } from '../base/address';

/** The facts about itself that a `net.Socket` tells, read from what the connection keeps. */
export abstract class SocketFace extends Duplex {
  /** Milliseconds of the idle timer, once one was set. */
  timeout: number | undefined;
  #local: Address;
  #remote: Address;
  #known = false;

  protected constructor(options: DuplexOptions, local: Address, remote: Address) {
    super(options);
    this.#local = local;
    this.#remote = remote;
  }

  abstract get connecting(): boolean;

  /** The two ends are known from now on, also after the end. */
  protected connectedAs(local: Address, remote: Address): void {
    this.#local = local;
    this.#remote = remote;
    this.#known = true;
  }

  get local(): Address {
    return this.#local;
  }

  get remote(): Address {
    return this.#remote;
  }

  get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.connecting) return 'opening';
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  get bufferSize(): number {
    return this.writableLength;
  }

  get localAddress(): string | undefined {
    return this.#known ? this.#local.host : undefined;
  }

  get localPort(): number | undefined {
    return this.#known ? this.#local.port : undefined;
  }

  get localFamily(): string | undefined {
    return this.#known ? this.#local.family : undefined;
  }

  get remoteAddress(): string | undefined {
    return this.#known ? this.#remote.host : undefined;
  }

  get remotePort(): number | undefined {
    return this.#known ? this.#remote.port : undefined;
  }

  get remoteFamily(): string | undefined {
    return this.#known ? this.#remote.family : undefined;
  }

  address(): object {
    if (!this.#known) return {};
    const { host, family, port } = this.#local;
    return { address: host, family, port };
  }

  /** Changes nothing: a simulated connection keeps no process alive. */
  ref(): this {
    return this;
  }

  /** Changes nothing. */
  unref(): this {
    return this;
  }
}
