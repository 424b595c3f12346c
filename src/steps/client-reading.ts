import { bytesEqual, firstDifference } from '../base/bytes';
import { notReceived, otherBytes, tooFewBytes, unwantedBytes } from './client-failures';
import { read } from './client-wait';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/** After a deadline, this long is watched for what came too late, so that the failure can say it. */
const lateWatchMs = 500;

/**
 * Waits for bytes after the cursor, and consumes them with what lay before them.
 *
 * @throws StepFailure
 */
export async function receive(
  world: StepWorld,
  client: ScenarioClient,
  bytes: Uint8Array,
  limitMs: number = world.settings.timeoutMs,
): Promise<void> {
  const find = client.transcript.finder(bytes);
  const { found, ending } = await read(world, client, find, limitMs);
  if (found !== undefined) {
    client.transcript.consume(found, found + bytes.byteLength, world.step.text);
    return;
  }
  const late = ending.by === 'deadline' ? await lateBy(world, client, find) : undefined;
  throw notReceived(world, client, bytes, ending, late);
}

/** Needs the next unread bytes to be exactly these, and quiet behind them. @throws StepFailure */
export async function receiveExactly(
  world: StepWorld,
  client: ScenarioClient,
  bytes: Uint8Array,
): Promise<void> {
  await compareWhole(world, client, bytes, () => client.transcript.unread);
  client.transcript.cursor = client.transcript.length;
}

/** Needs everything received on the connection to be exactly these bytes; moves nothing. @throws StepFailure */
export async function receiveInTotal(
  world: StepWorld,
  client: ScenarioClient,
  bytes: Uint8Array,
): Promise<void> {
  await compareWhole(world, client, bytes, () => client.transcript.all);
}

/** Waits for a count of bytes, and consumes them. @throws StepFailure */
export async function receiveCount(
  world: StepWorld,
  client: ScenarioClient,
  count: number,
): Promise<void> {
  const { transcript } = client;
  const enough = (): true | undefined => (transcript.unread.byteLength >= count ? true : undefined);
  const { found, ending } = await read(world, client, enough, world.settings.timeoutMs);
  if (found === undefined) throw tooFewBytes(world, client, count, ending);
  transcript.consume(transcript.cursor, transcript.cursor + count, world.step.text);
}

/** Watches that no byte comes; bytes that wait unread count as having come. @throws StepFailure */
export async function receiveNothing(
  world: StepWorld,
  client: ScenarioClient,
  ms: number,
): Promise<void> {
  const { transcript } = client;
  const look = (): true | undefined => (transcript.unread.byteLength > 0 ? true : undefined);
  const { found, waitedMs } = await world.waitFor(client, look, ms);
  if (found) throw unwantedBytes(world, client, ms, waitedMs);
}

async function compareWhole(
  world: StepWorld,
  client: ScenarioClient,
  expected: Uint8Array,
  received: () => Buffer,
): Promise<void> {
  const decided = (): true | undefined => {
    const got = received();
    const shorter = Math.min(got.byteLength, expected.byteLength);
    const differs = firstDifference(got.subarray(0, shorter), expected.subarray(0, shorter)) >= 0;
    return differs || got.byteLength >= expected.byteLength ? true : undefined;
  };
  const { found, ending } = await read(world, client, decided, world.settings.timeoutMs);
  const beganUs = world.clock.now();
  if (found && !client.over) await world.quiet(client);
  if (bytesEqual(received(), expected)) return;
  const waitedMs = ending.waitedMs + (world.clock.now() - beganUs) / 1_000;
  const by = found && client.over ? 'over' : ending.by;
  const ended = { by, waitedMs, count: received().byteLength };
  throw otherBytes(world, client, expected, received(), ended);
}

/** How long after its deadline something came, in milliseconds; absent when it did not come soon. */
async function lateBy(
  world: StepWorld,
  client: ScenarioClient,
  find: () => unknown,
): Promise<number | undefined> {
  const { found, waitedMs } = await world.waitFor(client, find, lateWatchMs);
  return found === undefined ? undefined : waitedMs;
}
