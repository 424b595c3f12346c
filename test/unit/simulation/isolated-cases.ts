/** Cases that tests run in worker threads. */
import { once } from 'node:events';
import type { SimulatedWorld } from '../../../src/simulation/world';
import { connectPair } from '../../conformance/pair';

// Captured when the module loads, as drivers do.
const captured = setTimeout;
let calls = 0;

/** Waits for `input` ms by a captured timer, and counts the calls of this thread. */
export async function run({ clock }: SimulatedWorld, input: unknown): Promise<object> {
  await new Promise((resolve) => captured(resolve, Number(input)));
  calls++;
  return { calls, nowUs: clock.now(), date: Date.now() };
}

export async function echo(world: SimulatedWorld): Promise<string> {
  const { client, server } = await connectPair(world);
  server.pipe(server);
  client.write('hello');
  const [chunk] = await once(client, 'data');
  return String(chunk);
}

export function fail(): never {
  throw Object.assign(new TypeError('the case failed'), { code: 'ECASE' });
}

export function loop(): never {
  for (;;);
}

export function uncopied(): () => void {
  return () => {};
}

export function leave(): never {
  process.exit(3);
}
