import type { SystemCode } from './system-errors';

/** The program's side of an end: a handle, or who waits for a handshake. */
export interface EndOwner {
  /** The handshake is complete. */
  connected(): void;
  /** The dial has failed. */
  refused(code: SystemCode): void;
  /** There is something to read: bytes, the end, or a failure. */
  readable(): void;
  /** There may be room for more. */
  writable(): void;
  /** The connection is broken; reading and writing tell how. */
  broken(): void;
}
