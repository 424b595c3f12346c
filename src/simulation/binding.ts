/** How a program gets an endpoint: the address it is bound to, and its port. */
import { type Address, familyOf } from '../base/address';
import { type Host, isLoopback, isWildcard } from './host';
import { literalAddresses } from './name-table';
import { listenError, lookupError } from './system-errors';

/**
 * The address that `listen` binds, without its port.
 *
 * @param wanted - default: loopback on `local`, else the address by which others reach the host
 * @throws Error `EADDRNOTAVAIL` - an address of somebody else
 * @throws Error `ENOTFOUND` - a name that does not resolve
 */
export async function bindAddress(
  wanted: string | undefined,
  host: Host,
  lookup: (name: string) => Promise<readonly Address[]>,
): Promise<Address> {
  const text = wanted ?? host.defaultAddress;
  const found = familyOf(text) === undefined ? await lookup(text) : literalAddresses([text]);
  const address = found[0];
  if (address === undefined) throw lookupError('ENOTFOUND', text);
  if (!isWildcard(address.host) && !isLoopback(address.host) && !host.owns(address.host)) {
    throw listenError('EADDRNOTAVAIL', address.host);
  }
  return address;
}

/**
 * Takes the port that `listen` binds.
 *
 * @param wanted - 0 = the next free one
 * @returns the port, and how to give it back
 * @throws Error `EADDRINUSE` - somebody listens there, or no port is free
 */
export function bindPort(
  wanted: number,
  host: Host,
  address: string,
  nowUs: () => number,
): { readonly port: number; readonly giveBack: () => void } {
  const port = wanted === 0 ? host.ports.takeFree(nowUs()) : wanted;
  if (port === undefined || host.isTaken(address, port)) {
    throw listenError('EADDRINUSE', address, port ?? wanted);
  }
  // A dialled connection may have the port too: listening beside it is allowed, as with SO_REUSEADDR.
  const taken = wanted === 0 || host.ports.take(port, nowUs());
  return {
    port,
    giveBack: () => {
      if (taken) host.ports.giveBack(port, nowUs());
    },
  };
}
