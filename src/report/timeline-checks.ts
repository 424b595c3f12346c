import { firstDifference } from '../base/bytes';
import type { WireEvent } from '../network/wire-event';
import { alignRuns } from './aligned-runs';
import type { DraftItem } from './draft-item';
import type { TimelineCheck } from './timeline-facts';
import type { Participants } from './timeline-lanes';
import type { ItemCheck } from './timeline-model';

/** Bytes of each side that a page keeps, around the first difference. */
const kept = 65_536;

/** The row of a step's verdict, and the event behind which it stands. */
export function checkItem(
  check: TimelineCheck,
  events: readonly WireEvent[],
  participants: Participants,
): DraftItem {
  const last = events.at(-1);
  const after = events.find(({ index }) => index === check.afterIndex) ?? last;
  const { connection = '', label = '' } = check;
  const c = participants.connectionOf(connection);
  const lane =
    label === ''
      ? (participants.connections[c ?? -1]?.a ?? 0)
      : participants.laneOf(label, connection);
  return {
    k: 'check',
    i: after?.index ?? 0,
    t: after?.atUs ?? 0,
    f: lane,
    o: lane,
    ...(c !== undefined && { c }),
    p: check.headline,
    check: verdictOf(check),
    events: [],
  };
}

function verdictOf(check: TimelineCheck): ItemCheck {
  const { passed = false, step, where, hints, expected, received } = check;
  return {
    passed,
    ...(step !== undefined && { step }),
    ...(where !== undefined && { where }),
    ...(hints !== undefined && hints.length > 0 && { hints }),
    ...(expected !== undefined && received !== undefined && differenceOf(expected, received)),
  };
}

function differenceOf(expected: Uint8Array, received: Uint8Array): Partial<ItemCheck> {
  const at = firstDifference(expected, received);
  const from = Math.max(0, at - kept / 2);
  const [want, got] = [expected, received].map((bytes) => bytes.subarray(from, from + kept));
  if (want === undefined || got === undefined) return {};
  const lines = linesOf(want, got);
  return {
    want: Buffer.from(want).toString('base64'),
    got: Buffer.from(got).toString('base64'),
    from,
    ...(at >= 0 && { at }),
    runs: alignRuns(want, got),
    ...(lines !== undefined && { lines: alignRuns(...lines) }),
  };
}

/** Lines with their ends, where both sides are text and one of them has several. */
function linesOf(want: Uint8Array, got: Uint8Array): [string[], string[]] | undefined {
  const isText = (bytes: Uint8Array) =>
    bytes.every(
      (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13,
    );
  if (!isText(want) || !isText(got)) return undefined;
  const [left = [], right = []] = [want, got].map((bytes) =>
    Buffer.from(bytes)
      .toString('latin1')
      .split(/(?<=\n)/),
  );
  return left.length > 1 || right.length > 1 ? [left, right] : undefined;
}
