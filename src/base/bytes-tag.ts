import { describeValue, refusal } from './errors';
import { decodeEscapes } from './quoted-text';

/**
 * Bytes from a template: UTF-8 of the text with the escapes of byte literals, so that `` bytes`\xff` ``
 * is the one byte FF.
 *
 * What is put in with `${…}` is taken as it is, without escapes: bytes as bytes, text as UTF-8. A
 * number is refused, since it could be a digit or a byte. A backtick is written `` \` ``, a dollar
 * sign before a brace `\$`.
 *
 * @throws TcpError `ECONFIG`, field `literal` - a wrong escape (its column counts from the start of the
 * template, or from the `}` before it), or a value that is neither bytes nor text
 * @example
 * const request = bytes`GET ${name}\r\n`;
 */
export function bytes(
  template: TemplateStringsArray,
  ...values: readonly (Uint8Array | string)[]
): Uint8Array {
  const parts: Uint8Array[] = [];
  template.raw.forEach((text, index) => {
    if (index > 0) parts.push(valueBytes(values[index - 1]));
    parts.push(decodeEscapes(text, 0, text.length, '`$'));
  });
  return Buffer.concat(parts);
}

function valueBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  const hint =
    typeof value === 'number' ? ' (Uint8Array.of(n) is a byte, String(n) its digits)' : '';
  throw refusal(
    'literal',
    `a value inside bytes\`…\` must be bytes or text, got ${describeValue(value)}${hint}`,
  );
}
