import type { Captures } from './byte-pattern-match';
import { readText, type TextEncoding } from './byte-text';
import { refusal, TcpError } from './errors';

/** A regular expression over bytes. */
export interface ByteRegex {
  /** Between the slashes, as written. */
  readonly source: string;
  /** Some of `d i m s u v`, in the order written. */
  readonly flags: string;
  /** `latin1`: one character per byte, so `\xff` is the byte FF. `utf8` with the flags `u` and `v`. */
  readonly encoding: TextEncoding;
}

/** Where a regular expression matched; offsets count bytes. */
export interface ByteRegexMatch {
  readonly start: number;
  readonly end: number;
  /** The bytes matched; a view. */
  readonly bytes: Uint8Array;
  /** Bytes of the numbered groups, from 1; `undefined` where a group took no part. */
  readonly groups: readonly (Uint8Array | undefined)[];
  /** Bytes of the named groups that took part. */
  readonly captures: Captures;
}

export interface ByteRegexOptions {
  /** Offset of the first byte that is looked at; default 0. `^` matches there. */
  readonly from?: number;
  /** A clock that goes on while code runs, in whole microseconds, such as the real world's. */
  readonly now?: () => number;
  /** Milliseconds that one evaluation may take; default 50. Without `now` there is no limit. */
  readonly limitMs?: number;
  /** Evaluates in another way than in this thread and to the end; default: `engine.exec(text)`. */
  readonly exec?: (engine: RegExp, text: string) => RegExpExecArray | null;
}

/**
 * Reads `/…/flags`. A `/` in the expression is written `\/`.
 *
 * @throws TcpError `ECONFIG`, field `regex` - not of that form, a wrong flag, or what the engine says
 * @source docs/literals.md#regular-expressions
 */
export function parseByteRegex(text: string): ByteRegex {
  const { regex, end } = byteRegexAt(text, 0);
  if (end < text.length) {
    throw refusal('regex', `unexpected ${JSON.stringify(text.slice(end))} after the expression`);
  }
  return regex;
}

/** Reads the `/…/flags` that starts at an index and says where it ends. */
export function byteRegexAt(text: string, start: number): { regex: ByteRegex; end: number } {
  const form = /\/((?:[^/\\]|\\[\s\S])+)\/([A-Za-z]*)/y;
  form.lastIndex = start;
  const match = form.exec(text);
  if (match === null) {
    throw refusal('regex', 'a regular expression is written /…/, with \\/ for a slash inside');
  }
  return { regex: compileByteRegex(match[1] ?? '', match[2]), end: form.lastIndex };
}

/**
 * Checks an expression and its flags.
 *
 * Flags `d i m s u v`; `d` changes nothing. Characters above U+007F need `u` or `v`, since without
 * them they stand for no single byte.
 *
 * @throws TcpError `ECONFIG`, field `regex`
 */
export function compileByteRegex(source: string, flags: string = ''): ByteRegex {
  checkFlags(flags);
  const encoding = /[uv]/.test(flags) ? 'utf8' : 'latin1';
  const wide = /[^\0-\x7f]/u.exec(source);
  if (encoding === 'latin1' && wide !== null) {
    throw refusal(
      'regex',
      `"${wide[0]}" is more than one byte: add the flag u, or write its bytes as \\xHH`,
    );
  }
  const regex: ByteRegex = { source, flags, encoding };
  engineOf(regex);
  return regex;
}

/** `/…/flags` */
export function printByteRegex(regex: ByteRegex): string {
  return `/${regex.source}/${regex.flags}`;
}

/**
 * The first match of an expression, or `undefined`.
 *
 * The limit of time is measured, not enforced: an expression that is being evaluated cannot be
 * interrupted in its process, so one that runs for minutes blocks for minutes and is refused after
 * that. Of one that is only slow it promises that no test passes by its luck. A virtual clock stands
 * still while code runs and never sees a limit passed.
 *
 * In `utf8` a byte that belongs to no valid character reads as U+FFFD.
 *
 * @throws TcpError `EDEADLINE` - `regular expression took longer than 50 ms on 4096 bytes`
 */
export function matchByteRegex(
  regex: ByteRegex,
  bytes: Uint8Array,
  options: ByteRegexOptions = {},
): ByteRegexMatch | undefined {
  const { from = 0, now, limitMs = 50, exec } = options;
  const view = bytes.subarray(from);
  const text = readText(regex, view);
  const engine = engineOf(regex);
  const startedUs = now?.();
  const match = exec === undefined ? engine.exec(text.characters) : exec(engine, text.characters);
  const tookUs = now === undefined || startedUs === undefined ? 0 : now() - startedUs;
  if (tookUs > limitMs * 1_000) {
    throw new TcpError(
      `regular expression took longer than ${limitMs} ms on ${view.byteLength} bytes`,
      { code: 'EDEADLINE', phase: 'deadline' },
    );
  }
  return match === null ? undefined : toMatch(match, view, from, text.offsetOf);
}

function checkFlags(flags: string): void {
  for (const [index, flag] of [...flags].entries()) {
    if ('gy'.includes(flag)) throw refusal('regex', `flag ${flag} has no meaning here`);
    if (!'dimsuv'.includes(flag)) {
      throw refusal('regex', `unknown flag ${flag}, expected some of d i m s u v`);
    }
    if (flags.indexOf(flag) < index) throw refusal('regex', `flag ${flag} is given twice`);
  }
  if (/u.*v|v.*u/.test(flags)) throw refusal('regex', 'flags u and v exclude each other');
}

function engineOf(regex: ByteRegex): RegExp {
  try {
    return new RegExp(regex.source, `${regex.flags.replace('d', '')}d`);
  } catch (error) {
    // The engine's text is `Invalid regular expression: /(/d: Unterminated group`.
    const text = error instanceof Error ? error.message : String(error);
    const reason = text
      .slice(text.lastIndexOf(': ') + 1)
      .trim()
      .toLowerCase();
    throw refusal('regex', `invalid regular expression ${printByteRegex(regex)}: ${reason}`, error);
  }
}

function toMatch(
  match: RegExpExecArray,
  bytes: Uint8Array,
  from: number,
  offsetOf: (index: number) => number,
): ByteRegexMatch {
  const spans = (match.indices ?? []).map(
    (span) => span && ([offsetOf(span[0]), offsetOf(span[1])] as const),
  );
  const cut = (span: readonly [number, number] | undefined) =>
    span && bytes.subarray(span[0], span[1]);
  const [start, end] = spans[0] ?? [0, 0];
  const named = Object.entries(match.indices?.groups ?? {}).flatMap(([name, span]) =>
    span === undefined
      ? []
      : [[name, bytes.subarray(offsetOf(span[0]), offsetOf(span[1]))] as const],
  );
  return {
    start: from + start,
    end: from + end,
    bytes: bytes.subarray(start, end),
    groups: spans.slice(1).map(cut),
    captures: Object.fromEntries(named),
  };
}
