/** The journal in the words of failures: which frames came, and the last lines of the wire. */
import { printBytesShortened } from '../base/byte-literal-printer';
import { formatDuration } from '../base/duration';
import type { JournalEntry } from './journal-entry';
import { ruleTitle } from './rule-matching';

/** Lines of the wire that a failure shows. */
const wireLines = 12;
/** Frames that a failure shows. */
const mostRows = 20;

/** A frame and what became of it. */
export interface FrameRow {
  readonly frame: JournalEntry;
  readonly outcome: string;
}

/** The frames of the journal, each with the rule that took it. */
export function frameRows(entries: readonly JournalEntry[]): readonly FrameRow[] {
  const rows: { frame: JournalEntry; outcome: string }[] = [];
  for (const entry of entries) {
    if (entry.kind === 'frame') rows.push({ frame: entry, outcome: '' });
    if (entry.kind !== 'matched' && entry.kind !== 'unmatched') continue;
    const row = rows.find(
      ({ frame, outcome }) => frame.connection === entry.connection && outcome === '',
    );
    if (row !== undefined) row.outcome = outcomeOf(entry);
  }
  return rows;
}

/** `received 2 frames on connection 1:` and a line for each. */
export function describeFrames(entries: readonly JournalEntry[]): readonly string[] {
  const rows = frameRows(entries);
  if (rows.length === 0) return ['received nothing'];
  const connections = new Set(rows.map(({ frame }) => frame.connection));
  const where = connections.size === 1 ? ` on connection ${[...connections].join()}` : '';
  const shown = rows.slice(-mostRows);
  const cells = shown.map(({ frame, outcome }, index) => [
    String(rows.length - shown.length + index + 1),
    timeOf(frame),
    `${connections.size === 1 ? '' : `[${frame.connection}] `}${bytesWords(frame)}`,
    outcome,
  ]);
  const count = `${rows.length} ${rows.length === 1 ? 'frame' : 'frames'}`;
  return [`received ${count}${where}:`, ...aligned(cells).map((line) => `  ${line}`)];
}

/** The last events of the wire, as a script writes them. */
export function wireTail(entries: readonly JournalEntry[]): readonly string[] {
  const lines = entries.flatMap((entry) => {
    const words = wireWords(entry);
    return words === undefined ? [] : [[timeOf(entry), `[${entry.connection}] ${words}`]];
  });
  if (lines.length === 0) return [];
  return ['wire:', ...aligned(lines.slice(-wireLines)).map((line) => `  ${line}`)];
}

/** Bytes of an entry, shortened. */
export function bytesWords({ bytes = new Uint8Array() }: JournalEntry): string {
  return printBytesShortened(bytes, 256);
}

function outcomeOf({ kind, rule = '' }: JournalEntry): string {
  if (kind === 'unmatched') return 'UNMATCHED';
  return /^(script|taken)/.test(rule) ? rule : ruleTitle(rule);
}

function wireWords(entry: JournalEntry): string | undefined {
  switch (entry.kind) {
    case 'accept':
      return '* accept';
    case 'frame':
      return `> ${bytesWords(entry)}`;
    case 'sent':
      return `< ${entry.raw === true ? 'raw ' : ''}${bytesWords(entry)}`;
    case 'end':
      return '* peer closes';
    case 'reset':
      return '* peer resets';
    case 'closed':
      return entry.reason === 'reset' ? '* reset' : '* close';
    case 'secured':
      return `* start TLS  # ${entry.reason}`;
    default:
      return undefined;
  }
}

/** Real times are no better than a millisecond; virtual ones are whole microseconds and exact. */
function timeOf({ t }: JournalEntry): string {
  return `+${formatDuration(t < 10_000 && t % 1_000 !== 0 ? Math.round(t / 100) / 10 : Math.round(t / 1_000))}`;
}

/** Cells in columns, two spaces between them. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
