import { type Address, familyOf } from '../base/address';
import { type Duration, readDuration, toMicroseconds } from '../base/duration';
import { configError } from '../base/errors';
import type { Host } from './host';
import type { NameAnswer } from './plan';

/** A name that answers. */
export interface NameEntry {
  readonly answer: NameAnswer;
  readonly delayUs: number;
}

/**
 * The names of a world. No query leaves the process.
 *
 * @source docs/simulation.md
 */
export class NameTable {
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #entries = new Map<string, NameEntry>();

  constructor(hosts: ReadonlyMap<string, Host>) {
    this.#hosts = hosts;
  }

  /** Sets what a name answers. @throws TcpError `ECONFIG` - an answer that is no list of literal addresses */
  set(name: string, answer: NameAnswer, options: { readonly delay?: Duration } = {}): void {
    const known = answer === 'ENOTFOUND' || answer === 'EAI_AGAIN';
    if (!known && !(Array.isArray(answer) && answer.length > 0 && answer.every(isLiteral))) {
      throw configError(`dns.${name}`, 'literal addresses, "ENOTFOUND" or "EAI_AGAIN"', answer);
    }
    const delayUs = toMicroseconds(readDuration(`dns.${name}.delay`, options.delay ?? 0));
    this.#entries.set(name.toLowerCase(), { answer, delayUs });
  }

  /** Whether a name has been set. */
  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /** What a name answers to code on a host. */
  answer(name: string, asking: Host): NameEntry {
    const wanted = name.toLowerCase();
    const entry = this.#entries.get(wanted);
    if (entry !== undefined) return entry;
    if (wanted === 'localhost') return { answer: ['127.0.0.1', '::1'], delayUs: 0 };
    const host = this.#hosts.get(wanted.replace(/\.sim$/, ''));
    if (host === undefined) return { answer: 'ENOTFOUND', delayUs: 0 };
    const own = host === asking && host.name === 'local';
    return { answer: own ? ['127.0.0.1', '::1'] : host.addresses, delayUs: 0 };
  }

  /** The names an address has. */
  namesOf(address: string, asking: Host): readonly string[] {
    const names = [...this.#entries]
      .filter(([, { answer }]) => Array.isArray(answer) && answer.includes(address))
      .map(([name]) => name);
    for (const host of this.#hosts.values()) {
      if (host.addresses.includes(address)) names.push(host.name);
    }
    if (asking.owns(address) && !asking.addresses.includes(address)) names.push('localhost');
    return names;
  }
}

/** Literal addresses of a family, in the order given. */
export function literalAddresses(
  hosts: readonly string[],
  family: 0 | 4 | 6 = 0,
  port = 0,
): readonly Address[] {
  return hosts.flatMap((host) => {
    const found = familyOf(host);
    const wanted = family === 0 || found === (family === 6 ? 'IPv6' : 'IPv4');
    return found === undefined || !wanted ? [] : [{ host, port, family: found }];
  });
}

function isLiteral(value: unknown): boolean {
  return typeof value === 'string' && familyOf(value) !== undefined;
}
