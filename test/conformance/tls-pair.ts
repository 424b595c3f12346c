import { TcpError } from '../../src/base/errors';
import type { Connection } from '../../src/network/connection';
import type { SecuredConnection } from '../../src/network/tls-info';
import type { StartTlsOptions, TlsSettings } from '../../src/network/tls-settings';
import type { World } from '../../src/network/world';
import { authority, keyOf } from '../support/test-certificates';
import { connectPair } from './pair';

type Settings = Partial<TlsSettings>;

/** Two ends of one connection, secured. */
export interface TlsPair {
  readonly client: SecuredConnection;
  readonly server: SecuredConnection;
  readonly rawClient: Connection;
  readonly rawServer: Connection;
}

/** What became of both sides of a handshake. */
export interface TlsEnds {
  readonly client: SecuredConnection | TcpError;
  readonly server: SecuredConnection | TcpError;
  readonly rawClient: Connection;
  readonly rawServer: Connection;
}

/** Settings that work, and what is different. */
export function clientSettings(settings: Settings = {}): TlsSettings {
  return { handshakeTimeoutMs: 10_000, anchors: [authority], ...settings };
}

export function serverSettings(settings: Settings = {}): TlsSettings {
  return { handshakeTimeoutMs: 10_000, key: keyOf('server-ed25519'), ...settings };
}

/** Connects two ends and lets both do their handshake. */
export async function handshake(
  world: World,
  client: Settings = {},
  server: Settings = {},
  options: StartTlsOptions = { host: 'localhost' },
): Promise<TlsEnds> {
  const { network } = world;
  const pair = await connectPair(world, { connect: { allowHalfOpen: true } });
  const ends = await Promise.all([
    secure(world, pair.client, network.prepareTls('client', clientSettings(client)), options),
    secure(world, pair.server, network.prepareTls('server', serverSettings(server))),
  ]);
  return { client: ends[0], server: ends[1], rawClient: pair.client, rawServer: pair.server };
}

/** Two ends that must be secured. */
export async function tlsPair(
  world: World,
  client: Settings = {},
  server: Settings = {},
): Promise<TlsPair> {
  const ends = await handshake(world, client, server);
  return { ...ends, client: secured(ends.client), server: secured(ends.server) };
}

/** The connection, or why there is none. */
export function secure(
  world: World,
  raw: Connection,
  tls: Parameters<World['network']['startTls']>[1],
  options?: StartTlsOptions,
): Promise<SecuredConnection | TcpError> {
  return world.network.startTls(raw, tls, options).catch((error: unknown) => {
    if (TcpError.is(error)) return error;
    throw error;
  });
}

export function secured(end: SecuredConnection | TcpError): SecuredConnection {
  if (TcpError.is(end)) throw end;
  return end;
}

/** How a side ended its handshake: `secured`, or the code and kind of its failure. */
export function told(end: SecuredConnection | TcpError): string {
  return TcpError.is(end) ? `${end.code} ${end.kind}` : 'secured';
}
