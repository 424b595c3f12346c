/** The configuration of `brine proxy serve`: Toxiproxy's list of proxies, or a file of our own. */
import { suggestion } from '../base/closest-word';
import { TcpError } from '../base/errors';
import { proxyOptionsOfJson } from '../control/proxy-json';
import type { Fault } from '../faults/fault';
import { type FaultTypes, faultTypes } from '../faults/fault-names';
import { readFault } from '../faults/fault-reader';
import { profiles as builtIn } from '../faults/profiles';
import { type ProxyOptions, proxyOptionKeys, readProxyOptions } from '../proxy/proxy-options';
import type { ConfigFile, DataStep } from './config-file';
import { CommandFailure, exitCodes } from './exit-codes';

/** A proxy of a file, and the profile that is in force from its start. */
export interface ConfiguredProxy {
  readonly options: ProxyOptions & { readonly name: string };
  readonly profile?: string;
}

/** What a file says. */
export interface ProxyConfig {
  readonly seed?: number;
  readonly profiles: Readonly<Record<string, readonly Fault[]>>;
  readonly proxies: readonly ConfiguredProxy[];
}

const topKeys = ['version', 'seed', 'profiles', 'proxies'];
const streams = ['upstream', 'downstream', 'both'] as const;

/** Reads what a file says. @throws CommandFailure 2 - every problem on a line of its own */
export function readProxyConfig(file: ConfigFile, types: FaultTypes = faultTypes): ProxyConfig {
  const reading = new Reading(file, types);
  const config = Array.isArray(file.data) ? reading.list(file.data) : reading.whole(file.data);
  if (reading.problems.length === 0) return config;
  throw new CommandFailure(reading.problems.join('\n'), exitCodes.usage);
}

class Reading {
  readonly problems: string[] = [];
  readonly #file: ConfigFile;
  readonly #types: FaultTypes;

  constructor(file: ConfigFile, types: FaultTypes) {
    this.#file = file;
    this.#types = types;
  }

  /** What Toxiproxy takes: unknown keys are ignored, names match in any case. */
  list(entries: readonly unknown[]): ProxyConfig {
    const proxies = entries.flatMap((entry, index) => {
      const options = this.#tried([index], () => proxyOptionsOfJson(entry, this.#types));
      return options === undefined ? [] : [{ options: named(options) }];
    });
    this.#checkNames(
      proxies.map(({ options }) => options.name),
      [],
    );
    return { profiles: {}, proxies };
  }

  whole(data: unknown): ProxyConfig {
    const file = this.#object(data, []);
    this.#refuseUnknown(file, topKeys, []);
    const { version, seed, profiles = {}, proxies } = file;
    if (version !== 1) this.#problem(['version'], `must be 1, got ${print(version)}`);
    if (seed !== undefined && !(Number.isSafeInteger(seed) && Number(seed) >= 0)) {
      this.#problem(['seed'], `must be a whole number of 0 or more, got ${print(seed)}`);
    }
    const own = Object.fromEntries(
      Object.entries(this.#object(profiles, ['profiles'])).map(([name, value]) => [
        name,
        this.#profile(value, ['profiles', name]),
      ]),
    );
    if (!Array.isArray(proxies)) {
      this.#problem(['proxies'], `must be a list, got ${print(proxies)}`);
      return { profiles: own, proxies: [] };
    }
    const known = Object.keys({ ...builtIn, ...own });
    const read = proxies.map((entry, index) => this.#entry(entry, ['proxies', index], known));
    this.#checkNames(
      read.map(({ options }) => options.name),
      ['proxies'],
    );
    return {
      ...(seed !== undefined && { seed: seed as number }),
      profiles: own,
      proxies: read,
    };
  }

  #entry(entry: unknown, path: readonly DataStep[], profiles: readonly string[]): ConfiguredProxy {
    const keys = [...proxyOptionKeys.filter((key) => key !== 'world'), 'profile'];
    const { profile, ...rest } = this.#object(entry, path);
    this.#refuseUnknown({ ...rest }, keys, path);
    const known = Object.fromEntries(Object.entries(rest).filter(([key]) => keys.includes(key)));
    if (known['name'] === undefined) this.#problem(path, 'missing required key: name');
    if (known['upstream'] === undefined) this.#problem(path, 'missing required key: upstream');
    else this.#tried(path, () => readProxyOptions({ ...known, toxics: [] }));
    const toxics = known['toxics'] ?? [];
    if (Array.isArray(toxics)) this.#faults(toxics, [...path, 'toxics']);
    else this.#problem([...path, 'toxics'], `must be a list, got ${print(toxics)}`);
    if (profile !== undefined && !profiles.includes(String(profile))) {
      const near = suggestion(String(profile), profiles);
      this.#problem([...path, 'profile'], `unknown profile ${print(profile)}${near}`);
    }
    const options = named(known as unknown as ProxyOptions);
    return profile === undefined ? { options } : { options, profile: String(profile) };
  }

  /** Lists of faults by direction, or one list. */
  #profile(value: unknown, path: readonly DataStep[]): readonly Fault[] {
    if (Array.isArray(value)) return this.#faults(value, path);
    const ways = this.#object(value, path);
    this.#refuseUnknown(ways, streams, path);
    return streams.flatMap((stream) => {
      const faults = ways[stream];
      if (faults === undefined) return [];
      if (!Array.isArray(faults)) {
        this.#problem([...path, stream], `must be a list, got ${print(faults)}`);
        return [];
      }
      return this.#faults(faults, [...path, stream]).map((fault) => ({ ...fault, stream }));
    });
  }

  #faults(faults: readonly unknown[], path: readonly DataStep[]): readonly Fault[] {
    for (const [index, fault] of faults.entries()) {
      this.#tried([...path, index], () => readFault(fault, this.#types));
    }
    return faults as readonly Fault[];
  }

  #checkNames(names: readonly string[], path: readonly DataStep[]): void {
    for (const [index, name] of names.entries()) {
      if (name !== '' && names.indexOf(name) < index) {
        this.#problem([...path, index], `there is another proxy named ${print(name)}`);
      }
    }
  }

  #object(value: unknown, path: readonly DataStep[]): Readonly<Record<string, unknown>> {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
    this.#problem(path, `must be an object, got ${print(value)}`);
    return {};
  }

  #refuseUnknown(value: object, known: readonly string[], path: readonly DataStep[]): void {
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      this.#problem([...path, key], `unknown key${suggestion(key, known)}`);
    }
  }

  /** What a reader makes of it, or its refusal as a problem. */
  #tried<T>(path: readonly DataStep[], read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      const field = TcpError.is(error) ? (error.field ?? '') : '';
      const steps = field === '' ? [] : field.split('.');
      this.#problem([...path, ...steps], error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  #problem(path: readonly DataStep[], message: string): void {
    this.problems.push(this.#file.problem(path, message));
  }
}

function named(options: ProxyOptions): ConfiguredProxy['options'] {
  return { ...options, name: options.name ?? '' };
}

function print(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
