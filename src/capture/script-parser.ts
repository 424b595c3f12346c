import { refusal, TcpError } from '../base/errors';
import type { Script, ScriptBlock, ScriptLine } from './script';
import { readTurn } from './script-turn-parser';

/** Where a script comes from, for messages. */
export interface ScriptSource {
  /** Name for messages: `mail.script:4: …`; without one `line 4: …`. */
  readonly file?: string;
}

/** A script with more mistakes than this names the first ones. */
const mostMistakes = 50;

/**
 * Reads a script.
 *
 * @throws TcpError `ECONFIG`, field `script` - every mistake with its line, one a line, at most 50
 * @source docs/scripts.md#lines
 */
export function parseScript(text: string, source: ScriptSource = {}): Script {
  const reader = new ScriptReader(text.split(/\r?\n/), source);
  const lines = reader.readLines(reader.nextIndent() ?? 0);
  reader.finish();
  return { lines };
}

class ScriptReader {
  readonly #lines: readonly string[];
  readonly #source: ScriptSource;
  readonly #mistakes: string[] = [];
  #index = 0;

  constructor(lines: readonly string[], source: ScriptSource) {
    this.#lines = lines;
    this.#source = source;
  }

  /** Spaces in front of the next line that says something; `undefined` at the end. */
  nextIndent(): number | undefined {
    for (; this.#index < this.#lines.length; this.#index++) {
      const [blank = ''] = /^[ \t]*/.exec(this.#current) ?? [];
      const rest = this.#current.slice(blank.length);
      if (rest.trim() === '' || rest.startsWith('#')) continue;
      if (!blank.includes('\t')) return blank.length;
      this.#mistake(this.#index, 'indent with spaces, not tabs');
    }
    return undefined;
  }

  /** Reads lines of one indent, and the lines of the blocks among them, until the indent gets smaller. */
  readLines(indent: number, isInner: boolean = false): ScriptLine[] {
    const lines: ScriptLine[] = [];
    for (let next = this.nextIndent(); next !== undefined; next = this.nextIndent()) {
      if (next < indent && isInner) break;
      if (next === indent) {
        lines.push(...this.#readLine(indent));
      } else {
        this.#mistake(this.#index, `expected an indent of ${indent} spaces, got ${next}`);
        this.#index++;
      }
    }
    return lines;
  }

  /** @throws TcpError `ECONFIG` - there were mistakes */
  finish(): void {
    if (this.#mistakes.length === 0) return;
    const shown = this.#mistakes.slice(0, mostMistakes);
    const left = this.#mistakes.length - shown.length;
    throw refusal(
      'script',
      [...shown, ...(left > 0 ? [`and ${left} more mistakes`] : [])].join('\n'),
    );
  }

  get #current(): string {
    return this.#lines[this.#index] ?? '';
  }

  #readLine(indent: number): ScriptLine[] {
    const index = this.#index++;
    const text = this.#lines[index] ?? '';
    try {
      const head = readBlockHead(text, index + 1);
      if (head === undefined) return [readTurn(text, index + 1)];
      if ((this.nextIndent() ?? 0) <= indent) {
        throw refusal('script', `${text.trim()} has no lines under it, indented by 2 more spaces`);
      }
      return [{ ...head, lines: this.readLines(indent + 2, true) }];
    } catch (error) {
      if (!TcpError.is(error)) throw error;
      this.#mistake(index, error.message);
      return [];
    }
  }

  #mistake(index: number, message: string): void {
    const { file } = this.#source;
    const place = file === undefined ? `line ${index + 1}` : `${file}:${index + 1}`;
    this.#mistakes.push(`${place}: ${message}`);
  }
}

function readBlockHead(text: string, line: number): ScriptBlock | undefined {
  const words = text.replace(/\s#.*$/, '').trim();
  if (words === 'unordered:') return { kind: 'unordered', line, lines: [] };
  const times = /^repeat (\d{1,9}) times:$/.exec(words)?.[1];
  if (times !== undefined && Number(times) > 0) {
    return { kind: 'repeat', line, times: Number(times), lines: [] };
  }
  if (/^(?:unordered|repeat)\b/.test(words)) {
    throw refusal(
      'script',
      `expected "unordered:" or "repeat 3 times:", got ${JSON.stringify(words)}`,
    );
  }
  return undefined;
}
