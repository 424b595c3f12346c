/**
 * Plays conversations over connections in this process: started as
 * `conversations <loopback|simulated> [timeout]`.
 *
 * One conversation: connect, write 1 KiB in five chunks, read its echo, with `timeout` wait for a
 * read that gives up after 300 s, close. The 300 s pass only where time is virtual.
 */
import assert from 'node:assert/strict';
import { realWorld } from '../../src/network/real/world';
import type { World } from '../../src/network/world';
import { simulatedWorld } from '../../src/simulation/world';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import { answer, cpuUs } from './child';
import { content } from './content';

const simulated = process.argv[2] === 'simulated';
const waits = process.argv[3] === 'timeout';
/** Far more than any turn takes: what is measured is not the limit. */
const budgets = { virtualTime: '1000h', realTime: '10min', events: 100_000_000 };
const message = content.subarray(0, 1_024);
const chunks = [0, 1, 2, 3, 4].map((at) =>
  message.subarray(Math.floor((at * 1_024) / 5), Math.floor(((at + 1) * 1_024) / 5)),
);

async function converse(world: World, port: number): Promise<void> {
  const client = await Client.connect('127.0.0.1', port, { world, timeout: '300s' });
  for (const chunk of chunks) await client.writeBytes(chunk);
  assert.ok(message.equals(await client.readBytes(message.length)));
  if (waits) {
    const failure = await client.readBytes().catch((error: { code?: string }) => error.code);
    assert.equal(failure, 'EREADTIMEOUT');
  }
  await client.close();
}

/** A world with an echo listener in it, in which a body plays. */
async function inWorld(body: (world: World, port: number) => Promise<void>): Promise<void> {
  const play = async (world: World): Promise<void> => {
    const listener = new Listener(0, { world }).attach(() => ({ onBytes: (data) => data }));
    const { port } = await listener.start();
    await body(world, port);
    await listener.gracefulStop();
  };
  if (simulated) {
    await simulatedWorld({ trace: 'events', budgets }).run(play);
  } else {
    const world = realWorld({ trace: { mode: 'events' } });
    await play(world);
    await world.scope[Symbol.asyncDispose]();
  }
}

async function timed(units: number, body: () => Promise<void>) {
  const before = cpuUs();
  const begin = performance.now();
  await body();
  return { units, seconds: (performance.now() - begin) / 1_000, cpuUs: cpuUs() - before };
}

answer({
  /** One after the other, all in one world. */
  play: ({ count }: { readonly count: number }) =>
    timed(count, () =>
      inWorld(async (world, port) => {
        for (let played = 0; played < count; played++) await converse(world, port);
      }),
    ),
  /** All at once in one world. */
  crowd: ({ count }: { readonly count: number }) =>
    timed(count, () =>
      inWorld(async (world, port) => {
        await Promise.all(Array.from({ length: count }, () => converse(world, port)));
      }),
    ),
});
