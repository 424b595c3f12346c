import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Connection } from '../../src/network/connection';
import type { World } from '../../src/network/world';
import { type Claim, inWorld, type Maker, settle } from './maker';
import { connectPair, dial, ended, type PairOptions } from './pair';

/** One thing that one end does. */
interface Step {
  readonly side: 'client' | 'server';
  readonly action: 'write' | 'end' | 'destroy' | 'reset' | 'pause' | 'resume' | 'halfClose';
  readonly bytes: number;
  /** Lets the network work before the next step. */
  readonly wait: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  side: fc.constantFrom('client', 'server'),
  action: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('write', 'pause', 'resume') },
    { weight: 2, arbitrary: fc.constantFrom('end', 'halfClose', 'destroy', 'reset') },
  ) as fc.Arbitrary<Step['action']>,
  bytes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(70_000, 300_000)),
  wait: fc.boolean(),
});

/** @source SIMULATION.md 2.4 */
export const orderContract: readonly Claim[] = [
  {
    claim: 'whatever two ends do, events keep their order and bytes their content',
    check: (maker) =>
      holds(maker, async (world, options) => {
        const { client, server } = await connectPair(world, options);
        return { client, server };
      }),
  },
  {
    claim: 'whatever a dial does before it is connected, events keep their order',
    check: (maker) =>
      holds(maker, async (world, { connect, listen }) => {
        const endpoint = await world.network.listen({ port: 0, ...listen }, drain);
        const client = dial(world, endpoint, connect);
        return { client, server: client };
      }),
  },
];

interface Ends {
  readonly client: Connection;
  readonly server: Connection;
}

/** A peer that takes everything and ends when the other end does. */
function drain(connection: Connection): void {
  connection.on('error', () => undefined);
  connection.on('end', () => connection.destroy());
  connection.resume();
}

async function holds(
  maker: Maker,
  open: (world: World, options: PairOptions) => Promise<Ends>,
): Promise<void> {
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 12 }),
    fc.boolean(),
    async (script, allowHalfOpen) => {
      await inWorld(maker, async (world) => {
        const options = { connect: { allowHalfOpen }, listen: { allowHalfOpen } };
        await play(world, await open(world, options), script);
      });
    },
  );
  await fc.assert(property, { numRuns: 25, endOnFailure: true });
}

/** Plays a script, and ends whatever it left open. */
async function play(
  world: World,
  { client, server }: Ends,
  script: readonly Step[],
): Promise<void> {
  const observers = [...new Set([client, server])].map((end) => new Observer(end));
  for (const { side, action, bytes, wait } of script) {
    const end = side === 'client' ? client : server;
    if (action === 'write') end.write(patternOf(end.bytesWritten, bytes));
    else if (action === 'reset') end.resetAndDestroy();
    else if (action === 'halfClose') end.halfClose().catch(() => undefined);
    else end[action]();
    if (wait) await world.clock.sleep(2);
  }
  await settle(world);
  const over = observers.map(({ connection }) => ended(connection));
  for (const { connection } of observers) connection.destroy();
  await Promise.all(over);
  await settle(world);

  for (const observer of observers) observer.check();
  checkTrace(world);
}

/** Bytes that tell their place in the stream. */
function patternOf(offset: number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (offset + index) % 251));
}

/** Watches one end, and holds it to the rules. */
class Observer {
  readonly connection: Connection;
  readonly #events: string[] = [];
  #arrived = 0;
  #intact = true;

  constructor(connection: Connection) {
    this.connection = connection;
    const events = ['connect', 'end', 'finish', 'error', 'close'];
    for (const event of events) connection.on(event, () => this.#events.push(event));
    connection.on('data', (chunk: Uint8Array) => {
      if (this.#events.at(-1) !== 'data') this.#events.push('data');
      for (const byte of chunk) this.#intact &&= byte === this.#arrived++ % 251;
    });
  }

  check(): void {
    const events = this.#events;
    const count = (event: string): number => events.filter((other) => other === event).length;
    const story = events.join(' ');
    assert.equal(count('close'), 1, story);
    assert.equal(events.at(-1), 'close', story);
    assert.equal(count('error') <= 1, true, story);
    assert.equal(count('end') <= 1, true, story);
    if (count('end') > 0) {
      assert.equal(events.indexOf('end') > events.lastIndexOf('data'), true, story);
    }
    if (count('connect') > 0) assert.equal(events[0], 'connect', story);
    assert.equal(this.#intact, true, 'bytes arrived changed or out of order');
  }
}

/**
 * After `close` only the wire itself may still be heard of, and no data is told behind the FIN of
 * its direction.
 */
function checkTrace(world: World): void {
  const ids = new Set(world.trace.events.map(({ connection }) => connection));
  for (const id of ids) {
    const kinds = world.trace.events
      .filter(({ connection }) => connection === id)
      .map(({ kind, direction }) => `${kind} ${direction}`);
    const story = `${id}: ${kinds.join(', ')}`;
    const close = kinds.indexOf('close -');
    const late = close < 0 ? [] : kinds.slice(close + 1);
    assert.deepEqual(
      late.filter((kind) => !/^(fin|rst|window) /.test(kind)),
      [],
      story,
    );
    for (const direction of ['out', 'in']) {
      const fin = kinds.indexOf(`fin ${direction}`);
      if (fin >= 0) assert.equal(kinds.lastIndexOf(`data ${direction}`) < fin, true, story);
    }
  }
}
