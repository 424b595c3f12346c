import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';
import { formatAddress } from '../base/address';
import { TcpError } from '../base/errors';
import { isLoopback } from '../base/loopback';
import { standardProperties } from '../property/standard-properties';
import type { Features, SystemUnderTest } from '../property/system-under-test';
import type { WireProperty } from '../property/wire-property';
import { readAddress } from '../proxy/proxy-options';
import { CommandFailure, exitCodes } from './exit-codes';

/** What is looked at, and the properties that it must have. */
export interface FuzzTarget {
  readonly system: SystemUnderTest;
  readonly properties: readonly WireProperty<unknown>[];
}

/** What a module of a target may export. */
interface TargetModule {
  readonly createServer?: NonNullable<SystemUnderTest['server']>;
  readonly createClient?: NonNullable<SystemUnderTest['client']>;
  readonly features?: Features;
  readonly properties?: readonly WireProperty<unknown>[];
}

/**
 * The target that a module exports: `createServer`, `createClient`, `features`, `properties`.
 *
 * @throws CommandFailure - there is no such file, it does not load, or exports none of them
 */
export function moduleTarget(folder: string, path: string): FuzzTarget {
  const file = resolve(folder, path);
  if (!existsSync(file)) throw usage(`there is no module "${path}"`);
  const { createServer, createClient, features = {}, properties = [] } = load(file, path);
  if (createServer === undefined && createClient === undefined && properties.length === 0) {
    throw usage(`${path} exports neither createServer nor createClient nor properties`);
  }
  const system: SystemUnderTest = {
    name: relative(folder, file),
    worlds: ['simulated', 'real'],
    features,
    ...(createServer !== undefined && { server: createServer }),
    ...(createClient !== undefined && { client: createClient }),
  };
  return { system, properties: [...standardProperties(system), ...properties] };
}

function load(file: string, path: string): TargetModule {
  try {
    return createRequire(file)(file) as TargetModule;
  } catch (error) {
    const [reason] = error instanceof Error ? error.message.split('\n') : [String(error)];
    const hint = file.endsWith('.ts') ? ' (for TypeScript: node -r ts-node/register)' : '';
    throw usage(`could not load ${path}: ${reason}${hint}`);
  }
}

/**
 * A server that runs already, on sockets.
 *
 * @param remote - whether it may be on another machine
 * @throws CommandFailure - it is no address, or not of this machine
 */
export function endpointTarget(text: string, features: Features, remote: boolean): FuzzTarget {
  const { host, port } = addressOf(text);
  if (!remote && !isLoopback(host)) {
    throw usage(`${text} is not of this machine: --allow-remote if it is yours to break`);
  }
  const system: SystemUnderTest = {
    name: formatAddress({ host, port }),
    worlds: ['real'],
    features,
    server: async () => ({ host, port, close: async () => undefined }),
    inScenario: { given: [], server: formatAddress({ host, port }) },
  };
  return { system, properties: standardProperties(system) };
}

function addressOf(text: string): { readonly host: string; readonly port: number } {
  try {
    return readAddress('target', text);
  } catch (error) {
    throw TcpError.is(error) ? usage(error.message) : error;
  }
}

function usage(text: string): CommandFailure {
  return new CommandFailure(text, exitCodes.usage);
}
