/** Guards against real sockets, names, processes and threads inside a simulated world. */
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import tls from 'node:tls';
import workerThreads from 'node:worker_threads';
import { currentPlace } from './context';
import { Patches } from './patches';
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
          escaping(`${name} ${describe(values)}`.trim());
          return Reflect.apply(original, this, values);
        };
      });
    };
    guard(net.Socket.prototype, 'connect', 'net.connect', describeTarget);
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

function guardTls(patches: Patches): void {
  patches.replace(tls as unknown as Record<string, AnyFunction>, 'connect', (original) => {
    return function (this: unknown, ...values: unknown[]): unknown {
      // Over a socket that is there, TLS opens nothing.
      const over = values.some((value) => isObject(value) && value['socket'] !== undefined);
      if (!over) escaping(`tls.connect ${describeTarget(values)}`);
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

/** `127.0.0.1:6379` out of the many ways to call `connect` and `listen`. */
export function describeTarget(values: readonly unknown[]): string {
  const first = Array.isArray(values[0]) ? values[0][0] : values[0];
  if (!isObject(first)) {
    const host = typeof values[1] === 'string' ? values[1] : 'localhost';
    return Number.isNaN(Number(first)) ? String(first) : `${host}:${first}`;
  }
  if (typeof first['path'] === 'string') return first['path'];
  return `${first['host'] ?? first['hostname'] ?? 'localhost'}:${first['port'] ?? ''}`;
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
