import type { FramingProblem, FramingProblemCode } from './framing-problem';

/** How the body of a message ends. */
export type BodyEnd =
  | { readonly by: 'length'; readonly length: number }
  | { readonly by: 'chunks' }
  /** When the server closes; responses only. */
  | { readonly by: 'close' };

/** What the head has said so far about the body. Never changed, so that it can be kept. */
export interface Head {
  /** No body whatever the fields say: responses 1xx, 204 and 304. */
  readonly bodyless: boolean;
  readonly response: boolean;
  readonly length?: number;
  readonly codings?: string;
  /** Offset of the field that gave the length or the codings last, for what is wrong with it. */
  readonly at: number;
}

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const tokenCharacter = new RegExp(`^${token}$`);
const requestLine = new RegExp(`^${token} [^ ]+ HTTP/1\\.[0-9]$`);
const statusLine = /^HTTP\/1\.[0-9] ([1-9][0-9]{2})(?: |$)/;
const fieldLine = new RegExp(`^(${token}):[ \\t]*(.*?)[ \\t]*$`, 's');

/** Reads the first line of a message. @source RFC 9112 sections 3 and 4 */
export function readStartLine(text: string, offset: number): Head | FramingProblem {
  const status = statusLine.exec(text)?.[1];
  if (status !== undefined) {
    const bodyless = status.startsWith('1') || status === '204' || status === '304';
    return { response: true, bodyless, at: offset };
  }
  if (requestLine.test(text)) return { response: false, bodyless: false, at: offset };
  return refused('bad-syntax', 'a request line or a status line of HTTP/1', text, offset);
}

/** Whether a message can begin with a byte: a method and `HTTP/` are made of token characters. */
export function startsMessage(byte: number): boolean {
  return tokenCharacter.test(String.fromCharCode(byte));
}

/**
 * Reads a field of the head, or of the trailers when `head` is absent: those say nothing about the
 * length any more.
 *
 * @source RFC 9112 sections 5 and 6.3
 */
export function readField(text: string, offset: number, head: Head): Head | FramingProblem {
  const [, name, value = ''] = fieldLine.exec(text) ?? [];
  if (name === undefined) return refused('bad-syntax', 'a field (name: value)', text, offset);
  switch (name.toLowerCase()) {
    case 'transfer-encoding': {
      const codings = head.codings === undefined ? value : `${head.codings}, ${value}`;
      return { ...head, codings, at: offset };
    }
    case 'content-length': {
      const values = value.split(',').map((part) => part.trim());
      const [first = ''] = values;
      const length = Number(first);
      const known = head.length ?? length;
      // The same length said twice is harmless, two lengths are two messages to two readers.
      if (!values.every((part) => /^[0-9]+$/.test(part) && Number(part) === known)) {
        return refused('bad-length', 'one Content-Length in digits', value, offset);
      }
      return { ...head, length: known, at: offset };
    }
    default:
      return head;
  }
}

/** How the body ends, once the head is whole. @source RFC 9112 section 6.3 */
export function bodyEnd(head: Head): BodyEnd | FramingProblem {
  const { bodyless, response, length, codings, at } = head;
  if (bodyless) return { by: 'length', length: 0 };
  if (codings === undefined) {
    if (length !== undefined) return { by: 'length', length };
    return response ? { by: 'close' } : { by: 'length', length: 0 };
  }
  if (length !== undefined) {
    const expected = 'Content-Length or Transfer-Encoding';
    return { code: 'bad-length', message: `expected ${expected}, got both`, offset: at };
  }
  const last = codings.split(',').at(-1)?.trim().toLowerCase();
  if (last === 'chunked') return { by: 'chunks' };
  if (response) return { by: 'close' };
  return refused('bad-length', 'chunked as the last coding of a request', codings, at);
}

/** Reads the first line of a chunk: its size in hexadecimal, and extensions. @source RFC 9112 section 7.1 */
export function readChunkSize(text: string, offset: number): number | FramingProblem {
  const digits = /^([0-9a-fA-F]+)[ \t]*(?:;|$)/.exec(text)?.[1];
  if (digits !== undefined) return Number.parseInt(digits, 16);
  return refused('bad-length', 'a chunk size in hexadecimal digits', text, offset);
}

function refused(
  code: FramingProblemCode,
  expected: string,
  text: string,
  offset: number,
): FramingProblem {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return { code, message: `expected ${expected}, got ${JSON.stringify(shown)}`, offset };
}
