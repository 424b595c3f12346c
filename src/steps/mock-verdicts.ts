/** What is looked at when a step says what a mock met. */
import { printBytesShortened } from '../base/byte-literal-printer';
import { parseScript } from '../capture/script-parser';
import type { Predicate } from '../mock/mock-model';
import { turnsOfScript } from '../mock/script-import';
import type { Verification } from '../mock/verification';
import { VerificationError } from '../mock/verification-error';
import { counted } from './failure-message';
import { mockFailure, waitWords } from './mock-failures';
import type { ScenarioMock } from './scenario-mock';
import type { StepArgument } from './step';
import type { StepWorld } from './step-world';
import type { Times } from './times-words';
import type { Wait } from './wait-for';

const atLeastOnce: Times = { min: 1, max: Number.POSITIVE_INFINITY };

/** Waits until a frame came so often. @throws StepFailure */
export async function expectReceived(
  world: StepWorld,
  mock: ScenarioMock,
  wanted: Predicate,
  times: Times = atLeastOnce,
): Promise<void> {
  const enough = (): true | undefined =>
    mock.server.count(wanted) >= times.min ? true : undefined;
  const waitedMs = waited(world, await world.waitFor(mock, enough));
  if (times.max !== Number.POSITIVE_INFINITY) await world.quiet(mock);
  claim(world, mock, (claims) => claims.received(wanted, times), waitedMs);
}

/**
 * Waits for bytes in the stream of a mock without framing, behind those that such a step has found
 * before.
 *
 * @throws StepFailure
 */
export async function expectInStream(
  world: StepWorld,
  mock: ScenarioMock,
  wanted: Uint8Array,
): Promise<void> {
  const { server, cursor, title } = mock;
  const look = (): true | undefined => (cursor.take(server, wanted) ? true : undefined);
  const wait = await world.waitFor(mock, look);
  if (wait.found) return;
  const earlier = server.count(wanted);
  const more = { min: earlier + 1, max: Number.POSITIVE_INFINITY };
  const words = printBytesShortened(wanted, 64);
  const headline =
    earlier === 0
      ? `${title} did not receive ${words}`
      : `${title} did not receive ${words} again, behind what earlier steps have found`;
  claim(
    world,
    mock,
    (claims) => claims.received(wanted, more),
    waited(world, wait),
    () => headline,
  );
}

/** Waits until frames came in an order. @throws StepFailure */
export async function expectInOrder(
  world: StepWorld,
  mock: ScenarioMock,
  argument: StepArgument,
): Promise<void> {
  const wanted = itemsOf(argument);
  const claims = (verification: Verification): Verification => verification.inOrder(...wanted);
  const waitedMs = waited(world, await world.waitFor(mock, () => holds(mock, claims)));
  claim(world, mock, claims, waitedMs);
}

/** Needs every frame to have been taken. @throws StepFailure */
export async function expectNothingUnexpected(world: StepWorld, mock: ScenarioMock): Promise<void> {
  await world.quiet(mock);
  claim(world, mock, (claims) => claims.nothingUnexpected());
}

/** Waits until the script has come to its end on the last connection. @throws StepFailure */
export async function expectPlayed(world: StepWorld, mock: ScenarioMock): Promise<void> {
  if (mock.definition.script === undefined) throw new Error(`${mock.title} follows no script`);
  const claims = (verification: Verification): Verification => verification.scriptFinished('last');
  const waitedMs = waited(world, await world.waitFor(mock, () => holds(mock, claims)));
  claim(world, mock, claims, waitedMs, () => stoppedWords(mock));
}

/** Needs the count of connections so far. @throws StepFailure */
export async function expectAccepted(
  world: StepWorld,
  mock: ScenarioMock,
  count: number,
): Promise<void> {
  await world.waitFor(mock, () => (mock.accepted >= count ? true : undefined));
  await world.quiet(mock);
  if (mock.accepted === count) return;
  const facts = `accepted ${counted(mock.accepted, 'connection')}`;
  claim(
    world,
    mock,
    (claims) => claims.connections(count),
    undefined,
    () => `${mock.title} ${facts}, expected ${count}`,
  );
}

/** A wait that was in vain took as long as it may. */
function waited({ settings }: StepWorld, { found, waitedMs }: Wait<true>): number {
  return found === undefined ? settings.timeoutMs : waitedMs;
}

function holds(
  mock: ScenarioMock,
  claims: (verification: Verification) => unknown,
): true | undefined {
  try {
    claims(mock.server.verify());
    return true;
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
}

/** Checks at once; what does not hold is a failure of the step. */
function claim(
  world: StepWorld,
  mock: ScenarioMock,
  claims: (verification: Verification) => unknown,
  waitedMs?: number,
  headline?: () => string,
): void {
  try {
    claims(mock.server.verify());
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    const wait = waitedMs === undefined ? '' : ` (${waitWords(world, mock, waitedMs)})`;
    throw mockFailure(world, error, `${headline?.() ?? error.failures[0]}${wait}`);
  }
}

/** Where the script stands, in lines of the text that it was written in. */
function stoppedWords(mock: ScenarioMock): string {
  const { server, title } = mock;
  const turn = server.waitingTurn;
  if (turn === undefined) return `${title} did not play its script: nobody connected`;
  const frame = server.journal({ kind: 'unmatched' }).at(-1)?.bytes;
  const got = frame === undefined ? '' : `, got ${printBytesShortened(frame, 64)}`;
  const place = mock.lineOf(turn.number);
  const words = turn.words.replace(/^expect /, 'waiting for ');
  return `${title} did not play its whole script: stopped at ${place} ${words}${got}`;
}

/** One predicate a line, as the lines of a script have them behind their `>`. */
function itemsOf(argument: StepArgument): readonly Predicate[] {
  const lines =
    argument.kind === 'table'
      ? argument.rows.slice(1).map((row) => row[0] ?? '')
      : argument.text.split('\n');
  const heading = argument.kind === 'table' ? argument.rows[0]?.join(', ') : 'bytes';
  if (heading !== 'bytes') {
    throw new Error(`expected a table with one column "bytes", got ${heading || 'none'}`);
  }
  const script = lines.map((line) => (/^\s*(?:#|$)/.test(line) ? '' : `> ${line.trim()}`));
  const items = turnsOfScript(parseScript(script.join('\n'))).flatMap(({ expect }) =>
    expect === undefined ? [] : [expect],
  );
  if (items.length > 0) return items;
  throw new Error('nothing is in any order: name the frames, one a line');
}
