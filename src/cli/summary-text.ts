import { formatDuration } from '../base/duration';
import { formatByteCount } from '../base/size';
import type { RecordingSummary } from '../report/recording-summary';
import { countOf } from './print';

const endings = {
  fin: 'FIN',
  half: 'one FIN',
  rst: 'RST',
  refused: 'refused',
  open: 'open',
} as const;

/** A summary as a table of connections under one line of totals. */
export function summaryText(file: string, summary: RecordingSummary): string {
  const { events, lastedUs, bytes, connections } = summary;
  const facts = [
    countOf(connections.length, 'connection'),
    countOf(events, 'event'),
    formatDuration(Math.round(lastedUs / 1_000)),
    `${formatByteCount(bytes.out)} to the server`,
    `${formatByteCount(bytes.in)} to the client`,
  ];
  const rows = connections.map(({ number, from, to, ended, ...one }) => [
    `[${number}]`,
    `${from} → ${to}`,
    String(one.bytes.out),
    String(one.bytes.in),
    endings[ended],
  ]);
  const table = [['', 'connection', 'out', 'in', 'ended'], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const lines = table.map(([number = '', who = '', out = '', back = '', ended = '']) =>
    [
      number.padEnd(widths[0] ?? 0),
      who.padEnd(widths[1] ?? 0),
      out.padStart(widths[2] ?? 0),
      back.padStart(widths[3] ?? 0),
      ended,
    ].join('  '),
  );
  return `${file}: ${facts.join(', ')}\n${rows.length === 0 ? '' : `${lines.map((line) => `  ${line}`).join('\n')}\n`}`;
}
