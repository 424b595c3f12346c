import { familyOf } from '../base/address';
import { Roster } from '../base/roster';
import type { SimulatedEndpoint } from './endpoint';
import { Ports } from './ports';
import type { TcpEnd } from './tcp-end';
import type { Destination } from './wire';

/** One machine of the simulated network. */
export class Host implements Destination {
  readonly name: string;
  /** First the one that others use. */
  readonly addresses: readonly string[];
  readonly ports: Ports = new Ports();
  readonly endpoints: Set<SimulatedEndpoint> = new Set();
  /** What its programs have open. */
  readonly ends: Roster<TcpEnd> = new Roster();
  /** How far its wall clock is ahead, in milliseconds. */
  skewMs = 0;
  /** Whether anything reaches it. */
  powered = true;
  /** Whether its programs run. */
  running = true;

  constructor(name: string, addresses: readonly string[]) {
    this.name = name;
    this.addresses = addresses;
  }

  /** Where a listener without a host is bound: loopback on `local`, else where others reach it. */
  get defaultAddress(): string {
    return this.name === 'local' ? '127.0.0.1' : (this.addresses[0] ?? '127.0.0.1');
  }

  /** Whether an address is one of its own, loopback included. */
  owns(address: string): boolean {
    return isLoopback(address) || this.addresses.includes(address);
  }

  /** The address from which it dials another; `undefined` when it has none of that family. */
  sourceFor(target: string): string | undefined {
    if (isLoopback(target)) return target.includes(':') ? '::1' : '127.0.0.1';
    if (this.addresses.includes(target)) return target;
    return this.addresses.find((address) => familyOf(address) === familyOf(target));
  }

  /** Who listens on an address and port. */
  endpointAt(address: string, port: number): SimulatedEndpoint | undefined {
    if (!this.running) return undefined;
    for (const endpoint of this.endpoints) {
      if (endpoint.address.port === port && covers(endpoint.address.host, address)) return endpoint;
    }
    return undefined;
  }

  /** Whether a new listener would be in the way of one that is there. */
  isTaken(address: string, port: number): boolean {
    for (const { address: other } of this.endpoints) {
      if (other.port !== port) continue;
      if (covers(other.host, address) || covers(address, other.host)) return true;
    }
    return false;
  }
}

/** Whether an address means the host itself, wherever it is used. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** Whether an address stands for all addresses of a host. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function covers(bound: string, address: string): boolean {
  if (bound === address || bound === '::') return true;
  return bound === '0.0.0.0' && !address.includes(':');
}
