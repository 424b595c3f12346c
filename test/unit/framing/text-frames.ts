import type { Framer } from '../../../src/framing/framer';

/** The payloads of a stream that has not ended, as latin-1 text. */
export function textFrames(framer: Framer, stream: string): string[] {
  return framer
    .decode(Buffer.from(stream, 'latin1'), false)
    .frames.map(({ payload }) => Buffer.from(payload).toString('latin1'));
}

/** The problem of a stream as `code at offset: message`; `none` when there is none. */
export function problemOf(framer: Framer, stream: string, eof = false): string {
  const { error } = framer.decode(Buffer.from(stream, 'latin1'), eof);
  return error === undefined ? 'none' : `${error.code} at ${error.offset}: ${error.message}`;
}
