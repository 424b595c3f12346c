import { asBuffer } from '../base/bytes';

/** Text in which every match is masked, each character by one `*`. */
export function maskText(text: string, hidden: readonly RegExp[]): string {
  return hidden.reduce(
    (masked, regex) => masked.replace(regex, (match) => '*'.repeat(match.length)),
    text,
  );
}

/** A copy of bytes in which every match is masked; expressions see bytes as latin-1. */
export function maskBytes(bytes: Uint8Array, hidden: readonly RegExp[]): Uint8Array {
  const masked = Buffer.from(bytes);
  const text = asBuffer(bytes).toString('latin1');
  for (const regex of hidden) {
    for (const match of text.matchAll(regex)) {
      masked.fill('*', match.index, match.index + match[0].length);
    }
  }
  return masked;
}
