/**
 * Errors as the system's sockets raise them, with Linux's numbers on every platform.
 *
 * @source docs/simulation.md
 */

/** code → [errno, text that `listen` adds to it] */
const table = {
  ECONNREFUSED: [-111, 'connection refused'],
  ETIMEDOUT: [-110, 'connection timed out'],
  EHOSTUNREACH: [-113, 'host is unreachable'],
  ENETUNREACH: [-101, 'network is unreachable'],
  ECONNRESET: [-104, 'connection reset by peer'],
  EPIPE: [-32, 'broken pipe'],
  EADDRINUSE: [-98, 'address already in use'],
  EADDRNOTAVAIL: [-99, 'address not available'],
  ECANCELED: [-125, 'operation canceled'],
  ENOTFOUND: [-3008, ''],
  EAI_AGAIN: [-3001, ''],
} as const;

/** A code of the system. */
export type SystemCode = keyof typeof table;

/** `read ECONNRESET`. */
export function systemError(code: SystemCode, syscall: string): NodeJS.ErrnoException {
  return withCode(new Error(`${syscall} ${code}`), code, syscall);
}

/** `connect ECONNREFUSED 127.0.0.1:1`; the local end is named when the caller chose it. */
export function addressError(
  code: SystemCode,
  syscall: string,
  address: string,
  port = 0,
  local?: { readonly address: string; readonly port: number },
): NodeJS.ErrnoException {
  const details = local === undefined ? '' : ` - Local (${local.address}:${local.port})`;
  const text = `${syscall} ${code} ${withPort(address, port)}${details}`;
  const error = withCode(new Error(text), code, syscall);
  Object.assign(error, { address }, port > 0 ? { port } : {});
  if (local !== undefined) {
    Object.assign(error, { localAddress: local.address, localPort: local.port });
  }
  return error;
}

/** `listen EADDRINUSE: address already in use 127.0.0.1:39361`. */
export function listenError(code: SystemCode, address: string, port = 0): NodeJS.ErrnoException {
  const text = `listen ${code}: ${table[code][1]} ${withPort(address, port)}`;
  const error = withCode(new Error(text), code, 'listen');
  return Object.assign(error, { address }, port > 0 ? { port } : {});
}

/** `getaddrinfo ENOTFOUND nohost.invalid`. */
export function lookupError(
  code: 'ENOTFOUND' | 'EAI_AGAIN',
  hostname: string,
): NodeJS.ErrnoException {
  const error = withCode(new Error(`getaddrinfo ${code} ${hostname}`), code, 'getaddrinfo');
  return Object.assign(error, { hostname });
}

/** One of Node's own errors, such as `ERR_SOCKET_CLOSED`. */
export function nodeError(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}

/** Refuses a port as Node does. @throws RangeError `ERR_SOCKET_BAD_PORT` */
export function checkPort(port: unknown, name = 'Port'): number {
  const number = typeof port === 'string' && port.trim() !== '' ? Number(port) : port;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 65_536) {
    return number;
  }
  const type = typeof port;
  const received = type === 'number' || type === 'string' ? `type ${type} (${shown(port)})` : type;
  throw Object.assign(new RangeError(`${name} should be >= 0 and < 65536. Received ${received}.`), {
    code: 'ERR_SOCKET_BAD_PORT',
  });
}

function withPort(address: string, port: number): string {
  return port > 0 ? `${address}:${port}` : address;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function withCode(error: Error, code: SystemCode, syscall: string): NodeJS.ErrnoException {
  return Object.assign(error, { errno: table[code][0], code, syscall });
}
