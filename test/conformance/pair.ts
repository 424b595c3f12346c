import { once } from 'node:events';
import type { Connection } from '../../src/network/connection';
import type { ConnectOptions, Endpoint, ListenOptions } from '../../src/network/network';
import type { World } from '../../src/network/world';

/** Both ends of one connection, and where it was accepted. */
export interface Pair {
  /** The end that dialled. */
  readonly client: Connection;
  /** The end that was accepted. */
  readonly server: Connection;
  readonly endpoint: Endpoint;
}

export interface PairOptions {
  readonly connect?: Partial<ConnectOptions>;
  readonly listen?: Partial<ListenOptions>;
}

/** Connects two ends; both have been told when this resolves. */
export async function connectPair(world: World, options: PairOptions = {}): Promise<Pair> {
  const { endpoint, accepted } = await listenOnce(world, options.listen);
  const client = dial(world, endpoint, options.connect);
  const [server] = await Promise.all([accepted, once(client, 'connect')]);
  return { client, server, endpoint };
}

/** Dials an endpoint. */
export function dial(
  world: World,
  endpoint: Endpoint,
  options: Partial<ConnectOptions> = {},
): Connection {
  const { host, port } = endpoint.address;
  return remembered(world.network.connect({ host, port, ...options }));
}

/** Listens, and promises the first connection. */
export async function listenOnce(
  world: World,
  options: Partial<ListenOptions> = {},
): Promise<{ endpoint: Endpoint; accepted: Promise<Connection> }> {
  let accept: (connection: Connection) => void = () => undefined;
  const accepted = new Promise<Connection>((resolve) => {
    accept = resolve;
  });
  const endpoint = await world.network.listen({ port: 0, ...options }, (connection) =>
    accept(remembered(connection)),
  );
  return { endpoint, accepted };
}

/** Everything an end reports, in order, as `end`, `finish`, `error:ECONNRESET`, `close`. */
export function journalOf(connection: Connection): string[] {
  const journal: string[] = [];
  for (const event of ['connect', 'end', 'finish', 'timeout']) {
    connection.on(event, () => journal.push(event));
  }
  connection.on('error', (error: NodeJS.ErrnoException) => journal.push(`error:${error.code}`));
  connection.on('close', (hadError: boolean) =>
    journal.push(hadError ? 'close with error' : 'close'),
  );
  return journal;
}

/** Resolves when a connection is over, also when that was long ago or with an error. */
export function ended(connection: Connection): Promise<void> {
  connection.on('error', () => undefined);
  return closings.get(remembered(connection)) ?? Promise.reject(new Error('not remembered'));
}

/** `close` of connections; Node's `closed` is true before the event. */
const closings = new WeakMap<Connection, Promise<void>>();

function remembered(connection: Connection): Connection {
  if (!closings.has(connection)) {
    closings.set(connection, new Promise((resolve) => connection.once('close', () => resolve())));
  }
  return connection;
}

/** The error with which a connection ends. */
export async function failureOf(connection: Connection): Promise<NodeJS.ErrnoException> {
  const [error] = await once(connection, 'error');
  return error;
}

/** Reads to the end, and returns everything as text. */
export async function readAll(connection: Connection): Promise<string> {
  const chunks: Uint8Array[] = [];
  connection.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  await once(connection, 'end');
  return Buffer.concat(chunks).toString();
}

/** Writes; resolves with the outcome of the write. */
export function write(
  connection: Connection,
  bytes: Uint8Array | string,
): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    connection.write(bytes, (error) => resolve(error ?? undefined));
  });
}
