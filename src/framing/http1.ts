import { refuseUnknownKeys } from '../base/option-reader';
import { crlfLineAt, crlfProblemAt } from './crlf-line';
import { copyOf, encodeWhole, framerOf, type Sight } from './frame-rules';
import type { Framer, FramerOptions } from './framer';
import { readMax } from './framer-limit';
import { hexText } from './framing-problem';
import {
  bodyEnd,
  type Head,
  readChunkSize,
  readField,
  readStartLine,
  startsMessage,
} from './http1-head';

/**
 * HTTP/1.x messages, requests and responses: the head, and a body by `Content-Length`, by chunks
 * with their trailers, or of a response until the stream ends.
 *
 * @returns a framer whose payload is the message as it is on the wire, chunk sizes included; empty
 *   lines in front of it are left out
 * @throws TcpError `ECONFIG` - a bad option
 * @remarks Strict where readers are known to disagree: lines end with CR LF, folded fields and blanks
 * in front of a colon are refused, and so are two lengths, or a length beside `Transfer-Encoding`.
 * One direction does not show the other, so a response to HEAD that states a length waits for a body
 * that never comes, and what follows `101` or CONNECT is still read as HTTP.
 * @source RFC 9112 sections 2.2, 6.3 and 7.1
 */
export function http1(options: FramerOptions = {}): Framer {
  refuseUnknownKeys('http1', options, ['max']);
  const look = (window: Buffer, eof: boolean, from: Progress = begin): Sight<Progress> => {
    let progress = from;
    for (;;) {
      const step = steps[progress.stage](window, progress, eof);
      if (!('stage' in step)) return step;
      progress = step;
    }
  };
  return framerOf<Progress>({
    max: readMax(options.max),
    look,
    encode: (payload) => encodeWhole(look, payload, 'one HTTP/1 message'),
  });
}

/** Where a message is read on from. Never changed, so that it can be kept. */
interface Progress {
  readonly stage: keyof typeof steps;
  /** Offset of the line or the bytes that come next. */
  readonly at: number;
  /** Offset of the message, behind empty lines. */
  readonly start: number;
  readonly head: Head;
  /** Bytes of the body, or of the chunk, that come next. */
  readonly length: number;
  /** Offset up to which the line was looked through. */
  readonly scanned?: number;
}

type Step = Sight<Progress> | Progress;

const noHead: Head = { response: false, bodyless: false, at: 0 };
const begin: Progress = { stage: 'startLine', at: 0, start: 0, head: noHead, length: 0 };

const steps = {
  startLine,
  field,
  body,
  chunkSize,
  chunk,
  trailer,
  untilEnd,
} as const satisfies Record<string, (window: Buffer, progress: Progress, eof: boolean) => Step>;

function startLine(window: Buffer, progress: Progress): Step {
  const { at } = progress;
  const first = window[at];
  if (first === undefined) return { resume: progress, blank: true };
  if (first === 0x0d) {
    const problem = crlfProblemAt(window, at);
    if (problem !== undefined) return problem;
    if (window.length < at + 2) return { resume: progress };
    return { ...progress, at: at + 2, start: at + 2 };
  }
  if (!startsMessage(first)) {
    const message = `expected a method or HTTP/1, got ${hexText(Uint8Array.of(first))}`;
    return { code: 'bad-syntax', message, offset: at };
  }
  return lineOf(window, progress, (text, from, next) => {
    const head = readStartLine(text, at);
    return 'code' in head ? head : { ...from, stage: 'field', at: next, head };
  });
}

function field(window: Buffer, progress: Progress): Step {
  return lineOf(window, progress, (text, from, next) => {
    if (text !== '') {
      const head = readField(text, from.at, from.head);
      return 'code' in head ? head : { ...from, at: next, head };
    }
    const end = bodyEnd(from.head);
    if ('code' in end) return end;
    if (end.by === 'length') return { ...from, stage: 'body', at: next, length: end.length };
    return { ...from, stage: end.by === 'chunks' ? 'chunkSize' : 'untilEnd', at: next };
  });
}

function body(window: Buffer, progress: Progress): Step {
  const end = progress.at + progress.length;
  return window.length < end ? { needs: end, resume: progress } : whole(window, progress, end);
}

function chunkSize(window: Buffer, progress: Progress): Step {
  return lineOf(window, progress, (text, from, next) => {
    const size = readChunkSize(text, from.at);
    if (typeof size !== 'number') return size;
    return { ...from, stage: size === 0 ? 'trailer' : 'chunk', at: next, length: size };
  });
}

function chunk(window: Buffer, progress: Progress): Step {
  const end = progress.at + progress.length;
  const problem = crlfProblemAt(window, end);
  if (problem !== undefined) return problem;
  if (window.length < end + 2) return { needs: end + 2, resume: progress };
  return { ...progress, stage: 'chunkSize', at: end + 2 };
}

function trailer(window: Buffer, progress: Progress): Step {
  return lineOf(window, progress, (text, from, next) => {
    if (text === '') return whole(window, from, next);
    const read = readField(text, from.at, noHead);
    return 'code' in read ? read : { ...from, at: next };
  });
}

function untilEnd(window: Buffer, progress: Progress, eof: boolean): Step {
  return eof ? whole(window, progress, window.length) : { resume: progress, open: true };
}

function whole(window: Buffer, { start }: Progress, end: number): Sight<Progress> {
  return { payload: copyOf(window, start, end), start, end };
}

/** Reads the next line and goes on with its text. */
function lineOf(
  window: Buffer,
  progress: Progress,
  read: (text: string, from: Progress, next: number) => Step,
): Step {
  const { scanned, ...from } = progress;
  const line = crlfLineAt(window, progress.at, scanned);
  if ('code' in line) return line;
  if ('resume' in line) return { resume: { ...from, scanned: line.resume } };
  return read(window.toString('latin1', from.at, line.textEnd), from, line.next);
}
