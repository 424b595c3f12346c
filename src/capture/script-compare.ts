import type { LiteralSources } from '../base/byte-literal';
import { editDistance } from '../base/closest-word';
import { toMicroseconds } from '../base/duration';
import type { Script, Turn } from './script';
import { entriesOf, type LogEntry, ranksOf, signOf } from './script-entries';
import { type Parting, ScriptMatcher } from './script-matcher';
import { printTurn, printTurnBody } from './script-printer';
import { printEntry } from './turn-match';

/** How strictly scripts are compared. */
export interface ScriptComparisonOptions {
  /** Milliseconds by which a time may differ from the one a line names; default 0. */
  readonly toleranceMs?: number;
  /** For literals of the script that name files or chance. */
  readonly sources?: LiteralSources;
}

/** Whether a log is what a script says; if not, why and where. */
export type ScriptComparison =
  | { readonly same: true }
  | {
      readonly same: false;
      /** The line of the script at which they part; `undefined` when the log goes on behind it. */
      readonly line: number | undefined;
      /** Such as `line 3: expected > "EHLO me", got < "250 ok"`. */
      readonly reason: string;
      /** Lines around it: `  ` found, `- ` expected, `+ ` in the log. Joined by LF. */
      readonly difference: string;
    };

/** Lines shown before and behind the one that differs. */
const context = 3;
const longestLine = 160;

/**
 * Compares a script with a log.
 *
 * Times count only where a line of the script has one. Bytes are compared as streams, so it does not
 * matter into how many pieces the network cut them. `accept` and `connect` may be left out of the
 * script. Connections are matched by the order in which they appear, not by their numbers.
 *
 * @param log - what `wireLogScript` made of a trace
 */
export function compareScript(
  script: Script,
  log: Script,
  options: ScriptComparisonOptions = {},
): ScriptComparison {
  const entries = entriesOf(log);
  const matcher = matcherFor(script, entries, options, false);
  const parting = matcher.matchLines(script.lines);
  if (parting !== undefined) return differs(parting, matcher);
  const [extra] = matcher.rest();
  if (extra === undefined) return { same: true };
  return {
    same: false,
    line: undefined,
    reason: `the log goes on: ${printEntry(extra, matcher.place.offset)}`,
    difference: difference(matcher),
  };
}

/**
 * Looks for the lines of a script in a log, in their order; other lines may lie between them. The
 * rest is as in {@link compareScript}.
 */
export function searchScript(
  script: Script,
  log: Script,
  options: ScriptComparisonOptions = {},
): ScriptComparison {
  const entries = entriesOf(log);
  const matcher = matcherFor(script, entries, options, true);
  const parting = matcher.matchLines(script.lines);
  if (parting === undefined) return { same: true };
  const { turn } = parting;
  const nearest = nearestEntry(turn, entries);
  const reason = [
    `line ${turn.line}: ${printTurnBody(turn)} is not in the log`,
    ...(matcher.found.length > 0 ? [`behind ${printTurnBody(matcher.found.at(-1) ?? turn)}`] : []),
    ...(nearest === undefined ? [] : [`(nearest: ${printEntry(nearest)})`]),
  ].join(' ');
  return { same: false, line: turn.line, reason, difference: difference(matcher, turn) };
}

function matcherFor(
  script: Script,
  entries: readonly LogEntry[],
  options: ScriptComparisonOptions,
  isLoose: boolean,
): ScriptMatcher {
  const { toleranceMs = 0, sources = {} } = options;
  const toleranceUs = toMicroseconds(toleranceMs);
  return new ScriptMatcher(entries, { toleranceUs, sources, ranks: ranksOf(script), isLoose });
}

function differs({ turn, reason }: Parting, matcher: ScriptMatcher): ScriptComparison {
  return {
    same: false,
    line: turn.line,
    reason: `line ${turn.line}: ${reason}`,
    difference: difference(matcher, turn),
  };
}

function difference(matcher: ScriptMatcher, expected?: Turn): string {
  const found = matcher.found.slice(-context).map((turn) => `  ${printTurn(turn)}`);
  const wanted = expected === undefined ? [] : [`- ${printTurn(expected)}`];
  const upcoming = matcher.upcoming();
  const got = upcoming
    .slice(0, context)
    .map(
      (entry, index) => `+ ${entryText(entry, index === 0 ? matcher.place.offset : 0, expected)}`,
    );
  const left = upcoming.length - got.length;
  const more = left > 0 ? [`  (${left} more ${left === 1 ? 'line' : 'lines'} in the log)`] : [];
  return [...found, ...wanted, ...got, ...more].map(cut).join('\n');
}

/** A line of the log, with its time where the line expected names one. */
function entryText(entry: LogEntry, offset: number, expected: Turn | undefined): string {
  const text = printEntry(entry, offset);
  if (expected?.time === undefined || entry.turn.time === undefined) return text;
  return printTurn(entry.turn).replace(printTurnBody(entry.turn), '') + text;
}

function nearestEntry(turn: Turn, entries: readonly LogEntry[]): LogEntry | undefined {
  const wanted = cut(printTurnBody(turn));
  const alike = entries
    .filter((entry) => entry.sign === signOf(turn))
    .map((entry) => ({ entry, distance: editDistance(wanted, cut(printEntry(entry))) }))
    .sort((left, right) => left.distance - right.distance);
  return alike[0]?.entry;
}

function cut(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`;
}
