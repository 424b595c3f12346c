/** Sentences by which a client sends. */
import { TcpError } from '../base/errors';
import { formatByteCount } from '../base/size';
import { bytesOf } from './argument-bytes';
import { stepFailure } from './failure-message';
import type { ScenarioClient } from './scenario-client';
import { clients } from './scenario-clients';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

/** On the real network, sending may take a second more for each of these. */
const bytesPerSecond = 8 * 1_024 * 1_024;

export const clientSendSteps: readonly Step[] = [
  step({
    id: 'client.sends',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} sends {bytes}',
    example: 'client "alice" sends hex "de ad be ef"',
    summary: 'writes and waits until the network took the bytes',
    failure: 'write failed after n of m bytes: reason',
    limit: (world, _client, bytes) => sendLimit(world, bytes),
    run: (world, client, bytes) => send(world, clients(world).get(client), [bytes]),
  }),
  step({
    id: 'client.sends.chunks',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} sends {bytes} in {int} chunks',
    example: 'client sends 64 KiB of "a" in 7 chunks',
    summary: 'cuts the bytes into n near-equal pieces, one segment each, without a delay',
    failure: 'write failed after n of m bytes: reason; n is larger than the count of bytes',
    limit: (world, _client, bytes) => sendLimit(world, bytes),
    run: (world, client, bytes, count) =>
      send(world, clients(world).get(client), cutInto(bytes, count)),
  }),
  step({
    id: 'client.sends.bytewise',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} sends {bytes} one byte at a time',
    example: 'client sends "PING\\r\\n" one byte at a time',
    summary: 'one segment per byte',
    failure: 'write failed after n of m bytes: reason',
    limit: (world, _client, bytes) => sendLimit(world, bytes),
    run: (world, client, bytes) =>
      send(world, clients(world).get(client), cutInto(bytes, bytes.byteLength)),
  }),
  step({
    id: 'client.sends.every',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} sends {bytes} every {duration} {times}',
    example: 'client sends "PING" every 100 ms 5 times',
    summary: 'repeats the write on the clock, the first at once; {times} must be exact',
    failure: 'write k of n failed',
    limit: (world, _client, bytes, ms, times) => sendLimit(world, bytes) + ms * times.min,
    async run(world, client, bytes, ms, times) {
      if (times.min !== times.max)
        throw new Error('repeating needs an exact count, such as 5 times');
      for (let count = 0; count < times.min; count++) {
        if (count > 0) await world.pass(ms);
        const which = `write ${count + 1} of ${times.min}`;
        await send(world, clients(world).get(client), [bytes], which);
      }
    },
  }),
  step({
    id: 'client.sends.lines',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} sends:',
    argument: 'either',
    example: 'client sends:',
    exampleArgument: '"""\nline "EHLO me"\nhex "00 01"\n"""',
    summary: 'sends a doc string or table of literals, joined',
    failure: 'write failed after n of m bytes: reason',
    limit: (world) => world.settings.timeoutMs,
    run: (world, client, lines) => send(world, clients(world).get(client), [bytesOf(world, lines)]),
  }),
];

async function send(
  world: StepWorld,
  client: ScenarioClient,
  pieces: readonly Uint8Array[],
  what = 'write',
): Promise<void> {
  const total = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const before = client.flushed;
  const limitMs = world.clock.kind === 'virtual' ? undefined : sendLimitOf(world, total);
  try {
    for (const piece of pieces) await client.send(piece, limitMs);
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    const done = client.flushed - before;
    throw stepFailure(world, {
      headline: `${client.title}: ${what} failed after ${done} of ${formatByteCount(total)}: ${error.message}`,
      code: error.code,
      phase: error.phase,
      cause: error,
      ...(client.connection === undefined ? {} : { connection: client.connection }),
    });
  }
}

function sendLimit(world: StepWorld, bytes: Uint8Array): number {
  return sendLimitOf(world, bytes.byteLength);
}

function sendLimitOf(world: StepWorld, count: number): number {
  return world.settings.timeoutMs + (count / bytesPerSecond) * 1_000;
}

/** Near-equal pieces, the longer ones first. */
function cutInto(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  if (count > bytes.byteLength || count < 1) {
    const what = formatByteCount(bytes.byteLength);
    throw new Error(`${what} cannot be cut into ${count} pieces`);
  }
  const short = Math.floor(bytes.byteLength / count);
  const longer = bytes.byteLength % count;
  const start = (index: number): number => index * short + Math.min(index, longer);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(start(index), start(index + 1)),
  );
}
