import { Duplex, type DuplexOptions } from 'node:stream';
import type { Address } from '../../base/address';
import type { Connection } from '../connection';

/** What a secured connection tells and sets by asking the raw one below. */
export abstract class SecuredFace extends Duplex {
  protected readonly raw: Connection;

  protected constructor(raw: Connection, options: DuplexOptions) {
    super(options);
    this.raw = raw;
  }

  get id(): string {
    return this.raw.id;
  }

  get label(): string {
    return this.raw.label;
  }

  get local(): Address {
    return this.raw.local;
  }

  get remote(): Address {
    return this.raw.remote;
  }

  get connecting(): boolean {
    return false;
  }

  get pending(): boolean {
    return this.destroyed;
  }

  get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  get localAddress(): string | undefined {
    return this.raw.localAddress;
  }

  get localPort(): number | undefined {
    return this.raw.localPort;
  }

  get localFamily(): string | undefined {
    return this.raw.localFamily;
  }

  get remoteAddress(): string | undefined {
    return this.raw.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.raw.remotePort;
  }

  get remoteFamily(): string | undefined {
    return this.raw.remoteFamily;
  }

  address(): object {
    return this.raw.address();
  }

  setNoDelay(on?: boolean): this {
    this.raw.setNoDelay(on);
    return this;
  }

  setKeepAlive(on?: boolean, initialDelayMs?: number): this {
    this.raw.setKeepAlive(on, initialDelayMs);
    return this;
  }

  ref(): this {
    this.raw.ref();
    return this;
  }

  unref(): this {
    this.raw.unref();
    return this;
  }
}
