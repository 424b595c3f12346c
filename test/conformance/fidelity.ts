/** Two-party scripts, and what each side reports when one is played on a network. */
import { type Random, seededRandom } from '../../src/base/random';
import type { Connection } from '../../src/network/connection';
import type { World } from '../../src/network/world';
import { connectPair } from './pair';

/** What one side does at one time. */
export type Action =
  | { readonly do: 'write'; readonly bytes: number }
  | { readonly do: 'end' | 'destroy' | 'reset' | 'pause' | 'resume' };

/** One step of a script. */
export type Step = { readonly side: 'dialler' | 'listener' } & Action;

/** A script: how both ends are opened, and what they do, 8 ms apart. */
export interface Script {
  readonly name: string;
  readonly halfOpen: { readonly dialler: boolean; readonly listener: boolean };
  readonly steps: readonly Step[];
}

/** What a side reported: its events in order, and the bytes it got. */
export interface Report {
  readonly dialler: string;
  readonly listener: string;
}

/** Real milliseconds between two steps: enough for a loopback, also on a busy machine. */
const stepMs = 8;

/** The script of a seed. */
export function randomScript(seed: number): Script {
  const random = seededRandom(seed).fork('fidelity');
  return {
    name: `seed ${seed}`,
    halfOpen: { dialler: random.below(2) === 0, listener: random.below(2) === 0 },
    steps: Array.from({ length: 2 + random.below(9) }, () => randomStep(random)),
  };
}

function randomStep(random: Random): Step {
  const side = random.below(2) === 0 ? 'dialler' : 'listener';
  const roll = random.below(20);
  if (roll < 8) return { side, do: 'write', bytes: randomSize(random) };
  if (roll < 11) return { side, do: 'end' };
  if (roll < 13) return { side, do: 'destroy' };
  if (roll < 14) return { side, do: 'reset' };
  return { side, do: roll < 17 ? 'pause' : 'resume' };
}

function randomSize(random: Random): number {
  const most = [10, 1_000, 20_000, 100_000, 300_000][random.below(5)] ?? 10;
  return 1 + random.below(most);
}

/** Plays a script; call it inside a drive when the world is simulated. */
export async function play(world: World, script: Script): Promise<Report> {
  const { client, server } = await connectPair(world, {
    connect: { allowHalfOpen: script.halfOpen.dialler, noDelay: true },
    listen: { allowHalfOpen: script.halfOpen.listener, noDelay: true },
  });
  const ends = { dialler: client, listener: server };
  const reports = { dialler: watch(client), listener: watch(server) };
  await world.clock.sleep(stepMs);
  for (const step of script.steps) {
    perform(ends[step.side], step);
    await world.clock.sleep(stepMs);
  }
  await world.clock.sleep(4 * stepMs);
  const result = { dialler: reports.dialler(), listener: reports.listener() };
  client.destroy();
  server.destroy();
  return result;
}

function perform(connection: Connection, step: Step): void {
  // Writing into a connection that is over is an error of the script, not of the network.
  switch (step.do) {
    case 'write':
      if (connection.writable) connection.write(Buffer.alloc(step.bytes, 'x'), () => {});
      return;
    case 'end':
      connection.end();
      return;
    case 'destroy':
      connection.destroy();
      return;
    case 'reset':
      connection.resetAndDestroy();
      return;
    case 'pause':
      connection.pause();
      return;
    case 'resume':
      connection.resume();
  }
}

function watch(connection: Connection): () => string {
  const seen: string[] = [];
  let bytes = 0;
  connection.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length;
  });
  for (const event of ['end', 'finish']) connection.on(event, () => seen.push(event));
  connection.on('error', (error: NodeJS.ErrnoException) => seen.push(`error:${error.code}`));
  connection.on('close', () => seen.push('close'));
  return () => `${seen.join(' ')} (${bytes} bytes)`;
}
