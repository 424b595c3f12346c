/** Readers of single options: each refuses what is wrong with the field, the expectation and the value. */
import { suggestion } from './closest-word';
import { configError, TcpError } from './errors';

/**
 * Refuses keys that are not known, naming the nearest known one.
 *
 * @param where - what the object is, such as `ClientConfiguration`
 * @throws TcpError `ECONFIG`
 */
export function refuseUnknownKeys(where: string, value: object, known: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    throw new TcpError(`${where}: unknown key "${key}"${suggestion(key, known)}`, {
      code: 'ECONFIG',
      phase: 'config',
      field: key,
    });
  }
}

/** A plain object of options. @throws TcpError `ECONFIG` */
export function readObject(field: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw configError(field, 'an object of options', value);
  }
  return value as Record<string, unknown>;
}

/** A whole number from `least` (default 1) to 65535. @throws TcpError `ECONFIG` */
export function readPort(field: string, value: unknown, least = 1): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > 65_535) {
    throw configError(field, `a port from ${least} to 65535`, value);
  }
  return value;
}

/** A name or literal address without blanks. @throws TcpError `ECONFIG` */
export function readHost(field: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || /\s/.test(value)) {
    throw configError(field, 'a host name or an IP address', value);
  }
  return value;
}

/** A whole number of at least `least`; `Infinity` only where `infinite` says so. @throws TcpError `ECONFIG` */
export function readCount(field: string, value: unknown, least = 0, infinite = false): number {
  const fits = typeof value === 'number' && value >= least;
  if (!fits || !(Number.isSafeInteger(value) || (infinite && value === Number.POSITIVE_INFINITY))) {
    throw configError(field, `a whole number of ${least} or more`, value);
  }
  return value;
}

/** `true` or `false`. @throws TcpError `ECONFIG` */
export function readFlag(field: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw configError(field, 'true or false', value);
  return value;
}

/** Text. @throws TcpError `ECONFIG` */
export function readText(field: string, value: unknown): string {
  if (typeof value !== 'string') throw configError(field, 'text', value);
  return value;
}

/** One of a closed list of words. @throws TcpError `ECONFIG` */
export function readOneOf<T extends string>(field: string, value: unknown, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined) {
    throw configError(field, `one of ${words.map((word) => `"${word}"`).join(', ')}`, value);
  }
  return found;
}

/** An AbortSignal. @throws TcpError `ECONFIG` */
export function readSignal(field: string, value: unknown): AbortSignal {
  if (!(value instanceof AbortSignal)) throw configError(field, 'an AbortSignal', value);
  return value;
}

/** Bytes; text is refused, since it has no bytes without an encoding. @throws TcpError `ECONFIG` */
export function readBytesLike(field: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  const hint = typeof value === 'string' ? ' (use Buffer.from(text))' : '';
  throw configError(field, `a Uint8Array or ArrayBuffer${hint}`, value);
}

/**
 * Reads `host:port`, `[::1]:port` or `name:port`.
 *
 * @param field - name used in the refusal
 * @throws TcpError `ECONFIG` - no port, a port outside 0 to 65535, or no host
 */
export function readHostPort(field: string, text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F.]*:[0-9a-fA-F:.]*)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw configError(field, 'host:port with a port from 0 to 65535', text);
  }
  return { host, port };
}
