/** How `replace` looks for what it replaces: bytes, or a regular expression over bytes. */
import { compileByteRegex, matchByteRegex } from '../base/byte-regex';
import { TcpError } from '../base/errors';

/** A match; offsets count from the start of what was searched. */
export interface Found {
  readonly start: number;
  readonly end: number;
}

/** Looks through bytes of a stream that is not over. */
export interface Finder {
  /** The next match that more bytes cannot change. */
  next(bytes: Buffer, from: number): Found | undefined;
  /** The next match when nothing more comes. */
  last(bytes: Buffer, from: number): Found | undefined;
  /** How many bytes at the end may belong to a match that is not complete. */
  keeps(bytes: Buffer): number;
}

/** What is looked for. */
export interface Wanted {
  readonly find: Uint8Array;
  readonly regex: boolean;
  readonly maxMatch: number;
}

/** The finder of bytes, or of an expression. */
export function finderOf(wanted: Wanted): Finder {
  return wanted.regex ? expressionFinder(wanted) : byteFinder(wanted.find);
}

/** What is wrong with an expression, if anything is. */
export function problemOf(find: Uint8Array): string | undefined {
  try {
    const regex = compileByteRegex(sourceOf(find));
    const empty = matchByteRegex(regex, new Uint8Array(0)) !== undefined;
    return empty ? 'invalid attribute find: must not match nothing at all' : undefined;
  } catch (error) {
    if (TcpError.is(error)) return `invalid attribute find: ${error.message}`;
    throw error;
  }
}

function byteFinder(find: Uint8Array): Finder {
  const next = (bytes: Buffer, from: number): Found | undefined => {
    const start = bytes.indexOf(find, from);
    return start < 0 ? undefined : { start, end: start + find.length };
  };
  return { next, last: () => undefined, keeps: (bytes) => startLength(bytes, find) };
}

/** A match that reaches to the end of what is there could still become longer, so it waits. */
function expressionFinder({ find, maxMatch }: Wanted): Finder {
  const regex = compileByteRegex(sourceOf(find));
  const last = (bytes: Buffer, from: number): Found | undefined => {
    const match = matchByteRegex(regex, bytes, { from });
    if (match === undefined || match.end === match.start) return undefined;
    return { start: match.start, end: Math.min(match.end, match.start + maxMatch) };
  };
  return {
    last,
    next(bytes, from) {
      const match = last(bytes, from);
      if (match === undefined || match.end < bytes.length) return match;
      return match.end - match.start >= maxMatch ? match : undefined;
    },
    // Where a match may begin cannot be told from an expression.
    keeps: (bytes) => Math.min(bytes.length, maxMatch),
  };
}

function sourceOf(find: Uint8Array): string {
  return Buffer.from(find).toString('latin1');
}

/** How many bytes at the end may be the start of a match. */
function startLength(bytes: Buffer, find: Uint8Array): number {
  for (let length = Math.min(bytes.length, find.length - 1); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(find.subarray(0, length))) return length;
  }
  return 0;
}
