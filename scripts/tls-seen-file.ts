import { existsSync, readFileSync } from 'node:fs';

/** What an end told; absent where it does not matter. */
export interface SeenKinds {
  readonly client?: string;
  readonly listener?: string;
}

/** A row of the matrix of TLS as one Node line has played it. */
export interface SeenRow {
  readonly name: string;
  readonly fault: string;
  readonly layer: string;
  readonly expect: SeenKinds;
  readonly seen: SeenKinds;
}

/** The Node lines that were written down. */
export const seenLines: readonly number[] = [20, 24];

/** Where a Node line is written down. */
export function seenPath(line: number): string {
  return `test/conformance/tls-seen/node-${line}.json`;
}

/** What a Node line has told; `undefined` when it was not written down. */
export function readSeen(line: number): readonly SeenRow[] | undefined {
  const path = seenPath(line);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
