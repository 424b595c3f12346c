import { readDuration, toMicroseconds } from '../base/duration';
import { refusal } from '../base/errors';

const durationForm = /\d+(?:\.\d+)?\s?[a-z]+/y;

/** Reads one line of a script from left to right. Columns stay those of the whole line. */
export class LineCursor {
  readonly text: string;
  at: number;

  constructor(text: string, at: number = 0) {
    this.text = text;
    this.at = at;
    this.skipBlanks();
  }

  /** What is left, without blanks at the end. */
  get rest(): string {
    return this.text.slice(this.at).trimEnd();
  }

  /** Whether nothing but a comment is left. */
  get isOver(): boolean {
    return this.at >= this.text.length || this.text[this.at] === '#';
  }

  skipBlanks(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
  }

  /** Takes a sign and the blanks behind it, if it is next. */
  take(sign: string): boolean {
    if (!this.text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    this.skipBlanks();
    return true;
  }

  /** Takes a word that ends at a blank or at the end of the line, if it is next. */
  takeWord(word: string): boolean {
    const behind = this.text[this.at + word.length];
    return (behind === undefined || behind === ' ' || behind === '\t') && this.take(word);
  }

  /** Takes what a sticky expression matches, and the blanks behind it. */
  takeMatch(form: RegExp): RegExpExecArray | undefined {
    form.lastIndex = this.at;
    const match = form.exec(this.text);
    if (match === null) return undefined;
    this.at = form.lastIndex;
    this.skipBlanks();
    return match;
  }

  /** Goes on behind what another reader read. */
  moveTo(end: number): void {
    this.at = end;
    this.skipBlanks();
  }

  /** A duration in whole microseconds. @throws TcpError `ECONFIG` */
  takeDuration(): number {
    const match = this.takeMatch(durationForm);
    if (match === undefined) {
      throw refusal('script', `expected a duration such as 10 ms, got ${this.describeRest()}`);
    }
    return toMicroseconds(readDuration('the time', match[0]));
  }

  /** @throws TcpError `ECONFIG` - something other than a comment is left */
  expectOver(behind: string): void {
    if (!this.isOver) {
      throw refusal('script', `unexpected ${this.describeRest()} behind ${behind}`);
    }
    const glued =
      this.at > 0 && this.at < this.text.length && !/\s/.test(this.text[this.at - 1] ?? '');
    if (glued) throw refusal('script', 'a comment needs a blank in front of its #');
  }

  /** What is left, for a message. */
  describeRest(): string {
    const { rest } = this;
    if (rest === '') return 'nothing';
    return JSON.stringify(rest.length > 60 ? `${rest.slice(0, 60)}…` : rest);
  }
}
