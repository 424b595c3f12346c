import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { WireEvent, WireEventKind } from '../../src/network/wire-event';
import type { World } from '../../src/network/world';
import { type Claim, contract, settle } from './maker';
import { connectPair, dial, ended, listenOnce, readAll, write } from './pair';

/** @source SIMULATION.md 11; CAPTURE.md 2.1 and 2.2 */
const conversation = contract((claim) => {
  claim('a conversation reads as open, bytes, end at the dialling end', async (world) => {
    const { client, server } = await connectPair(world);
    server.once('data', () => server.end('pong'));
    client.write('ping');
    await readAll(client);
    await Promise.all([ended(client), ended(server)]);

    assert.deepEqual(kindsOf(world, client.id), [
      'syn out',
      'established in',
      'write out',
      'data in',
      'fin in',
      'fin out',
      'close -',
    ]);
  });

  claim('a conversation reads as accept, bytes, end at the accepting end', async (world) => {
    const { client, server } = await connectPair(world);
    server.once('data', () => server.end('pong'));
    client.write('ping');
    await readAll(client);
    await Promise.all([ended(client), ended(server)]);

    assert.deepEqual(kindsOf(world, server.id), [
      'accepted out',
      'data out',
      'write in',
      'fin in',
      'fin out',
      'close -',
    ]);
  });

  claim('events that open a connection carry the addresses of both ends', async (world) => {
    const { client, server } = await connectPair(world);

    for (const kind of ['syn', 'established'] as const) {
      const event = eventOf(world, client.id, kind);
      assert.deepEqual([event.local, event.remote], [client.local, client.remote]);
    }
    const accepted = eventOf(world, server.id, 'accepted');
    assert.deepEqual([accepted.local, accepted.remote], [server.local, server.remote]);
  });

  claim('a refused dial reads as syn and refused, with addresses', async (world) => {
    const { endpoint } = await listenOnce(world);
    await endpoint.close();
    const client = dial(world, endpoint);
    await ended(client);

    assert.deepEqual(kindsOf(world, client.id), ['syn out', 'refused in', 'error -', 'close -']);
    assert.deepEqual(eventOf(world, client.id, 'refused').remote, endpoint.address);
    assert.equal(eventOf(world, client.id, 'error').detail?.['code'], 'ECONNREFUSED');
  });

  claim('events name the labels of both ends', async (world) => {
    const { client, server } = await connectPair(world, {
      connect: { label: 'client alice' },
      listen: { label: 'mail' },
    });
    client.write('hello');
    await once(server, 'data');

    const sent = eventOf(world, client.id, 'write');
    assert.deepEqual([sent.from, sent.to], ['client alice', 'mail']);
    const got = eventOf(world, server.id, 'data');
    assert.deepEqual([got.from, got.to], ['mail', 'client alice']);
  });

  claim('a look-up is told with name and address', async (world) => {
    const { endpoint } = await listenOnce(world);
    const client = world.network.connect({ host: 'localhost', port: endpoint.address.port });
    await once(client, 'connect');

    const found = world.trace.events.filter(({ kind }) => kind === 'lookup');
    const details = found.map(({ detail }) => `${detail?.['host']} ${detail?.['address']}`);
    assert.equal(details.includes('localhost 127.0.0.1'), true);
  });

  claim('a probe is marked', async (world) => {
    const { endpoint } = await listenOnce(world);
    const client = dial(world, endpoint, { probe: true });
    await once(client, 'connect');

    assert.equal(eventOf(world, client.id, 'syn').detail?.['probe'], true);
  });
});

/** @source SIMULATION.md 11 */
const bytes = contract((claim) => {
  claim('what is told as data is what was told as written, at running offsets', async (world) => {
    const { client, server } = await connectPair(world);
    server.resume();
    client.resume();
    for (let index = 0; index < 5; index++) {
      client.write(Buffer.alloc(20_000 + index, index));
      server.write(`answer ${index} é`);
    }
    client.end();
    await Promise.all([ended(client), ended(server)]);

    for (const direction of ['out', 'in'] as const) {
      const written = streamOf(world, direction, 'write');
      const arrived = streamOf(world, direction, 'data');
      assert.equal(written.length > 50, true);
      assert.equal(arrived.equals(written), true);
    }
  });

  claim('a buffer that is used again does not change what the trace holds', async (world) => {
    const { client, server } = await connectPair(world);
    server.resume();
    const reused = Buffer.from('first');

    await write(client, reused);
    reused.write('XXXXX');
    await write(client, reused);

    assert.equal(streamOf(world, 'out', 'write').toString(), 'firstXXXXX');
  });

  claim('writes before the connection are told after it is established', async (world) => {
    const { endpoint, accepted } = await listenOnce(world);
    const client = dial(world, endpoint);
    client.write('early');
    client.end(' bird');
    await readAll(await accepted);

    assert.deepEqual(kindsOf(world, client.id).slice(0, 3), [
      'syn out',
      'established in',
      'write out',
    ]);
    assert.equal(streamOf(world, 'out', 'write').toString(), 'early bird');
  });

  claim('what onread takes is told as data', async (world) => {
    const memory = new Uint8Array(8);
    let left = 12;
    let onAll: () => void = () => undefined;
    const { client, server } = await connectPair(world, {
      connect: {
        onread: {
          buffer: memory,
          callback: (count) => {
            left -= count;
            if (left === 0) onAll();
            return true;
          },
        },
      },
    });
    const all = new Promise<void>((resolve) => {
      onAll = resolve;
    });
    server.write('twelve bytes');
    await all;

    assert.equal(client.bytesRead, 12);
    assert.equal(streamOf(world, 'in', 'data').toString(), 'twelve bytes');
  });
});

/** @source SIMULATION.md 11; decision 17 */
const endings = contract((claim) => {
  claim('FIN and RST are told apart, at both ends', async (world) => {
    const orderly = await connectPair(world);
    orderly.server.resume();
    orderly.client.resume();
    orderly.client.end();
    await Promise.all([ended(orderly.client), ended(orderly.server)]);
    const torn = await connectPair(world);
    torn.server.resume();
    torn.client.resetAndDestroy();
    await Promise.all([ended(torn.client), ended(torn.server)]);

    assert.deepEqual(endingsOf(world, orderly.client.id), ['fin out', 'fin in']);
    assert.deepEqual(endingsOf(world, orderly.server.id), ['fin out', 'fin in']);
    assert.deepEqual(endingsOf(world, torn.client.id), ['rst out']);
    assert.deepEqual(endingsOf(world, torn.server.id), ['rst out']);
    for (const id of [torn.client.id, torn.server.id]) {
      assert.equal(typeof eventOf(world, id, 'rst').detail?.['reason'], 'string');
    }
  });

  claim('a destroyed connection is told to have sent FIN', async (world) => {
    const { client, server } = await connectPair(world);
    server.resume();
    client.destroy();
    await Promise.all([ended(client), ended(server)]);

    assert.deepEqual(endingsOf(world, client.id), ['fin out']);
    assert.deepEqual(endingsOf(world, server.id).slice(0, 1), ['fin out']);
  });

  claim('close is told once and last', async (world) => {
    const { client, server } = await connectPair(world);
    client.write('x');
    server.resume();
    await settle(world);
    server.resetAndDestroy();
    await Promise.all([ended(client), ended(server)]);

    for (const id of [client.id, server.id]) {
      const kinds = kindsOf(world, id);
      assert.equal(kinds.indexOf('close -'), kinds.length - 1);
    }
  });

  claim('pauses, idle timeouts and errors are told', async (world) => {
    const { client, server } = await connectPair(world);
    client.resume();
    client.pause();
    client.pause();
    client.resume();
    client.setTimeout(5);
    await once(client, 'timeout');
    server.resetAndDestroy();
    await ended(client);

    const marks = kindsOf(world, client.id).filter((kind) => kind.endsWith(' -'));
    assert.deepEqual(marks, ['pause -', 'resume -', 'timeout -', 'error -', 'close -']);
    assert.equal(eventOf(world, client.id, 'timeout').detail?.['ms'], 5);
  });

  claim('a trace counts from zero and never goes back in time', async (world) => {
    const { client, server } = await connectPair(world);
    server.resume();
    client.end('hello');
    await ended(server);

    world.trace.events.forEach((event, index) => {
      assert.equal(event.index, index);
      assert.equal(event.atUs >= (world.trace.events[index - 1]?.atUs ?? 0), true);
    });
    assert.match(world.trace.hash(), /^[0-9a-f]{32}$/);
  });
});

/** What every network tells its trace. */
export const traceContract: readonly Claim[] = [...conversation, ...bytes, ...endings];

function eventsOf(world: World, connection: string): WireEvent[] {
  return world.trace.events.filter((event) => event.connection === connection);
}

/** Kinds that only some networks tell are left out. */
function kindsOf(world: World, connection: string): string[] {
  return eventsOf(world, connection)
    .filter(({ kind }) => kind !== 'window')
    .map(({ kind, direction }) => `${kind} ${direction}`);
}

function eventOf(world: World, connection: string, kind: WireEventKind): WireEvent {
  const found = eventsOf(world, connection).find((event) => event.kind === kind);
  assert.ok(found, `${connection} told no ${kind}`);
  return found;
}

function endingsOf(world: World, connection: string): string[] {
  return kindsOf(world, connection).filter((kind) => /^(fin|rst) /.test(kind));
}

/** The bytes of a direction as the events of one kind tell them; offsets must run. */
function streamOf(world: World, direction: 'out' | 'in', kind: 'write' | 'data'): Buffer {
  const events = world.trace.events.filter(
    (event) => event.direction === direction && event.kind === kind,
  );
  let offset = 0;
  for (const event of events) {
    assert.equal(event.stream, offset);
    assert.equal(event.length, event.bytes?.byteLength);
    offset += event.length ?? 0;
  }
  return Buffer.concat(events.map((event) => event.bytes ?? new Uint8Array()));
}
