/**
 * Text of a script that stands without quotes, to the end of its line. It has no escapes, and
 * whatever could be read as something else must be put in quotes.
 */
import { refusal } from '../base/errors';
import { bytesOfUnit } from '../base/size';

const units = Object.keys(bytesOfUnit).join('|');
const otherStart = new RegExp(
  `^(?:["'/#]|\\.\\.\\.|(?:hex|base64|file|line|pattern|raw|expect|anything)(?:\\s|$)|\\d+(?:\\.\\d+)?\\s?(?:${units})(?:\\s|$))`,
);
const suffix = /\s(within\s+\d+(?:\.\d+)?\s?[a-z]+|as\s+[A-Za-z_]\w*)$/;

/** Whether what follows must be read as a literal, a pattern or a word, and cannot be bare text. */
export function startsLikeSomethingElse(text: string): boolean {
  return otherStart.test(text);
}

/**
 * Reads bare text: up to a comment, without blanks at its ends.
 *
 * @param received - whether `within` and `as` could follow; bare text that seems to end in them is
 * refused, since it would take them into itself
 * @throws TcpError `ECONFIG`, field `script`
 */
export function readBareText(rest: string, received: boolean): string {
  const comment = rest.search(/\s#/);
  const text = (comment < 0 ? rest : rest.slice(0, comment)).trim();
  if (comment >= 0 && /["']/.test(text)) {
    throw refusal(
      'script',
      'put the text in quotes: it holds a quote, and a # that may be a comment',
    );
  }
  if (/\p{Cs}/u.test(text)) throw refusal('script', 'half a surrogate pair is no character');
  const tail = received ? suffix.exec(text)?.[1] : undefined;
  if (tail !== undefined) {
    throw refusal('script', `bare text takes the whole line; put it in quotes before "${tail}"`);
  }
  return text;
}

/** Whether text can be printed without quotes and read back as it is. */
export function isBareText(text: string, received: boolean): boolean {
  if (text === '' || text !== text.trim() || startsLikeSomethingElse(text)) return false;
  return !/[\r\n]|\s#|\p{Cs}/u.test(text) && !(received && suffix.test(text));
}
