/** Plays small scenarios in this process: started as `scenarios <off|events|full>`, the trace mode. */
import assert from 'node:assert/strict';
import { realWorld } from '../../src/network/real/world';
import type { TraceMode } from '../../src/network/trace';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import { answer, cpuUs } from './child';
import { content } from './content';

const mode = (process.argv[2] ?? 'off') as TraceMode;
const message = content.subarray(0, 1_024);

/** A world, a listener, a client, ten exchanges, the end of all of them: what a scenario does. */
async function scenario(): Promise<void> {
  const world = realWorld({ trace: { mode } });
  const listener = new Listener(0, { world }).attach(() => ({ onBytes: (data) => data }));
  const { port } = await listener.start();
  const client = await Client.connect('127.0.0.1', port, { world });
  for (let exchange = 0; exchange < 10; exchange++) {
    await client.writeBytes(message);
    assert.ok(message.equals(await client.readBytes(message.length)));
  }
  await client.close();
  await listener.gracefulStop();
  await world.scope[Symbol.asyncDispose]();
}

async function play({ count }: { readonly count: number }) {
  const before = cpuUs();
  const begin = performance.now();
  for (let played = 0; played < count; played++) await scenario();
  const seconds = (performance.now() - begin) / 1_000;
  return { units: count, seconds, cpuUs: cpuUs() - before };
}

answer({ play });
