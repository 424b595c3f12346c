import { TcpError } from '../../src/base/errors';
import type { World } from '../../src/network/world';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import type { ClientSecureSocket, ListenerSecureSocket } from '../../src/tcp/secure-socket';
import { authority, keyOf } from '../support/test-certificates';

/** How each end came out of a conversation: `none`, or its kind, with the alert that was received. */
export interface Told {
  readonly client: string;
  readonly listener: string;
}

/**
 * A listener greets, a client answers and gets an echo, both end; TLS is as they say.
 *
 * Both require close_notify, so that an end without one is told.
 *
 * @param who - `client` where a listener answers without TLS, which it has nothing to tell of
 */
export async function converse(
  world: World,
  client: ClientSecureSocket,
  listener: Partial<ListenerSecureSocket>,
  who: 'both' | 'client' = 'both',
): Promise<Told> {
  const server = new Listener(0, {
    world,
    secureSocket: { key: keyOf('server'), closeNotify: 'require', ...listener },
  });
  let tell: (kind: string) => void = () => undefined;
  const told = new Promise<string>((resolve) => {
    tell = resolve;
  });
  server.on('handshakeError', (error) => tell(kindOf(error)));
  server.on('close', ({ error }) => tell(error === undefined ? 'none' : kindOf(error)));
  server.attach({
    onConnect(caller) {
      void caller.writeBytes(Buffer.from('hello')).catch(() => undefined);
      return { onBytes: (data) => data };
    },
  });
  try {
    await server.start();
  } catch (error) {
    return { client: 'not dialled', listener: kindOf(error) };
  }
  const ours = await talk(world, server.port, client);
  const theirs = who === 'both' ? await told : 'not asked';
  await server.gracefulStop({ timeout: '2s' });
  return { client: ours, listener: theirs };
}

async function talk(world: World, port: number, secureSocket: ClientSecureSocket): Promise<string> {
  try {
    const client = await Client.connect('localhost', port, {
      world,
      secureSocket: { cert: { pem: authority }, closeNotify: 'require', ...secureSocket },
    });
    await client.readBytes(5);
    await client.writeBytes(Buffer.from('bye'));
    await client.readBytes(3);
    await client.end();
    for await (const rest of client) throw new Error(`${rest.length} B too much`);
    await client.closed;
    return 'none';
  } catch (error) {
    return kindOf(error);
  }
}

function kindOf(error: unknown): string {
  if (!TcpError.is(error)) throw error;
  const { kind = error.code, alert } = error;
  return kind === 'alert-received' ? `${kind} ${alert?.name}` : kind;
}
