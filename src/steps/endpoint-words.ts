import { formatAddress } from '../base/address';
import { readHostPort, readPort } from '../base/option-reader';
import { decodeText } from '../base/quoted-text';

/** A place to connect to. */
export interface EndpointWords {
  readonly host: string;
  readonly port: number;
}

/** What knows the ports that a scenario reserved. */
export interface FreePorts {
  /** @throws Error there is no free port of that name */
  freePort(name: string): number;
}

const free = 'the free port ';

/** Reads `127.0.0.1:7000`, `[::1]:7000` or `the free port "web"`. @throws TcpError `ECONFIG` */
export function readEndpoint(token: string, ports: FreePorts): EndpointWords {
  if (token.startsWith(free)) return { host: '127.0.0.1', port: reserved(token, ports) };
  return readHostPort('endpoint', token);
}

/** Reads `port 7000`, `any free port` (0) or `the free port "web"`. @throws TcpError `ECONFIG` */
export function readPortWords(token: string, ports: FreePorts): number {
  if (token.startsWith(free)) return reserved(token, ports);
  return token === 'any free port' ? 0 : readPort('port', Number(token.slice(5)), 0);
}

/** Words that {@link readEndpoint} reads back. */
export function printEndpoint(endpoint: EndpointWords): string {
  return formatAddress(endpoint);
}

function reserved(token: string, ports: FreePorts): number {
  return ports.freePort(decodeText(token, free.length + 1, token.length - 1));
}
