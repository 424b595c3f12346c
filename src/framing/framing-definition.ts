import { readBase64, readHex } from '../base/byte-encodings';
import { refusal, TcpError } from '../base/errors';
import { decodeEscapes } from '../base/quoted-text';
import { joined } from './frame-rules';
import type { FramerName } from './framer-names';
import type { LengthType } from './length-field';
import type { LengthIncludes } from './length-prefix';

/**
 * A framing as data: what a file or a step says, and `framerFrom` makes a framer of.
 *
 * Sizes are bytes or text with a unit, gaps milliseconds or text with a unit; what each key means
 * and its default is said at the function of that kind.
 *
 * @source docs/framing.md#in-steps-and-files
 */
export type FramingDefinition =
  | FramerName
  | (WithMax & { readonly kind: 'none' | 'varint' })
  | (WithMax & {
      readonly kind: 'delimiter';
      readonly delimiter: BytesValue;
      readonly keep?: boolean;
    })
  | (WithMax & {
      readonly kind: 'length-prefix';
      readonly type: LengthType;
      readonly offset?: number;
      readonly includes?: LengthIncludes;
      readonly adjust?: number;
      readonly keep?: boolean;
    })
  | (WithMax & {
      readonly kind: 'ascii-length';
      readonly length: number;
      readonly radix?: 10 | 16;
      readonly includes?: 'payload' | 'prefix';
    })
  | (WithMax & { readonly kind: 'fixed'; readonly length: number; readonly pad?: number })
  | (WithMax & {
      readonly kind: 'start-end';
      readonly start: BytesValue;
      readonly end: BytesValue;
      readonly escape?: BytesValue;
      readonly keep?: boolean;
    })
  | (WithMax & { readonly kind: 'idle-gap'; readonly gap: number | string })
  | (WithMax & { readonly kind: 'regex'; readonly pattern: string; readonly flags?: string })
  /** A preset, or a framing registered under that name. */
  | (WithMax & { readonly kind: 'preset'; readonly name: string })
  /** `./file#name` of a function that takes `options` and returns a framer. */
  | (WithMax & {
      readonly kind: 'custom';
      readonly module: string;
      readonly options?: Readonly<Record<string, unknown>>;
    });

interface WithMax {
  /** Longest frame, its framing included; default 16 MiB. */
  readonly max?: number | string;
}

/** Bytes in a definition: bytes, text with escapes, or an object that says how they are written. */
export type BytesValue =
  | Uint8Array
  | string
  | { readonly text: string }
  /** Text and CR LF. */
  | { readonly line: string }
  | { readonly hex: string }
  | { readonly base64: string };

const forms: Readonly<Record<string, (text: string) => Uint8Array>> = {
  text: (text) => decodeEscapes(text),
  line: (text) => joined(decodeEscapes(text), Uint8Array.of(0x0d, 0x0a)),
  hex: (text) => readHex(text),
  base64: (text) => readBase64(text),
};

/**
 * Reads bytes of a definition.
 *
 * @throws TcpError `ECONFIG` - not of these forms, or a mistake inside the text
 */
export function readBytesValue(field: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const entries = typeof value === 'string' ? [['text', value]] : Object.entries(value ?? {});
  const [form = '', text] = entries[0] ?? [];
  const read = Object.hasOwn(forms, form) ? forms[form] : undefined;
  if (read === undefined || entries.length !== 1 || typeof text !== 'string') {
    const expected = "text, or an object with one of 'text', 'line', 'hex', 'base64'";
    throw refusal(field, `${field} must be bytes: ${expected}`);
  }
  try {
    return read(text);
  } catch (error) {
    throw TcpError.is(error) ? refusal(field, `${field}: ${error.message}`, error) : error;
  }
}
