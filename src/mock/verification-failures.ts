/** How a mock's failures read. */
import { formatDuration } from '../base/duration';
import { formatByteCount } from '../base/size';
import type { JournalEntry } from './journal-entry';
import { bytesWords, describeFrames, frameRows, wireTail } from './journal-words';
import type { MockRuntime } from './mock-runtime';
import { equalFolded } from './predicate-keys';
import type { ReadPredicate } from './predicate-like';
import { subjectOf } from './received-frames';
import { nearestRules, ruleTitle } from './rule-matching';
import { VerificationError } from './verification-error';

/** One error for claims that do not hold. */
export function verificationError(
  runtime: MockRuntime,
  failures: readonly string[],
  wanted?: ReadPredicate,
): VerificationError {
  const entries = runtime.journal.entries();
  const report = {
    frames: describeFrames(entries),
    nearest: nearestOf(runtime, wanted),
    wire: wireTail(entries),
    dropped: runtime.journal.dropped,
  };
  return new VerificationError(
    failures,
    hintsOf(runtime, wanted),
    report,
    runtime.world.random.seed,
  );
}

/** The failure of waiting for a frame. */
export function waitForFailure(
  runtime: MockRuntime,
  wanted: ReadPredicate,
  waitedMs: number,
): VerificationError {
  const last = runtime.journal.entries().findLast(({ kind }) => kind === 'end' || kind === 'reset');
  const end =
    last === undefined
      ? ''
      : `; connection ${last.connection} ${last.kind === 'end' ? 'closed with FIN' : 'was reset by the client'} after ${formatDuration(Math.round(last.t / 1_000))}`;
  const headline = `mock "${runtime.plan.name}" did not receive ${wanted.words} (waited ${formatDuration(waitedMs)}${end})`;
  return verificationError(runtime, [headline], wanted);
}

/** The rule, or the frame, that was nearest to what was wanted. */
export function nearestOf(runtime: MockRuntime, wanted?: ReadPredicate): string | undefined {
  const unmatched = runtime.journal.unmasked({ kind: 'unmatched' }).at(-1);
  if (unmatched !== undefined) return nearestRule(runtime, unmatched);
  const frame = runtime.journal.unmasked({ kind: 'frame' }).at(-1);
  if (frame === undefined || wanted === undefined) return undefined;
  const [reason] = wanted.predicate.reasons(subjectOf(runtime, frame));
  return reason && `frame ${bytesWords(frame)} ${shortened(reason.text)}`;
}

/** `rule "list" differs at byte 0: …`, for a frame that no rule took. */
export function nearestRule(runtime: MockRuntime, frame: JournalEntry): string | undefined {
  const subject = { ...subjectOf(runtime, frame), state: frame.state ?? runtime.sharedState.name };
  const state = runtime.stateOf(frame.connection);
  const [nearest] = nearestRules(runtime.plan.rules, subject, runtime.counts, state);
  if (nearest === undefined) return undefined;
  return `${ruleTitle(nearest.rule.label)} ${shortened(nearest.reasons[0] ?? '')}`;
}

function shortened(reason: string): string {
  return reason
    .replace(/^bytes differ/, 'differs')
    .replace(' (equal when case is ignored)', '')
    .replace(/^lengths differ: /, 'differs in length: ');
}

function hintsOf(runtime: MockRuntime, wanted?: ReadPredicate): readonly string[] {
  const { plan, journal } = runtime;
  const hints: string[] = [];
  const frames = frameRows(journal.unmasked()).map(({ frame }) => frame.bytes ?? new Uint8Array());
  const wishes = [
    ...(wanted === undefined ? [] : [wanted.predicate]),
    ...plan.rules.map(({ predicate }) => predicate),
  ].flatMap(({ checks }) =>
    checks.flatMap((check) => (check.wanted === undefined ? [] : [check.wanted])),
  );
  const folded = wishes.find((wish) =>
    frames.some((frame) => equalFolded(wish, frame) && Buffer.compare(wish, frame) !== 0),
  );
  if (folded !== undefined) {
    const text = Buffer.from(folded)
      .toString('latin1')
      .replace(/[^\w ]/g, '\\$&');
    hints.push(
      `equal when case is ignored; matching is byte-exact, use /^${text}$/i if you mean that`,
    );
  }
  if (journal.entries({ kind: 'tls-hello-on-plain' }).length > 0) {
    hints.push('a TLS ClientHello (16 03) reached this mock, which speaks no TLS at that point');
  }
  const left = runtime.exchanges.find(({ leftover }) => leftover.length > 0);
  if (left?.leftover.includes(0x0a) === true && plan.definition.framing === 'crlf') {
    hints.push('the client ended a line with LF, this mock wants CR LF');
  } else if (left !== undefined) {
    hints.push(`${formatByteCount(left.leftover.length)} came that are no whole frame`);
  }
  return hints;
}
