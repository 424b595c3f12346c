/** Mocks, their connections and their journals as JSON. */
import type { Exchange } from '../mock/exchange';
import type { JournalEntry } from '../mock/journal-entry';
import type { MockServer } from '../mock/mock-server';

/** A mock in a list. */
export function summary(mock: MockServer): object {
  const { name, address, definition, connections, runtime } = mock;
  return {
    name,
    listen: address,
    framing: definition.framing ?? 'none',
    mode: definition.mode ?? 'strict',
    connections,
    accepted: runtime.accepted,
    unmatched: mock.journal({ kind: 'unmatched' }).length,
  };
}

/** A mock with all there is to know of it. */
export function whole(mock: MockServer): object {
  const { definition, dropped, warnings, runtime } = mock;
  return {
    ...summary(mock),
    dropped,
    warnings,
    answers: Object.fromEntries(runtime.counts),
    definition,
  };
}

/** The state of a mock, or of a connection. */
export function stateOf({ runtime }: MockServer, connection: number | undefined): object {
  const { name, vars } = runtime.stateOf(connection);
  return {
    state: name,
    vars: Object.fromEntries(vars),
    ...(connection !== undefined && { connection }),
  };
}

/** An open connection. */
export function connectionFacts({ number, caller, state }: Exchange): object {
  const { host, port } = caller.remote;
  const { bytesRead: bytesIn, bytesFlushed: bytesOut } = caller;
  return { id: number, remote: `${host}:${port}`, state: state.name, bytesIn, bytesOut };
}

/** An entry of a journal, its bytes in hex. */
export function entryToJson({ bytes, ...entry }: JournalEntry): object {
  return {
    ...entry,
    ...(bytes !== undefined && { bytes: { hex: Buffer.from(bytes).toString('hex') } }),
  };
}

/** The same, on a line. */
export function entryLine(entry: JournalEntry): string {
  return JSON.stringify(entryToJson(entry));
}
