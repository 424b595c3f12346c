import type { WireEvent } from '../network/wire-event';
import type { DraftItem } from './draft-item';
import { joinStream, type StreamArrow } from './stream-arrows';
import type { Participants } from './timeline-lanes';
import { startsTls, TlsDirection } from './tls-flights';

type Way = 'out' | 'in';

/** What the trace tells of TLS on one connection, as indexes of events. */
interface TlsMarks {
  /** Of the end that dialled, and of the one that accepted. */
  readonly starts: Map<'dialled' | 'accepted', WireEvent>;
  /** The last end that told so. */
  secured?: WireEvent;
  ended: number;
}

/** The bytes of one connection. */
class ConnectionBytes {
  readonly out: { writes: WireEvent[]; reads: WireEvent[] } = { writes: [], reads: [] };
  readonly in: { writes: WireEvent[]; reads: WireEvent[] } = { writes: [], reads: [] };
  readonly tls: TlsMarks = { starts: new Map(), ended: 0 };
}

/** The rows of bytes and of TLS, unordered. */
export function byteItems(
  events: readonly WireEvent[],
  participants: Participants,
): readonly DraftItem[] {
  const all = new Map<number, ConnectionBytes>();
  for (const event of events) {
    const index = participants.connectionOf(event.connection);
    if (index === undefined) continue;
    const known = all.get(index) ?? new ConnectionBytes();
    all.set(index, known);
    if (event.kind === 'tls') noteTls(known.tls, event, participants);
    else if (event.direction !== '-') {
      if (event.kind === 'write') known[event.direction].writes.push(event);
      else if (event.kind === 'data') known[event.direction].reads.push(event);
    }
  }
  return [...all].flatMap(([index, bytes]) => connectionItems(index, bytes, participants));
}

function noteTls(marks: TlsMarks, event: WireEvent, { pairOf }: Participants): void {
  const side = pairOf(event.connection)?.accepted === event.connection ? 'accepted' : 'dialled';
  const what = event.detail?.['event'];
  if (what === 'start') marks.starts.set(side, event);
  if (what === 'secured') {
    marks.secured = event;
    marks.ended++;
  }
}

function connectionItems(
  c: number,
  bytes: ConnectionBytes,
  participants: Participants,
): readonly DraftItem[] {
  const items = (['out', 'in'] as const).flatMap((way) =>
    joinStream(bytes[way].writes, bytes[way].reads).map((arrow) =>
      arrowItem(c, way, arrow, participants),
    ),
  );
  items.sort((left, right) => left.i - right.i);
  const first = items.find(({ f, o }) => f !== o);
  const isBare =
    bytes.tls.starts.size === 0 && first?.bytes !== undefined && startsTls(first.bytes);
  if (bytes.tls.starts.size > 0 || isBare) nameTls(items, c, bytes.tls, participants);
  const secured = securedItem(c, bytes.tls, participants);
  return secured === undefined ? items : [...items, secured];
}

function arrowItem(c: number, way: Way, arrow: StreamArrow, participants: Participants): DraftItem {
  const { write, read, start, length, bytes, pieces } = arrow;
  const { a = 0, b = 0 } = participants.connections[c] ?? {};
  const [f, o] = way === 'out' ? [a, b] : [b, a];
  const event = (write ?? read) as WireEvent;
  const pair = participants.pairOf(event.connection);
  const isWatched = (way === 'out' ? pair?.accepted : pair?.dialled) !== undefined;
  const isFirst = start === (write?.stream ?? start);
  const events = write === undefined || read === undefined ? [event] : [write, read];
  // Assigned one by one: there are thousands of rows.
  const { index: i, atUs: t } = event;
  const item: DraftItem = { k: 'data', i, t, c, f, o, n: length, s: start, events };
  if (bytes !== undefined) item.bytes = bytes;
  if (write !== undefined && read !== undefined && read.atUs >= write.atUs) item.e = read.atUs;
  if (write !== undefined && read === undefined && isWatched) item.lost = 1;
  if (isFirst && pieces > 1) item.q = `in ${pieces} pieces`;
  return item;
}

/** Rows after the start of TLS: what they are, since their bytes say nothing to a reader. */
function nameTls(
  items: readonly DraftItem[],
  c: number,
  { starts, secured, ended }: TlsMarks,
  { connections }: Participants,
): void {
  const client = connections[c]?.a;
  const names = { out: new TlsDirection(false), in: new TlsDirection(true) };
  const isOver = ended >= starts.size && secured !== undefined;
  for (const item of items) {
    const way = item.f === client ? 'out' : 'in';
    const side = way === 'out' ? 'dialled' : 'accepted';
    const start = starts.get(side) ?? [...starts.values()][0];
    if (start !== undefined && item.i < start.index) continue;
    const flight = names[way].name(item.bytes, isOver && item.i > secured.index);
    item.p = flight.text;
    if (flight.handshake) Object.assign(item, { k: 'tls', h: c + 1 });
    else item.x = 1;
  }
}

function securedItem(
  c: number,
  { starts, secured }: TlsMarks,
  { connections }: Participants,
): DraftItem | undefined {
  if (secured === undefined) return undefined;
  const { a = 0, b = 0 } = connections[c] ?? {};
  const { protocol = '', cipher = '' } = secured.detail ?? {};
  const first = Math.min(...[...starts.values()].map(({ atUs }) => atUs), secured.atUs);
  const version = String(protocol).replace(/^TLSv/, 'TLS ');
  const took = `${(secured.atUs - first) / 1_000} ms`;
  return {
    k: 'secured',
    i: secured.index,
    t: secured.atUs,
    c,
    f: a,
    o: b,
    h: c + 1,
    p: `secured ${version}`.trim(),
    q: [cipher, took].filter((word) => word !== '').join(' · '),
    events: [secured],
  };
}
