import type { MockServer } from '../mock/mock-server';

/** Where the steps of a scenario stand in the streams of a mock without framing. */
export class MockCursor {
  /** By connection. */
  readonly #offsets = new Map<number, number>();

  /** Finds bytes behind the cursor of a connection, and moves it past them. */
  take(server: MockServer, wanted: Uint8Array): boolean {
    for (const [connection, stream] of streamsOf(server)) {
      const at = stream.indexOf(wanted, this.#offsets.get(connection) ?? 0);
      if (at < 0) continue;
      this.#offsets.set(connection, at + wanted.length);
      return true;
    }
    return false;
  }
}

function streamsOf(server: MockServer): ReadonlyMap<number, Buffer> {
  const streams = new Map<number, Buffer>();
  for (const { connection, bytes } of server.journal({ kind: 'frame' })) {
    const before = streams.get(connection) ?? Buffer.alloc(0);
    streams.set(connection, Buffer.concat([before, bytes ?? new Uint8Array()]));
  }
  return streams;
}
