import { KeptBytes, type KeptRun } from './kept-bytes';

/** What a program prints on; `output` is both, in order of arrival. */
export type Channel = 'stdout' | 'stderr' | 'output';

/** Bytes kept of each channel: the first and the last half of this. */
export const keptPerChannel = 1_048_576;

/** Looks for something in a run of bytes; `undefined` when it is not there. */
export type Finder<T> = (bytes: Buffer) => Found<T> | undefined;

/** Where something was found. */
export interface Found<T> {
  /** Offset behind its last byte, in the bytes that were searched. */
  readonly end: number;
  readonly value: T;
}

/**
 * What a program has printed, per channel, each with a cursor of its own.
 *
 * @source docs/processes.md#output
 */
export class ProcessOutput {
  readonly #kept: Readonly<Record<Channel, KeptBytes>>;
  readonly #cursors: Record<Channel, number> = { stdout: 0, stderr: 0, output: 0 };

  constructor(limit: number = keptPerChannel) {
    this.#kept = {
      stdout: new KeptBytes(limit),
      stderr: new KeptBytes(limit),
      output: new KeptBytes(limit),
    };
  }

  /** Takes what arrived on one of the two pipes. */
  add(channel: 'stdout' | 'stderr', chunk: Uint8Array): void {
    this.#kept[channel].add(chunk);
    this.#kept.output.add(chunk);
  }

  /** Bytes printed in all. */
  total(channel: Channel): number {
    return this.#kept[channel].total;
  }

  /** Bytes in the middle that were not kept. */
  dropped(channel: Channel): number {
    return this.#kept[channel].dropped;
  }

  /** What was printed and kept, oldest first. */
  runs(channel: Channel): readonly KeptRun[] {
    return this.#kept[channel].runs();
  }

  /** What was printed and kept behind the cursor. */
  unread(channel: Channel): readonly KeptRun[] {
    return this.#kept[channel].runs(this.#cursors[channel]);
  }

  /** Everything printed; `undefined` when the middle was not kept. A copy. */
  whole(channel: Channel): Buffer | undefined {
    if (this.dropped(channel) > 0) return undefined;
    return Buffer.concat(this.runs(channel).map((run) => run.bytes));
  }

  /** Finds something behind the cursor, and moves the cursor past it. */
  take<T>(channel: Channel, finder: Finder<T>): Found<T> | undefined {
    for (const run of this.unread(channel)) {
      const found = finder(run.bytes);
      if (found === undefined) continue;
      this.#cursors[channel] = run.start + found.end;
      return found;
    }
    return undefined;
  }
}

/** Finds bytes as they are. */
export function findBytes(wanted: Uint8Array): Finder<Uint8Array> {
  return (bytes) => {
    const at = bytes.indexOf(wanted);
    return at < 0 ? undefined : { end: at + wanted.byteLength, value: wanted };
  };
}

/** Finds text, where each of its line ends may be LF or CR LF in the bytes. */
export function findText(text: string): Finder<string> {
  // One character per byte, so that offsets in the text are offsets in the bytes.
  const bytes = Buffer.from(text.replaceAll('\r\n', '\n')).toString('latin1');
  const escaped = bytes.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const expression = new RegExp(escaped.replaceAll('\n', '\\r?\\n'));
  return (printed) => {
    const match = expression.exec(printed.toString('latin1'));
    return match === null ? undefined : { end: match.index + match[0].length, value: text };
  };
}
