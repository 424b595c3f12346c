import { TcpError } from '../../src/base/errors';
import type { World } from '../../src/network/world';
import type { Caller } from '../../src/tcp/caller';
import { Client } from '../../src/tcp/client';
import type { ClientConfiguration } from '../../src/tcp/client-configuration';
import { Listener } from '../../src/tcp/listener';
import type { ListenerConfiguration } from '../../src/tcp/listener-configuration';
import type { ConnectionService } from '../../src/tcp/service';

/** A client and the caller it talks to, both read by whoever holds them. */
export interface TcpPair {
  readonly client: Client;
  readonly caller: Caller;
  readonly listener: Listener;
}

export interface TcpPairOptions {
  readonly client?: ClientConfiguration;
  readonly listener?: ListenerConfiguration;
}

/** Connects a client to a listener in pull style. */
export async function tcpPair(world: World, options: TcpPairOptions = {}): Promise<TcpPair> {
  const listener = new Listener(0, { world, ...options.listener });
  const accepted = listener.accept();
  const address = await listener.start();
  const client = await Client.connect(address, { world, ...options.client });
  return { client, caller: await accepted, listener };
}

/** Starts a listener whose connections all get what `serve` returns for them. */
export async function serving(
  world: World,
  serve: (caller: Caller) => ConnectionService,
  config: ListenerConfiguration = {},
): Promise<Listener> {
  const listener = new Listener(0, { world, ...config });
  listener.attach((caller) => serve(caller));
  await listener.start();
  return listener;
}

/** The code with which a promise rejects; `none` when it does not. */
export function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (TcpError.is(error) ? error.code : String(error)),
  );
}

/** The error with which a promise rejects. */
export async function errorOf(promise: Promise<unknown>): Promise<TcpError> {
  const error = await promise.then(
    () => new Error('it did not reject'),
    (reason: unknown) => reason,
  );
  if (!TcpError.is(error)) throw error;
  return error;
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** Reads until the peer's FIN. */
export async function readToEnd(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** Bytes in which every position differs from its neighbours, so that a lost piece shows. */
export function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index++) bytes[index] = (index * 7 + (index >> 8)) & 0xff;
  return bytes;
}
