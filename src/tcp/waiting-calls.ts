import { formatDuration } from '../base/duration';
import type { Waiting } from '../network/scope';
import { describeRead } from './call-errors';
import type { ReadQueue } from './read-queue';
import type { WriteQueue } from './write-queue';

/** The calls that wait on a connection, for reports: `client alice: read since 1.204 s, limit 300 s`. */
export function waitingCalls(name: string, reads: ReadQueue, writes: WriteQueue): Waiting {
  return {
    reads: reads.pending().map((call) => `${name}: ${describeRead(call.want)} ${times(call)}`),
    writes: writes.pending().map((call) => `${name}: write of ${call.length} bytes ${times(call)}`),
  };
}

function times({ sinceUs, dueUs }: { sinceUs: number; dueUs: number }): string {
  const since = `since ${(sinceUs / 1_000_000).toFixed(3)} s`;
  if (!Number.isFinite(dueUs)) return `${since}, no limit`;
  return `${since}, limit ${formatDuration((dueUs - sinceUs) / 1_000)}`;
}
