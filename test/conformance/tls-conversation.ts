import { TcpError } from '../../src/base/errors';
import type { TlsOutcome } from '../../src/base/tls-outcome';
import type { World } from '../../src/network/world';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import type { ClientSecureSocket, ListenerSecureSocket } from '../../src/tcp/secure-socket';
import { authority, keyOf } from '../support/test-certificates';

/** What is said under TLS: nothing of it may be seen on a wire. */
export const words = { greeting: 'a word for nobody else', answer: 'and another one' } as const;

/** How each end came out of a conversation: `none`, or its kind, with the alert that was received. */
export interface Told {
  readonly client: string;
  readonly listener: string;
  readonly outcomes: { readonly client?: TlsOutcome; readonly listener?: TlsOutcome };
}

type End = readonly [kind: string, outcome: TlsOutcome | undefined];

/** How a conversation differs from the usual one. */
export interface Manner {
  /** Gives the port to dial in place of that of the listener. */
  readonly through?: (port: number) => Promise<number>;
  /** Times the listener greets before it is answered; default 1. */
  readonly greetings?: number;
  /** What the client dials; default `localhost`. */
  readonly host?: string;
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
  { through, greetings = 1, host = 'localhost' }: Manner = {},
): Promise<Told> {
  const server = new Listener(0, {
    world,
    secureSocket: { key: keyOf('server'), closeNotify: 'require', ...listener },
  });
  let tell: (end: End) => void = () => undefined;
  const told = new Promise<End>((resolve) => {
    tell = resolve;
  });
  server.on('handshakeError', (error) => tell([kindOf(error), error.tls]));
  server.on('close', ({ error }, { tls }) => {
    tell([error === undefined ? 'none' : kindOf(error), tls?.outcome]);
  });
  server.attach({
    onConnect(caller) {
      for (let turn = 0; turn < greetings; turn++) {
        void caller.writeBytes(Buffer.from(words.greeting)).catch(() => undefined);
      }
      return { onBytes: (data) => data };
    },
  });
  try {
    await server.start();
  } catch (error) {
    return { client: 'not dialled', listener: kindOf(error), outcomes: {} };
  }
  const port = (await through?.(server.port)) ?? server.port;
  const ours = await talk(world, { host, port }, client, greetings);
  const theirs: End = who === 'both' ? await told : ['not asked', undefined];
  await server.gracefulStop({ timeout: '2s' });
  return {
    client: ours[0],
    listener: theirs[0],
    outcomes: {
      ...(ours[1] !== undefined && { client: ours[1] }),
      ...(theirs[1] !== undefined && { listener: theirs[1] }),
    },
  };
}

async function talk(
  world: World,
  { host, port }: { readonly host: string; readonly port: number },
  secureSocket: ClientSecureSocket,
  greetings: number,
): Promise<End> {
  try {
    const client = await Client.connect(host, port, {
      world,
      secureSocket: { cert: { pem: authority }, closeNotify: 'require', ...secureSocket },
    });
    await client.readBytes(words.greeting.length * greetings);
    await client.writeBytes(Buffer.from(words.answer));
    await client.readBytes(words.answer.length);
    await client.end();
    for await (const rest of client) throw new Error(`${rest.length} B too much`);
    await client.closed;
    return ['none', client.tls?.outcome];
  } catch (error) {
    return [kindOf(error), TcpError.is(error) ? error.tls : undefined];
  }
}

function kindOf(error: unknown): string {
  if (!TcpError.is(error)) throw error;
  const { kind = error.code, alert } = error;
  return kind === 'alert-received' ? `${kind} ${alert?.name}` : kind;
}
