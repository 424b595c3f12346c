import assert from 'node:assert/strict';
import { TcpError } from '../../src/base/errors';
import { type TlsFaultPreset, tlsFaultPresets } from '../../src/faults/tls-fault-presets';
import type { World } from '../../src/network/world';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import type { ClientSecureSocket, ListenerSecureSocket } from '../../src/tcp/secure-socket';
import { authority, keyOf } from '../support/test-certificates';
import { type Claim, contract } from './maker';

type Kind = string;

function kindOf(error: unknown): Kind {
  if (!TcpError.is(error)) throw error;
  return error.kind ?? error.code;
}

/** What both ends tell of a conversation with a fault: their kinds, or `none`. */
async function kinds(
  world: World,
  clientOptions: ClientSecureSocket,
  listenerOptions: Partial<ListenerSecureSocket>,
): Promise<{ client: Kind; server: Kind }> {
  const listener = new Listener(0, {
    world,
    secureSocket: {
      key: keyOf('server'),
      closeNotify: 'require',
      ...listenerOptions,
    },
  });
  let told: (kind: Kind) => void = () => undefined;
  const server = new Promise<Kind>((resolve) => {
    told = resolve;
  });
  listener.on('handshakeError', (error) => told(kindOf(error)));
  listener.on('close', ({ error }) => told(error === undefined ? 'none' : kindOf(error)));
  listener.attach(() => ({ onBytes: (data) => data }));
  await listener.start();
  let client: Kind = 'none';
  try {
    const connection = await Client.connect('localhost', listener.port, {
      world,
      secureSocket: {
        cert: { pem: authority },
        closeNotify: 'require',
        ...clientOptions,
      },
    });
    await connection.writeBytes(Buffer.from('hello'));
    await connection.readBytes(5);
    await connection.end();
    for await (const rest of connection) assert.fail(`${rest.length} B more`);
    await connection.closed;
  } catch (error) {
    client = kindOf(error);
  }
  // A listener that answers without TLS has nothing to tell.
  if (listenerOptions.tlsFault !== undefined) told('none');
  const kind = await server;
  await listener.gracefulStop({ timeout: '2s' });
  return { client, server: kind };
}

async function shows({ name, side, expect }: TlsFaultPreset, world: World): Promise<void> {
  const tlsFault = name;
  const handshakeTimeout = expect === 'handshake-timeout' ? '300ms' : '10s';
  const alpn = ['echo'];
  if (side === 'server') {
    const { client } = await kinds(world, { alpn, handshakeTimeout }, { alpn, tlsFault });
    assert.equal(client, expect);
  } else {
    const { server } = await kinds(world, { tlsFault }, { handshakeTimeout });
    assert.equal(server, expect);
  }
}

/** What the named faults of TLS do to the other end, over every network. */
export const tlsFaultContract: readonly Claim[] = contract((claim) => {
  for (const preset of tlsFaultPresets) {
    claim(`the fault ${preset.name} makes the other end tell ${preset.expect}`, (world) =>
      shows(preset, world),
    );
  }
});
