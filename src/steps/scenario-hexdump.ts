import { formatDuration } from '../base/duration';
import { hexdump } from '../base/hexdump';
import { formatByteCount } from '../base/size';
import { type WireLogLine, wireLogLines } from '../capture/wire-log-lines';
import { maskLines } from '../capture/wire-log-mask';
import type { StepWorld } from './step-world';
import { viewOf } from './wire-text';

/** Bytes that are dumped whole of one event, and of a scenario; a capture has all. */
const [mostOfEvent, mostOfScenario] = [4_096, 2 ** 18];

/** Every byte of a scenario in hex, in the order of the wire, with its place in its stream. */
export function scenarioHexdump(world: StepWorld): string {
  const { mask } = viewOf(world);
  const lines = wireLogLines(world.world.trace.events, world.kind);
  const offsets = new Map<string, number>();
  const parts: string[] = [];
  let left = mostOfScenario;
  for (const line of mask === undefined ? lines : maskLines(lines, mask)) {
    if (line.pair === undefined || line.body.kind === 'event') continue;
    const { sign } = line.body;
    const key = `${line.pair.number} ${sign}`;
    const offset = offsets.get(key) ?? 0;
    const length = line.body.kind === 'bytes' ? line.body.bytes.byteLength : line.body.length;
    offsets.set(key, offset + length);
    if (left <= 0) continue;
    left -= Math.min(length, mostOfEvent);
    parts.push(partOf(line, offset, length));
    if (left <= 0) parts.push('… what follows is in the capture and the trace\n');
  }
  return parts.join('\n');
}

function partOf({ atUs, pair, body }: WireLogLine, offset: number, length: number): string {
  const way = body.kind !== 'event' && body.sign === '>' ? 'to the server' : 'to the client';
  const head = `[${pair?.number}] @${formatDuration(atUs / 1_000)} ${way}, ${formatByteCount(length)}`;
  if (body.kind !== 'bytes') return `${head}, not kept\n`;
  return `${head}\n${hexdump(body.bytes, { offset, limit: mostOfEvent })}\n`;
}
