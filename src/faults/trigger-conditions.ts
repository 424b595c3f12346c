/** The conditions of a trigger that look at bytes. */
import { recordTypes } from '../base/tls-phase';
import { RecordReader } from '../base/tls-record-reader';
import type { Framer } from '../framing/framer';

/** Moments of a connection, in the clock's µs, and which faults have acted on it. */
export interface Moments {
  /** Its accept. */
  readonly connection: number;
  /** When the fault was added, or the link has opened. */
  readonly toxic: number;
  /** When the proxy was started. */
  readonly proxy: number;
  acted(name: string): boolean;
  now(): number;
}

/** Looks at the bytes of a direction until it is met. */
export interface Condition {
  readonly met: boolean;
  /** Bytes at the end of what was seen that may belong to a match. */
  readonly back: number;
  /** The index in `chunk` at which it is met, 0 when it was before; see `TriggerWatch.feed`. */
  feed(chunk: Uint8Array, known: number): number | undefined;
}

/** Met when an offset is reached. */
export function watchByte(offset: number): Condition {
  let seen = 0;
  let met = offset === 0;
  return {
    back: 0,
    get met() {
      return met;
    },
    feed(chunk, known) {
      if (met) return 0;
      const start = seen - known;
      seen = start + chunk.length;
      if (seen < offset) return undefined;
      met = true;
      return offset - start;
    },
  };
}

/** Met behind the last byte of a match, or before its first one. */
export function watchPattern(pattern: Buffer, occurrence: number, before: boolean): Condition {
  let tail = Buffer.alloc(0);
  let found = 0;
  let back = 0;
  return {
    get met() {
      return found >= occurrence;
    },
    get back() {
      return back;
    },
    feed(chunk, known) {
      if (found >= occurrence) return 0;
      const fresh = chunk.subarray(known);
      const bytes = Buffer.concat([tail, fresh]);
      const first = chunk.length - bytes.length;
      for (
        let at = bytes.indexOf(pattern);
        at >= 0;
        at = bytes.indexOf(pattern, at + pattern.length)
      ) {
        found++;
        if (found < occurrence) continue;
        back = 0;
        return Math.max(0, first + at + (before ? 0 : pattern.length));
      }
      const end = lastMatchEnd(bytes, pattern);
      tail = Buffer.from(bytes.subarray(Math.max(end, bytes.length - pattern.length + 1)));
      back = before ? startOf(tail, pattern) : 0;
      return undefined;
    },
  };
}

/** Met at a place in a message, counted from its start, or from its end when negative. */
export function watchMessage(framer: Framer<unknown>, number: number, offset: number): Condition {
  let rest = Buffer.alloc(0);
  let count = 0;
  let met = false;
  let foreign = false;
  return {
    back: 0,
    get met() {
      return met;
    },
    feed(chunk, known) {
      if (met) return 0;
      if (foreign) return undefined;
      rest = Buffer.concat([rest, chunk.subarray(known)]);
      const first = chunk.length - rest.length;
      const { frames, consumed, error } = framer.decode(rest, false);
      let start = 0;
      for (const frame of frames) {
        count++;
        if (count === number) {
          met = true;
          const at = offset < 0 ? frame.end + offset : frame.start + offset;
          // What has gone on already cannot be called back: it fires with the next byte then.
          return Math.min(chunk.length, Math.max(0, first + at));
        }
        start = frame.end;
      }
      // The message has begun, and the place in it is here already.
      const begun = error === undefined && count + 1 === number;
      if (begun && offset >= 0 && rest.length - start > offset) {
        met = true;
        return Math.max(0, first + start + offset);
      }
      // What is no message of this framing never becomes one, and must not pile up.
      foreign = error !== undefined;
      rest = Buffer.from(rest.subarray(foreign ? rest.length : consumed));
      return undefined;
    },
  };
}

/** Moments of a handshake that can be seen without a key. */
export type TlsEvent = 'tls:clientHello' | 'tls:established';

/** Met behind a record of TLS: the first of a handshake, or the first that is encrypted. */
export function watchTls(event: TlsEvent): Condition {
  const reader = new RecordReader();
  let changed = false;
  let met = false;
  const isMeant = (type: number): boolean => {
    if (event === 'tls:clientHello') return type === recordTypes.handshake;
    if (type === recordTypes.changeCipherSpec) changed = true;
    // In TLS 1.3 Finished looks like data, in TLS 1.2 it is what follows ChangeCipherSpec.
    return type === recordTypes.applicationData || (changed && type === recordTypes.handshake);
  };
  return {
    back: 0,
    get met() {
      return met;
    },
    feed(chunk, known) {
      if (met) return 0;
      // One byte at a time, since the place behind the record counts; handshakes are short.
      for (let at = known; at < chunk.length && !reader.foreign; at++) {
        reader.feed(chunk.subarray(at, at + 1), ({ type }) => {
          met ||= isMeant(type);
        });
        if (met) return at + 1;
      }
      return undefined;
    },
  };
}

function lastMatchEnd(bytes: Buffer, pattern: Buffer): number {
  let end = 0;
  for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, end)) {
    end = at + pattern.length;
  }
  return end;
}

/** How many bytes at the end may be the start of a match. */
function startOf(bytes: Buffer, pattern: Buffer): number {
  for (let length = Math.min(bytes.length, pattern.length - 1); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(pattern.subarray(0, length))) return length;
  }
  return 0;
}
