import type { JournalEntry } from './journal-entry';
import type { MockRuntime } from './mock-runtime';
import type { CompiledPredicate } from './predicates';
import type { Subject } from './subject';

/** The frames that fit, in order; without framing, places in the stream of each connection. */
export function receivedOf(
  runtime: MockRuntime,
  predicate: CompiledPredicate,
): readonly JournalEntry[] {
  const frames = runtime.journal.unmasked({ kind: 'frame' });
  if (!runtime.plan.isStream) {
    return frames.filter((frame) => predicate.match(subjectOf(runtime, frame)) !== undefined);
  }
  const connections = [...new Set(frames.map(({ connection }) => connection))];
  return connections
    .flatMap((number) =>
      onStream(
        runtime,
        frames.filter(({ connection }) => connection === number),
        predicate,
      ),
    )
    .sort((left, right) => left.seq - right.seq);
}

/** How often such a frame came; text when that is no longer known. */
export function countOf(runtime: MockRuntime, predicate: CompiledPredicate): number | string {
  const { journal } = runtime;
  if (journal.dropped === 0) return receivedOf(runtime, predicate).length;
  const onlyBytes = predicate.checks.every(({ kind }) => kind === 'bytes');
  const tally = journal.tally();
  if (!onlyBytes || tally === undefined || runtime.plan.isStream) {
    return `the journal dropped ${journal.dropped} entries; raise limits.journalEvents`;
  }
  return tally
    .filter(({ bytes }) => {
      const frame = { bytes, connection: 0 } as unknown as JournalEntry;
      return predicate.match(subjectOf(runtime, frame)) !== undefined;
    })
    .reduce((sum, { count }) => sum + count, 0);
}

/** A frame of the journal, as predicates see it. */
export function subjectOf(runtime: MockRuntime, frame: JournalEntry): Subject {
  const bytes = frame.bytes ?? new Uint8Array();
  const exchange = runtime.exchanges.find(({ number }) => number === frame.connection);
  if (exchange !== undefined) return exchange.subject(bytes);
  return {
    bytes,
    state: runtime.sharedState.name,
    connection: frame.connection,
    secured: false,
    clientCert: [],
    context: (captures) => ({
      bytes,
      text: Buffer.from(bytes).toString('utf8'),
      captures,
      state: runtime.sharedState.name,
      vars: {},
      connection: { id: '', n: frame.connection, remote: '' },
    }),
    regexLimit: { ...runtime.regexLimit },
  };
}

/** Walks over the stream of one connection; each match is told as the chunk in which it ends. */
function onStream(
  runtime: MockRuntime,
  chunks: readonly JournalEntry[],
  predicate: CompiledPredicate,
): readonly JournalEntry[] {
  const [first] = chunks;
  if (first === undefined) return [];
  const stream = Buffer.concat(chunks.map(({ bytes }) => bytes ?? new Uint8Array()));
  const subject = subjectOf(runtime, first);
  // An expression looks ahead by itself, and its ^ means the place behind what was found before.
  const steps = predicate.checks.some(({ wanted }) => wanted !== undefined);
  const found: JournalEntry[] = [];
  for (let at = 0; at < stream.length; ) {
    const outcome = predicate.matchStream(stream.subarray(at), subject);
    if (typeof outcome === 'object') {
      at += Math.max(1, outcome.end);
      const chunk = chunkAt(chunks, at - 1);
      if (chunk !== undefined) found.push(chunk);
    } else if (steps) at++;
    else break;
  }
  return found;
}

function chunkAt(chunks: readonly JournalEntry[], offset: number): JournalEntry | undefined {
  let end = 0;
  return chunks.find(({ bytes }) => {
    end += bytes?.length ?? 0;
    return offset < end;
  });
}
