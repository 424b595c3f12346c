/** What is said when a client did not receive what a step asked for. */
import { formatDifference } from '../base/byte-difference';
import { printBytesShortened } from '../base/byte-literal-printer';
import { type BytePattern, printQuotedPattern } from '../base/byte-pattern';
import { matchPattern } from '../base/byte-pattern-match';
import { type ByteRegex, printByteRegex } from '../base/byte-regex';
import { asBuffer } from '../base/bytes';
import { formatDuration } from '../base/duration';
import type { TcpErrorCode } from '../base/error-codes';
import { hexdump } from '../base/hexdump';
import { formatByteCount } from '../base/size';
import { hintsAbout } from './byte-hints';
import { type Ending, endingWords, shortTime } from './client-ending';
import { type FailureClass, failureWords } from './failure-classes';
import { stepFailure } from './failure-message';
import { nearestMatch } from './nearest-match';
import type { ScenarioClient } from './scenario-client';
import type { StepFailure } from './step-failure';
import type { StepWorld } from './step-world';

/** Bytes that were waited for did not come. */
export function notReceived(
  world: StepWorld,
  client: ScenarioClient,
  expected: Uint8Array,
  ending: Ending,
  lateMs: number | undefined,
): StepFailure {
  const { unread } = client.transcript;
  const late = lateMs === undefined ? [] : [`it came ${shortTime(lateMs)} after the deadline`];
  return fail(world, client, ending, {
    what: `did not receive ${printBytesShortened(expected, 64)}`,
    expected,
    body: [nearestMatch(expected, unread), skipped(client)],
    hints: [...late, ...hintsAbout(world, client, expected, unread)],
  });
}

/** The next bytes, or all bytes, differ from what was expected. */
export function otherBytes(
  world: StepWorld,
  client: ScenarioClient,
  expected: Uint8Array,
  received: Uint8Array,
  ending: Ending,
): StepFailure {
  const some = received.byteLength > 0;
  return fail(world, client, ending, {
    what: some
      ? 'received other bytes than expected'
      : `did not receive ${printBytesShortened(expected, 64)}`,
    expected,
    body: some ? [formatDifference(expected, received)] : [],
    hints: hintsAbout(world, client, expected, received),
  });
}

export function tooFewBytes(
  world: StepWorld,
  client: ScenarioClient,
  count: number,
  ending: Ending,
): StepFailure {
  const { unread } = client.transcript;
  return fail(world, client, ending, {
    what: `received ${unread.byteLength} of ${formatByteCount(count)}`,
    body: [dump(unread)],
  });
}

export function regexMissed(
  world: StepWorld,
  client: ScenarioClient,
  regex: ByteRegex,
  ending: Ending,
): StepFailure {
  const { unread } = client.transcript;
  return fail(world, client, ending, {
    what: `received nothing that matches ${printByteRegex(regex)}`,
    expected: printByteRegex(regex),
    body: [`received  ${printBytesShortened(unread, 512)}`, skipped(client)],
  });
}

export function patternMissed(
  world: StepWorld,
  client: ScenarioClient,
  pattern: BytePattern,
  ending: Ending,
): StepFailure {
  const { unread } = client.transcript;
  const match = matchPattern(pattern, unread, { whole: false });
  return fail(world, client, ending, {
    what: `received nothing like ${printQuotedPattern(pattern)}`,
    expected: printQuotedPattern(pattern),
    body: [match.matched ? '' : match.reason, dump(unread)],
  });
}

export function unwantedBytes(
  world: StepWorld,
  client: ScenarioClient,
  ms: number,
  waitedMs: number,
): StepFailure {
  const { unread } = client.transcript;
  const when = waitedMs < 1 ? 'they were there, unread' : `they came after ${shortTime(waitedMs)}`;
  return fail(world, client, undefined, {
    what: `received ${formatByteCount(unread.byteLength)} where ${formatDuration(ms)} of silence was expected`,
    why: when,
    body: [dump(unread)],
  });
}

/** A failure that was waited for was not met. */
export function otherFailure(
  world: StepWorld,
  client: ScenarioClient,
  wanted: FailureClass,
  ending: Ending,
): StepFailure {
  const met = client.failures.filter(({ seen }) => !seen);
  const saw = met.map(({ error }) => `${failureWords(error)} (${error.code})`);
  return fail(world, client, ending, {
    what: `did not see ${wanted.words}`,
    expected: wanted.words,
    actual: met.map(({ error }) => error.code),
    body: [saw.length > 0 ? `saw ${saw.join(', ')} instead` : 'saw no failure'],
    ...(met.length === 0 ? {} : { cause: met[0]?.error }),
  });
}

interface Finding {
  readonly what: string;
  readonly why?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly cause?: unknown;
  readonly body?: readonly string[];
  readonly hints?: readonly string[];
}

function fail(
  world: StepWorld,
  client: ScenarioClient,
  ending: Ending | undefined,
  { what, why = '', body = [], ...rest }: Finding,
): StepFailure {
  const { connection } = client;
  const reason = ending === undefined ? why : endingWords(world, client, ending);
  const facts = connection === undefined ? reason : `${place(client, connection)}; ${reason}`;
  return stepFailure(world, {
    headline: `${client.title} ${what} (${facts})`,
    body: body.filter((line) => line !== ''),
    actual: Buffer.from(client.transcript.unread),
    ...rest,
    ...codeOf(ending),
    ...(connection === undefined ? {} : { connection }),
  });
}

function place(client: ScenarioClient, connection: string): string {
  return `connection ${connection.replace(/\D/g, '')}, from ${client.peer}`;
}

function codeOf(ending: Ending | undefined): { code?: TcpErrorCode; phase?: 'read' } {
  if (ending?.by === 'deadline') return { code: 'EDEADLINE' };
  return ending?.by === 'timeout' ? { code: 'EREADTIMEOUT', phase: 'read' } : {};
}

function skipped(client: ScenarioClient): string {
  const { all, skipped: ranges } = client.transcript;
  const last = ranges.at(-1);
  if (last === undefined) return '';
  return `skipped earlier: ${printBytesShortened(all.subarray(last.from, last.to), 128)} by ${last.step}`;
}

function dump(bytes: Uint8Array): string {
  return bytes.byteLength === 0 ? '' : hexdump(asBuffer(bytes), { limit: 256 });
}
