import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { ByteTaker, Connection } from '../../../../src/network/connection';
import { realWorld } from '../../../../src/network/real/world';
import type { World } from '../../../../src/network/world';
import { connectPair } from '../../../conformance/pair';
import { pattern } from '../../../conformance/tcp-pair';
import { inRealWorld } from '../../../support/tcp-world';

/** A taker that notes what it was given. */
class Notes implements ByteTaker {
  readonly keeps: boolean;
  readonly pieces: Uint8Array[] = [];
  length = 0;
  #wanted: { readonly length: number; readonly resolve: () => void } | undefined;
  readonly #free: boolean;

  constructor(keeps: boolean, free: boolean) {
    this.keeps = keeps;
    this.#free = free;
  }

  takeBytes(bytes: Uint8Array): boolean {
    // Memory that is given back changes, so it is looked at now.
    this.pieces.push(this.#free ? Buffer.from(bytes) : bytes);
    this.length += bytes.length;
    if (this.#wanted !== undefined && this.length >= this.#wanted.length) this.#wanted.resolve();
    return this.#free;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }

  /** Resolves once so much is there. */
  has(length: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wanted = { length, resolve };
      if (this.length >= length) resolve();
    });
  }
}

/** Runs with both ends of a connection, without a trace. */
async function withPair(
  body: (client: Connection, server: Connection, world: World) => Promise<void>,
): Promise<void> {
  const world = realWorld();
  const { client, server, endpoint } = await connectPair(world);
  try {
    await body(client, server, world);
  } finally {
    await endpoint.close();
    await world.scope[Symbol.asyncDispose]();
  }
}

const much = pattern(24 * 1_048_576);

for (const [keeps, free] of [
  [false, true],
  [false, false],
  [true, false],
] as const) {
  const who = keeps ? 'keeps all' : free ? 'gives memory back' : 'gives no memory back';
  test(`a taker that ${who} gets every byte, on both ends`, { timeout: 20_000 }, () =>
    withPair(async (client, server) => {
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        const notes = new Notes(keeps, free);
        assert.equal(to.lendTo?.(notes), true);
        to.resume();
        from.write(much);
        await notes.has(much.length);

        assert.ok(notes.bytes.equals(much));
        assert.equal(to.bytesRead, much.length);
        assert.ok(notes.pieces.length < much.length / 65_536, 'reads did not become larger');
      }
    }),
  );
}

test('what is lent pauses, goes on and ends as before', { timeout: 20_000 }, () =>
  withPair(async (client, server) => {
    const notes = new Notes(false, true);
    server.lendTo?.(notes);
    server.resume();
    client.write('one');
    await notes.has(3);
    server.pause();
    client.end('two');
    await once(client, 'finish');
    assert.equal(notes.length, 3);
    server.resume();
    await once(server, 'end');

    assert.equal(notes.bytes.toString(), 'onetwo');
  }),
);

test('a reader that is fed little gives its memory back', { timeout: 20_000 }, () =>
  withPair(async (client, server) => {
    const notes = new Notes(false, false);
    server.lendTo?.(notes);
    server.resume();
    client.write(much);
    await notes.has(much.length);
    for (let turn = 1; turn <= 6; turn++) {
      client.write('x');
      await notes.has(much.length + turn);
    }

    const sizes = notes.pieces.map(({ buffer }) => buffer.byteLength);
    assert.ok(sizes.includes(524_288));
    assert.ok((sizes.at(-1) ?? 0) <= Buffer.poolSize, `${sizes.at(-1)} B for one`);
  }),
);

test('what is lent is in the trace', { timeout: 20_000 }, () =>
  inRealWorld(async (world) => {
    const { client, server, endpoint } = await connectPair(world);
    const notes = new Notes(false, true);
    server.lendTo?.(notes);
    server.resume();
    client.write('told');
    await notes.has(4);

    const told = world.trace.events.filter(({ kind }) => kind === 'data');
    assert.deepEqual(
      told.map(({ bytes }) => Buffer.from(bytes ?? []).toString()),
      ['told'],
    );
    for (const end of [client, server]) end.destroy();
    await Promise.all([once(client, 'close'), once(server, 'close'), endpoint.close()]);
  }),
);

test('a connection that is over lends nothing', { timeout: 20_000 }, () =>
  withPair(async (client, server) => {
    client.destroy();
    server.destroy();
    await once(server, 'close');

    assert.equal(server.lendTo?.(new Notes(false, true)), false);
  }),
);
