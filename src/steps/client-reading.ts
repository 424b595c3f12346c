import type { BytePattern } from '../base/byte-pattern';
import { matchPattern } from '../base/byte-pattern-match';
import { type ByteRegex, matchByteRegex } from '../base/byte-regex';
import { bytesEqual, firstDifference } from '../base/bytes';
import type { TcpError } from '../base/errors';
import type { Ending } from './client-ending';
import {
  notReceived,
  otherBytes,
  otherFailure,
  patternMissed,
  regexMissed,
  tooFewBytes,
  unwantedBytes,
} from './client-failures';
import { type FailureClass, isOfClass } from './failure-classes';
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

/** Waits for the first match after the cursor, consumes it, and keeps its named groups. @throws StepFailure */
export async function receiveMatch(
  world: StepWorld,
  client: ScenarioClient,
  regex: ByteRegex,
): Promise<void> {
  const { transcript } = client;
  const now = (): number => world.clock.now();
  const look = () => matchByteRegex(regex, transcript.unread, { now });
  const { found, ending } = await read(world, client, look, world.settings.timeoutMs);
  if (found === undefined) throw regexMissed(world, client, regex, ending);
  world.keepMatches(found.captures);
  const start = transcript.cursor + found.start;
  transcript.consume(start, transcript.cursor + found.end, world.step.text);
}

/** Waits until what stands at the cursor fits a pattern, consumes it, and keeps its captures. @throws StepFailure */
export async function receivePattern(
  world: StepWorld,
  client: ScenarioClient,
  pattern: BytePattern,
): Promise<void> {
  const { transcript } = client;
  const look = () => {
    const match = matchPattern(pattern, transcript.unread, { whole: false });
    return match.matched || !match.incomplete ? match : undefined;
  };
  const { found, ending } = await read(world, client, look, world.settings.timeoutMs);
  if (!found?.matched) {
    const { by, waitedMs } = ending;
    throw patternMissed(
      world,
      client,
      pattern,
      found ? { by: 'mismatch', waitedMs } : { by, waitedMs },
    );
  }
  world.keepMatches(found.captures);
  transcript.consume(transcript.cursor, transcript.cursor + found.end, world.step.text);
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

/** Waits for a failure of a class, which counts as seen then. @throws StepFailure */
export async function seeFailure(
  world: StepWorld,
  client: ScenarioClient,
  wanted: FailureClass,
  limitMs: number = world.settings.timeoutMs,
): Promise<void> {
  const fits = (error: TcpError): boolean => isOfClass(wanted, error);
  const look = (): 'seen' | 'never' | undefined => {
    if (client.seeFailure(fits) !== undefined) return 'seen';
    return !client.open && (client.over || !client.used) ? 'never' : undefined;
  };
  const { found, waitedMs } = await world.waitFor(client, look, limitMs);
  if (found === 'seen') return;
  throw otherFailure(
    world,
    client,
    wanted,
    found === 'never' ? { by: 'over', waitedMs } : { by: 'deadline', waitedMs: limitMs },
  );
}

interface ReadResult<T> {
  readonly found?: T;
  readonly ending: Ending;
}

/** Waits for what `look` wants, or until no more bytes can come, or a read timeout is met. */
async function read<T>(
  world: StepWorld,
  client: ScenarioClient,
  look: () => T | undefined,
  limitMs: number,
): Promise<ReadResult<T>> {
  if (!client.used) throw new Error(`${client.title} was never connected`);
  const before = client.failures.length;
  const wait = await world.waitFor<{ value: T } | 'over' | 'timeout'>(
    client,
    () => {
      const value = look();
      if (value !== undefined) return { value };
      if (client.over) return 'over';
      const met = client.failures.slice(before).find(({ seen }) => !seen);
      return met?.error.code === 'EREADTIMEOUT' ? 'timeout' : undefined;
    },
    limitMs,
  );
  const { found, waitedMs } = wait;
  if (typeof found === 'object') return { found: found.value, ending: { by: 'quiet', waitedMs } };
  return {
    ending: found === undefined ? { by: 'deadline', waitedMs: limitMs } : { by: found, waitedMs },
  };
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
