/** Hex and base64 inside a literal: strict, and a mistake is named with its column. */
import { refusal } from './errors';
import { characterAt, columnOf } from './quoted-text';

/**
 * Reads pairs of hex digits; blanks, tabs and line ends between digits do not count.
 *
 * @param from - index of the first character to read
 * @param to - index behind the last one
 * @throws TcpError `ECONFIG` - another character, or an odd number of digits
 */
export function readHex(text: string, from: number = 0, to: number = text.length): Uint8Array {
  const slice = text.slice(from, to);
  const wrong = /[^0-9a-fA-F \t\r\n]/.exec(slice);
  if (wrong !== null) throw wrongCharacter(text, from + wrong.index, 'a hex digit');
  const digits = slice.replace(/[ \t\r\n]+/g, '');
  if (digits.length % 2 === 1) {
    throw refusal('literal', `odd number of hex digits (${digits.length})`);
  }
  return Buffer.from(digits, 'hex');
}

/**
 * Reads base64, also its URL form; padding may be left out but not be wrong.
 *
 * @source RFC 4648 sections 4 and 5
 * @throws TcpError `ECONFIG` - another character, or an incomplete last group
 */
export function readBase64(text: string, from: number = 0, to: number = text.length): Uint8Array {
  const slice = text.slice(from, to);
  const wrong = /[^A-Za-z0-9+/\-_=]/.exec(slice) ?? /=(?=[^=])/.exec(slice);
  if (wrong !== null) throw wrongCharacter(text, from + wrong.index, 'a base64 character');
  const content = slice.replace(/=+$/, '');
  const padding = slice.length - content.length;
  const short = content.length % 4;
  if (short === 1) {
    throw refusal('literal', `base64 of ${content.length} characters ends inside a byte`);
  }
  if (padding > 0 && padding !== (4 - short) % 4) {
    const needed = (4 - short) % 4;
    throw refusal('literal', `base64 ends in ${padding} times "=", ${needed} would be right`);
  }
  return Buffer.from(content, 'base64');
}

/** `de ad be ef` */
export function printHex(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return hex.replace(/..(?=.)/g, '$& ');
}

function wrongCharacter(text: string, at: number, expected: string): Error {
  const character = JSON.stringify(characterAt(text, at));
  return refusal('literal', `${character} is not ${expected}, at column ${columnOf(text, at)}`);
}
