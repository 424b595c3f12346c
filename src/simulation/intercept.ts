/** Host rules: unmodified programs reach the simulated network under the names that are theirs. */
import dns from 'node:dns';
import net from 'node:net';
import tls from 'node:tls';
import type { Connection } from '../network/connection';
import type { ConnectOptions } from '../network/network';
import { runAt } from './context';
import type { ControlledNetwork } from './controls';
import { addHostRules, type HostRoute, routeFor } from './host-rules';
import { Patches } from './patches';
import { routedLookup, routedPromisedLookup } from './routed-lookup';
import type { SimulatedWorld } from './simulated-world';
import { bridge } from './socket-bridge';
import { readTarget, type Target } from './target';

type AnyFunction = (this: unknown, ...values: unknown[]) => unknown;

/**
 * Leads connections to certain hosts into a simulated world, whoever opens them with `node:net`.
 *
 * Everything else follows the world's rule for escapes. The world's scope takes the rules away.
 *
 * @param patterns - `*.sim`, `db`, `10.0.0.5:6379`; `*` stands for anything
 * @returns takes the rules away; may be called twice
 * @throws TcpError `ECONFIG` - a pattern that is none
 * @example
 * interceptHosts(world, ['db:5432']);
 * const socket = net.connect(5432, 'db');
 */
export function interceptHosts(world: SimulatedWorld, patterns: readonly string[]): () => void {
  const network = world.simulation as ControlledNetwork;
  const place = { world: network.world, host: 'local' };
  const removeRules = addHostRules(patterns, {
    connect: (options) => runAt(place, () => network.connect(options)),
    answer: (name) => network.topology.names.answer(name, network.topology.host('local')),
  });
  const putBack = doors.hold();
  const remove = (): void => {
    removeRules();
    putBack();
    world.scope.release(owned);
  };
  const owned = { kind: 'other', dispose: remove, describe: () => 'host rules' } as const;
  world.scope.own(owned, 'host rules');
  return remove;
}

const doors = new Patches('the host rules of a simulated world', (patches) => {
  const module = net as unknown as Record<string, AnyFunction>;
  for (const key of ['connect', 'createConnection']) {
    patches.replace(module, key, (real) => {
      return function (this: unknown, ...values: unknown[]): unknown {
        const found = routed(values);
        if (found === undefined) return Reflect.apply(real, this, values);
        return open(found.route, found.target);
      };
    });
  }
  patches.replace(
    net.Socket.prototype as unknown as Record<string, AnyFunction>,
    'connect',
    (real) => {
      return function (this: unknown, ...values: unknown[]): unknown {
        const found = routed(values);
        if (found === undefined) return Reflect.apply(real, this, values);
        if (found.target.callback !== undefined) {
          (this as net.Socket).once('connect', found.target.callback);
        }
        bridge(this as net.Socket, open(found.route, { ...found.target, callback: undefined }));
        return this;
      };
    },
  );
  patches.replace(tls as unknown as Record<string, AnyFunction>, 'connect', (real) => {
    return function (this: unknown, ...values: unknown[]): unknown {
      const found = routed(values);
      if (found === undefined || found.target.options['socket'] !== undefined) {
        return Reflect.apply(real, this, values);
      }
      const { target, route } = found;
      const socket = open(route, { ...target, callback: undefined });
      const options = { servername: target.host, ...target.options, socket };
      return Reflect.apply(real, this, [options, target.callback]);
    };
  });
  patches.replace(dns as unknown as Record<string, AnyFunction>, 'lookup', routedLookup);
  const promises = dns.promises as unknown as Record<string, AnyFunction>;
  patches.replace(promises, 'lookup', routedPromisedLookup);
});

function routed(
  values: readonly unknown[],
): { readonly route: HostRoute; readonly target: Target } | undefined {
  const target = readTarget(values);
  const route = target === undefined ? undefined : routeFor(target.host, target.port);
  return target === undefined || route === undefined ? undefined : { route, target };
}

function open(route: HostRoute, target: Target): Connection {
  const { host, port, options, callback } = target;
  const connection = route.connect({ ...connectOptions(options), host, port });
  if (callback !== undefined) connection.once('connect', callback);
  if (typeof options['timeout'] === 'number') connection.setTimeout(options['timeout']);
  return connection;
}

/** What of the options of `net.connect` a simulated connection knows. */
function connectOptions(options: Target['options']): Partial<ConnectOptions> {
  const known = ['allowHalfOpen', 'noDelay', 'keepAlive', 'signal', 'onread', 'family'];
  return Object.fromEntries(
    known.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]),
  );
}
