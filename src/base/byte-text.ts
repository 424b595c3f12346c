import { isUtf8 } from 'node:buffer';
import { asBuffer } from './bytes';

/** `latin1`: one character per byte. */
export type TextEncoding = 'latin1' | 'utf8';

/** Bytes as the text that an expression sees. */
export interface ReadText {
  readonly characters: string;
  /** Index of a character → offset of its first byte. */
  readonly offsetOf: (index: number) => number;
}

/** What an expression sees of bytes, and the way back from characters to offsets. */
export function readText(regex: { readonly encoding: TextEncoding }, bytes: Uint8Array): ReadText {
  const buffer = asBuffer(bytes);
  if (regex.encoding === 'latin1') {
    return { characters: buffer.toString('latin1'), offsetOf: (index) => index };
  }
  if (!isUtf8(bytes)) return readBrokenUtf8(buffer);
  const characters = buffer.toString('utf8');
  return { characters, offsetOf: (index) => Buffer.byteLength(characters.slice(0, index)) };
}

/** Character by character, keeping where each came from; every stray byte is one U+FFFD. */
function readBrokenUtf8(buffer: Buffer): ReadText {
  const offsets: number[] = [];
  let characters = '';
  for (let at = 0; at < buffer.byteLength; ) {
    const length = [1, 2, 3, 4].find((count) => isCharacter(buffer, at, count));
    const character = length === undefined ? '\ufffd' : buffer.toString('utf8', at, at + length);
    for (let unit = 0; unit < character.length; unit++) offsets.push(at);
    characters += character;
    at += length ?? 1;
  }
  return { characters, offsetOf: (index) => offsets[index] ?? buffer.byteLength };
}

function isCharacter(buffer: Buffer, at: number, count: number): boolean {
  return at + count <= buffer.byteLength && isUtf8(buffer.subarray(at, at + count));
}
