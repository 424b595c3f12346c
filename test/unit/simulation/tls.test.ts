import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TcpError } from '../../../src/base/errors';
import type { TlsActionFault } from '../../../src/faults/tls-fault';
import type { WireEventKind } from '../../../src/network/wire-event';
import type { World } from '../../../src/network/world';
import type { Plan } from '../../../src/simulation/plan';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';
import { authority, keyOf } from '../../support/test-certificates';

const secureSocket = { cert: { pem: authority } };
const serving = { key: keyOf('server-ed25519') };

async function rejection(promise: Promise<unknown>): Promise<TcpError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!TcpError.is(error)) throw new Error('it did not reject with a TcpError');
  return error;
}

/** Virtual time from the first event of a kind to the failure of TLS. */
function handshakeUs({ trace }: World, connection: string, since: WireEventKind): number {
  const own = trace.events.filter((event) => event.connection === connection);
  const begun = own.find(({ kind }) => kind === since);
  const failed = own.find(({ detail }) => detail?.['event'] === 'failed');
  return (failed?.atUs ?? Number.NaN) - (begun?.atUs ?? Number.NaN);
}

test('a server that says nothing is given up after exactly ten virtual seconds (F13)', async () => {
  await simulatedWorld({ trace: 'events' }).run(async (world) => {
    const silent = new Listener(0, { world }).attach(() => ({ onBytes: () => undefined }));
    const address = await silent.start();
    const error = await rejection(Client.connect(address, { world, secureSocket }));

    assert.deepEqual([error.code, error.kind], ['ETLSTIMEOUT', 'handshake-timeout']);
    assert.equal(error.compatMessage, 'handshake timed out after 10000ms');
    assert.equal(handshakeUs(world, 'c1', 'established'), 10_000_000);
    await silent.immediateStop();
  });
});

test('a client that says nothing is given up by the listener as well (F13)', async () => {
  await simulatedWorld({ trace: 'events' }).run(async (world) => {
    const listener = new Listener(0, { world, secureSocket: serving }).attach(() => undefined);
    const address = await listener.start();
    const failed = new Promise<TcpError>((resolve) => listener.on('handshakeError', resolve));
    const client = await Client.connect(address, { world });

    assert.equal((await failed).kind, 'handshake-timeout');
    assert.equal(handshakeUs(world, 's1', 'accepted'), 10_000_000);
    await client.close();
    await listener.gracefulStop();
  });
});

test('a limit of the handshake has fractions of a second, and 0 is none (F13)', async () => {
  await simulatedWorld({ trace: 'events' }).run(async (world) => {
    const silent = new Listener(0, { world }).attach(() => ({ onBytes: () => undefined }));
    const address = await silent.start();
    const limited = { ...secureSocket, handshakeTimeout: '1.5s' };
    const error = await rejection(Client.connect(address, { world, secureSocket: limited }));
    assert.equal(error.compatMessage, 'handshake timed out after 1500ms');
    assert.equal(handshakeUs(world, 'c1', 'established'), 1_500_000);

    const waiting = rejection(
      Client.connect(address, { world, secureSocket: { ...secureSocket, handshakeTimeout: 0 } }),
    );
    await world.clock.sleep('1h');
    await silent.immediateStop();
    assert.match((await waiting).kind ?? '', /^(closed|reset)-in-handshake$/);
    assert.ok(handshakeUs(world, 'c2', 'established') > 3_599_000_000);
  });
});

test('fewer than five plain bytes to a TLS listener are nothing until the limit (F17)', async () => {
  await simulatedWorld({ trace: 'events' }).run(async (world) => {
    const listener = new Listener(0, { world, secureSocket: serving }).attach(() => undefined);
    const address = await listener.start();
    const failures: string[] = [];
    listener.on('handshakeError', ({ kind }) => failures.push(kind ?? ''));
    const told = async (text: string): Promise<number> => {
      const client = await Client.connect(address, { world });
      const before = world.clock.now();
      await client.writeBytes(Buffer.from(text));
      assert.equal((await rejection(client.readBytes())).code, 'EPEERCLOSED');
      return (world.clock.now() - before) / 1_000_000;
    };

    assert.ok((await told('MSG')) >= 9.9);
    assert.ok((await told('a message in plain text')) < 0.1);
    assert.deepEqual(failures, ['handshake-timeout', 'not-tls']);
    await listener.gracefulStop();
  });
});

test('a handshake in pieces of one byte is done all the same', async () => {
  // More than either flight is long, on every Node line.
  const places = Array.from({ length: 4_000 }, (_, index) => index + 1);
  const cuts = (['out', 'in'] as const).flatMap((direction) =>
    places.map((at) => ({ connection: 1, direction, at })),
  );
  await simulatedWorld({ plan: { v: 1, cuts } }).run(async (world) => {
    const listener = new Listener(0, { world, secureSocket: serving });
    listener.attach(() => ({ onBytes: (data) => data }));
    const { port } = await listener.start();
    const client = await Client.connect('localhost', port, { world, secureSocket });
    await client.writeBytes(Buffer.from('byte by byte'));

    assert.equal(Buffer.from(await client.readBytes(12)).toString(), 'byte by byte');
    await client.close();
    await listener.gracefulStop();
  });
});

test('two runs under TLS have equal traces, but for what is encrypted', async () => {
  const hashes: string[] = [];
  for (let turn = 0; turn < 2; turn++) {
    const world = simulatedWorld({ seed: 7 });
    await world.run(async () => {
      const listener = new Listener(0, { world, secureSocket: serving });
      listener.attach(() => ({ onBytes: (data) => data }));
      const { port } = await listener.start();
      const client = await Client.connect('localhost', port, { world, secureSocket });
      await client.writeBytes(Buffer.from('hello'));
      await client.readBytes(5);
      await client.close();
      await listener.gracefulStop();
    });
    hashes.push(world.trace.hash({ withoutCiphertext: true }));
  }

  assert.equal(hashes[0], hashes[1]);
});

for (const [claim, fault, seen] of [
  ['below the TLS of a listener', { on: 'clientHello', do: 'garbage', ending: 'fin' }, 'not-tls'],
  ['before any TLS', { on: 'accept', do: { alert: 'access_denied' } }, 'alert-received'],
] as const) {
  test(`a plan has a fault ${claim}`, async () => {
    assert.equal((await handshakeUnder(fault)).dialler, seen);
  });
}

test('a plan has a fault below the TLS of a dialler', async () => {
  const { listener } = await handshakeUnder({ side: 'dialler', on: 'accept', do: 'rst' });

  assert.equal(listener, 'reset-in-handshake');
});

/** How both sides say that the first handshake failed; the second one does not. */
async function handshakeUnder(
  fault: TlsActionFault & { readonly side?: 'dialler' },
): Promise<{ readonly dialler: unknown; readonly listener: unknown }> {
  const on = { connection: 1, state: 'connecting' } as const;
  const plan: Plan = { v: 1, faults: [{ on, do: { type: 'tls', ...fault } }] };
  const world = simulatedWorld({ plan });
  const kinds = await world.run(async () => {
    const listener = new Listener(0, { world, secureSocket: serving }).attach(() => undefined);
    const failed = new Promise<TcpError>((resolve) => listener.on('handshakeError', resolve));
    const address = await listener.start();
    const error = await rejection(Client.connect(address, { world, secureSocket }));
    const atListener = await failed;
    await Client.connect(address, { world, secureSocket }).then((client) => client.close());
    await listener.gracefulStop();
    return { dialler: error.kind, listener: atListener.kind };
  });
  assert.deepEqual(world.neverFired(), []);
  return kinds;
}
