/** What a capture says of its connections, in a form that can be compared. */
import { CaptureFile, type CaptureFileOptions } from '../../../src/capture/capture-file';
import type { CapturedConnection } from '../../../src/capture/captured-connection';

export async function readConnections(
  bytes: Uint8Array,
  options: CaptureFileOptions = {},
): Promise<CapturedConnection[]> {
  const found: CapturedConnection[] = [];
  for await (const connection of CaptureFile.from(bytes, options).connections()) {
    found.push(connection);
  }
  return found;
}

/** The bytes of both directions. */
export function streamsOf(connection: CapturedConnection): { out: Buffer; in: Buffer } {
  return {
    out: Buffer.from(connection.out.bytes(2 ** 30)),
    in: Buffer.from(connection.in.bytes(2 ** 30)),
  };
}
