/** Guards against real sockets, names, processes and threads inside a simulated world. */
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import tls from 'node:tls';
import workerThreads from 'node:worker_threads';
import { currentPlace } from './context';
import { routeFor } from './host-rules';
import { Patches } from './patches';
import { readTarget } from './target';
import { SimulationEscape } from './verdicts';

/** What happens when code of a world reaches out: it gets a `SimulationEscape`, is noted, or may. */
export type EscapeMode = 'throw' | 'warn' | 'allow';

/** What one world does about escapes. */
export interface EscapePolicy {
  readonly mode: EscapeMode;
  /** Those that were noted. */
  readonly escapes: SimulationEscape[];
}

const policies = new WeakMap<object, EscapePolicy>();

/** Sets what a world does about escapes. */
export function setEscapePolicy(world: object, policy: EscapePolicy): void {
  policies.set(world, policy);
}

/** Guards all worlds of this process; see {@link Patches.hold}. */
export function guardEscapes(): () => void {
  return guards.hold();
}

/**
 * Says that code reaches out.
 *
 * @throws SimulationEscape - it runs in a world that does not allow it
 */
export function escaping(call: string): void {
  const world = currentPlace()?.world;
  const policy = world === undefined ? undefined : policies.get(world);
  if (policy === undefined || policy.mode === 'allow') return;
  const found = new SimulationEscape(call);
  Error.captureStackTrace(found, escaping);
  policy.escapes.push(found);
  if (policy.mode === 'throw') throw found;
}

type AnyFunction = (this: unknown, ...values: unknown[]) => unknown;

const processCalls = ['spawnSync', 'execSync', 'execFileSync'] as const;

/** Outside of worlds the guards only forward, so they may stay for the runs that follow. */
const lingerMs = 1_000;

const guards = new Patches(
  'the guards of a simulated world',
  (patches) => {
    const guard = (
      target: object,
      key: string,
      name: string,
      describe = (_: unknown[]) => '',
    ): void => {
      patches.replace(target as Record<string, AnyFunction>, key, (original) => {
        return function (this: unknown, ...values: unknown[]): unknown {
          const asks = name === 'dns.lookup' || name === 'dns.promises.lookup';
          const routed = asks && routeFor(describeFirst(values)) !== undefined;
          if (!routed) escaping(`${name} ${describe(values)}`.trim());
          return Reflect.apply(original, this, values);
        };
      });
    };
    guardSockets(patches);
    guard(net.Server.prototype, 'listen', 'net.Server.listen', describeTarget);
    guard(dgram, 'createSocket', 'dgram.createSocket');
    guard(childProcess.ChildProcess.prototype, 'spawn', 'child_process.spawn', describeProcess);
    for (const key of processCalls) guard(childProcess, key, `child_process.${key}`, describeFirst);
    guardTls(patches);
    guardNames(guard);
    guardThreads(patches);
  },
  lingerMs,
);

function guardSockets(patches: Patches): void {
  const prototype = net.Socket.prototype as unknown as Record<string, AnyFunction>;
  patches.replace(prototype, 'connect', (original) => {
    return function (this: unknown, ...values: unknown[]): unknown {
      if (!isRouted(values)) escaping(`net.connect ${describeTarget(values)}`);
      return Reflect.apply(original, this, values);
    };
  });
}

/** Whether a host rule takes care of it. */
function isRouted(values: readonly unknown[]): boolean {
  const target = readTarget(values);
  return target !== undefined && routeFor(target.host, target.port) !== undefined;
}

function guardTls(patches: Patches): void {
  patches.replace(tls as unknown as Record<string, AnyFunction>, 'connect', (original) => {
    return function (this: unknown, ...values: unknown[]): unknown {
      // Over a socket that is there, TLS opens nothing.
      const over = values.some((value) => isObject(value) && value['socket'] !== undefined);
      if (!over && !isRouted(values)) escaping(`tls.connect ${describeTarget(values)}`);
      return Reflect.apply(original, this, values);
    };
  });
}

function guardNames(
  guard: (target: object, key: string, name: string, describe: typeof describeFirst) => void,
): void {
  const asks = (key: string): boolean => /^(lookup|resolve|reverse)/.test(key);
  for (const key of Object.keys(dns).filter(asks)) guard(dns, key, `dns.${key}`, describeFirst);
  for (const key of Object.keys(dns.promises).filter(asks)) {
    guard(dns.promises, key, `dns.promises.${key}`, describeFirst);
  }
}

function guardThreads(patches: Patches): void {
  patches.replace(workerThreads, 'Worker', (original) => {
    return new Proxy(original, {
      construct(target, values, newTarget) {
        escaping('worker_threads.Worker');
        return Reflect.construct(target, values, newTarget);
      },
    });
  });
}

/** `127.0.0.1:6379`, or the path of a socket. */
function describeTarget(values: readonly unknown[]): string {
  const target = readTarget(values);
  if (target !== undefined) return `${target.host}:${target.port}`;
  const first = Array.isArray(values[0]) ? values[0][0] : values[0];
  return String(isObject(first) ? first['path'] : first);
}

function describeFirst(values: readonly unknown[]): string {
  return typeof values[0] === 'string' ? values[0] : '';
}

function describeProcess(values: readonly unknown[]): string {
  const options = values[0];
  return isObject(options) ? String(options['file'] ?? '') : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
