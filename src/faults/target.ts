import { suggestion } from '../base/closest-word';
import { ipBytes } from '../base/ip-bytes';
import type { Target } from './fault';
import { invalidFault } from './invalid-fault';

const keys = ['numbers', 'first', 'from', 'every', 'ids', 'remote'];

/** What is known about a connection before its upstream is dialled. */
export interface TargetFacts {
  readonly number: number;
  readonly id: string;
  readonly remote: string;
}

/** Reads a target. @throws TcpError `EINVALIDFAULT` */
export function readTarget(value: unknown): Target {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidFault(
      'connections',
      `invalid connections: must be an object, got ${print(value)}`,
    );
  }
  const target = value as Record<string, unknown>;
  for (const key of Object.keys(target)) {
    if (!keys.includes(key)) {
      throw invalidFault(
        `connections.${key}`,
        `invalid connections: unknown key "${key}"${suggestion(key, keys)}`,
      );
    }
  }
  checkList(target, 'numbers', isCount, 'whole numbers of 1 or more');
  checkList(target, 'ids', (id) => typeof id === 'string', 'texts');
  for (const key of ['first', 'from', 'every']) {
    if (target[key] !== undefined && !isCount(target[key])) {
      throw invalid(key, 'a whole number of 1 or more', target[key]);
    }
  }
  const { remote } = target as { remote?: unknown };
  if (remote !== undefined && (typeof remote !== 'string' || networkOf(remote) === undefined)) {
    throw invalid('remote', 'an IP address or a network such as 10.0.0.0/8', remote);
  }
  return target as Target;
}

/** Whether a connection is meant. */
export function hits(target: Target | undefined, facts: TargetFacts): boolean {
  if (target === undefined) return true;
  const { numbers, first, from, every, ids, remote } = target;
  const { number } = facts;
  return (
    (numbers === undefined || numbers.includes(number)) &&
    (first === undefined || number <= first) &&
    (from === undefined || number >= from) &&
    (every === undefined || number % every === 0) &&
    (ids === undefined || ids.includes(facts.id)) &&
    (remote === undefined || isWithin(facts.remote, remote))
  );
}

interface IpNetwork {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

function networkOf(text: string): IpNetwork | undefined {
  const [host = '', bits, more] = text.split('/');
  const bytes = ipBytes(host);
  if (bytes === undefined || more !== undefined) return undefined;
  const width = bytes.length * 8;
  if (bits === undefined) return { bytes, bits: width };
  return /^\d{1,3}$/.test(bits) && Number(bits) <= width
    ? { bytes, bits: Number(bits) }
    : undefined;
}

function isWithin(host: string, text: string): boolean {
  const network = networkOf(text);
  // A listener on all addresses sees IPv4 clients as ::ffff:127.0.0.1.
  const bytes = ipBytes(host.replace(/^::ffff:(?=\d+\.)/, ''));
  if (network === undefined || bytes === undefined || bytes.length !== network.bytes.length) {
    return false;
  }
  for (let bit = 0; bit < network.bits; bit++) {
    const mask = 0x80 >> (bit & 7);
    if (((bytes[bit >> 3] ?? 0) & mask) !== ((network.bytes[bit >> 3] ?? 0) & mask)) return false;
  }
  return true;
}

function checkList(
  target: Record<string, unknown>,
  key: string,
  fits: (value: unknown) => boolean,
  expected: string,
): void {
  const value = target[key];
  if (value === undefined || (Array.isArray(value) && value.every(fits))) return;
  throw invalid(key, `a list of ${expected}`, value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function invalid(key: string, expected: string, value: unknown): Error {
  return invalidFault(
    `connections.${key}`,
    `invalid connections: ${key} must be ${expected}, got ${print(value)}`,
  );
}

function print(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
