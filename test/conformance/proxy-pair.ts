import { once } from 'node:events';
import { formatAddress } from '../../src/base/address';
import type { Connection } from '../../src/network/connection';
import type { Endpoint } from '../../src/network/network';
import type { World } from '../../src/network/world';
import { Proxy } from '../../src/proxy/proxy';
import type { ProxyConnection } from '../../src/proxy/proxy-connection';
import type { ProxyOptions } from '../../src/proxy/proxy-options';

/** A proxy in front of an endpoint whose connections are collected. */
export interface ProxyBench {
  readonly proxy: Proxy;
  readonly endpoint: Endpoint;
  /** Connections that reached the upstream, in order. */
  readonly servers: Connection[];
  /** Dials the proxy; both legs are up when this resolves. */
  dial(): Promise<Proxied>;
}

/** One proxied connection, seen from everywhere. */
export interface Proxied {
  readonly client: Connection;
  readonly server: Connection;
  readonly connection: ProxyConnection;
}

/** Starts an upstream and a proxy in front of it. */
export async function proxyBench(
  world: World,
  options: Partial<ProxyOptions> = {},
): Promise<ProxyBench> {
  const servers: Connection[] = [];
  let heard: (() => void) | undefined;
  const endpoint = await world.network.listen({ port: 0, allowHalfOpen: true }, (connection) => {
    servers.push(connection);
    heard?.();
  });
  const proxy = await Proxy.start({ upstream: formatAddress(endpoint.address), world, ...options });
  const dial = async (): Promise<Proxied> => {
    const before = servers.length;
    const accepted = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const dialled = proxy.waitFor('connection.dialled', {}, { timeout: '15s' });
    const client = dialProxy(world, proxy);
    const [event] = await Promise.all([dialled, accepted, once(client, 'connect')]);
    const server = servers[before];
    const connection = proxy.connections.find(({ id }) => id === event.connection);
    if (server === undefined || connection === undefined) throw new Error('no connection');
    return { client, server, connection };
  };
  return { proxy, endpoint, servers, dial };
}

/** Dials a proxy and nothing else. */
export function dialProxy(world: World, proxy: Proxy): Connection {
  const { host, port } = proxy.listen;
  return world.network.connect({ host, port, allowHalfOpen: true });
}

/** What one end saw: its bytes, and how it ended. */
export interface Seen {
  bytes: Buffer;
  /** `fin`, `rst`, or `open` so far. */
  end: 'open' | 'fin' | 'rst';
  readonly ended: Promise<void>;
  /** Resolves once so many bytes are there. */
  has(length: number): Promise<void>;
  /** Times at which chunks came, in µs of the world's clock, with their lengths. */
  readonly arrivals: { readonly atUs: number; readonly length: number }[];
}

/** Reads an end and notes what it sees. */
export function watch(world: World, connection: Connection): Seen {
  let over: () => void = () => undefined;
  const waiting: { readonly length: number; readonly resolve: () => void }[] = [];
  let parts: Buffer[] = [];
  let received = 0;
  const seen: Seen = {
    // Put together when it is asked for: once per chunk would be quadratic.
    get bytes() {
      if (parts.length !== 1) parts = [Buffer.concat(parts)];
      return parts[0] ?? Buffer.alloc(0);
    },
    end: 'open',
    arrivals: [],
    ended: new Promise((resolve) => {
      over = resolve;
    }),
    has: (length) =>
      new Promise((resolve) => {
        if (received >= length) resolve();
        else waiting.push({ length, resolve });
      }),
  };
  connection.on('data', (chunk: Buffer) => {
    parts.push(chunk);
    received += chunk.length;
    seen.arrivals.push({ atUs: world.clock.now(), length: chunk.length });
    for (const { length, resolve } of waiting) if (received >= length) resolve();
  });
  connection.on('end', () => {
    if (seen.end === 'open') seen.end = 'fin';
    over();
  });
  connection.on('error', () => {
    seen.end = 'rst';
    over();
  });
  connection.on('close', () => over());
  return seen;
}
