/** Bytes, times and sizes in words. */

const escapes = new Map([
  [0, '\\0'],
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
  [27, '\\e'],
  [92, '\\\\'],
]);

/** @param {string} [text] base64 @returns {Uint8Array} */
export function bytesOf(text = '') {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

/** @param {number} byte */
export function hexOf(byte) {
  return byte.toString(16).padStart(2, '0');
}

/** @param {Uint8Array} bytes */
export function hexText(bytes) {
  return Array.from(bytes, hexOf).join(' ');
}

/** A byte as it stands in a literal; an escape for everything that is not a printable ASCII. */
export function escapeByte(byte, quote = '"') {
  const named = escapes.get(byte);
  if (named !== undefined) return named;
  if (byte === quote.charCodeAt(0)) return `\\${quote}`;
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${hexOf(byte)}`;
}

/** Bytes as a quoted text, whatever they are. */
export function quoted(bytes, quote = '"') {
  return quote + Array.from(bytes, (byte) => escapeByte(byte, quote)).join('') + quote;
}

/** The shorter literal of text and hex, as the rest of Brine prints it. */
export function literalOf(bytes) {
  let printable = 0;
  let surplus = 0;
  for (const byte of bytes) {
    if (escapes.has(byte) || (byte >= 32 && byte < 127)) printable++;
    if (byte === 34) surplus++;
    else if (byte === 39) surplus--;
  }
  if (printable * 4 < bytes.length * 3) return `hex "${hexText(bytes)}"`;
  return quoted(bytes, surplus > 0 ? "'" : '"');
}

/** Text of people and peers on one line: what has no shape, or turns others around, as its number. */
export function visible(text) {
  return String(text).replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A moment: `251.30 ms`, from a second on `300.5224 s`. */
export function clockText(us) {
  const ms = us / 1000;
  return Math.abs(ms) < 1000 ? `${ms.toFixed(2)} ms` : `${(us / 1e6).toFixed(4)} s`;
}

/** A length of time: `250 ms`, `2.5 s`, from 600 s on `10 min`. */
export function lengthText(us) {
  if (us < 1000) return `${us} \u00b5s`;
  if (us < 1e6) return `${+(us / 1e3).toFixed(us < 1e4 ? 2 : us < 1e5 ? 1 : 0)} ms`;
  if (us < 6e8) return `${+(us / 1e6).toFixed(us < 1e7 ? 2 : us < 1e8 ? 1 : 0)} s`;
  const seconds = Math.round(us / 1e6);
  const rest = seconds % 60 === 0 ? '' : ` ${seconds % 60} s`;
  return `${Math.floor(seconds / 60)} min${rest}`;
}

/** A time as scripts hold it: exact. */
export function scriptTime(us) {
  if (us > 0 && us < 1000) return `${us} us`;
  return us < 1e6 ? `${+(us / 1e3).toFixed(3)} ms` : `${+(us / 1e6).toFixed(6)} s`;
}

export function sizeText(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1048576) return `${+(count / 1024).toFixed(1)} KiB`;
  return `${+(count / 1048576).toFixed(1)} MiB`;
}

/** A number in groups of three digits. */
export function grouped(count) {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, '\u00a0');
}

/** @param {number} count @param {string} noun */
export function countText(count, noun) {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
