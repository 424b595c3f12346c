import type { Stream } from '../faults/fault';

/** What a fault did to bytes of a direction. */
export interface TalliedBytes {
  readonly stream: Stream;
  readonly action: string;
  readonly bytes: number;
}

interface Row {
  readonly stream: Stream;
  readonly action: string;
  count: number;
  bytes: number;
}

/** What a fault has done since it was attached, as plain numbers. */
export class ToxicTally {
  readonly #rows: Row[] = [];
  readonly #delayUs = { upstream: 0, downstream: 0 };

  count(stream: Stream, action: string, bytes: number): void {
    let row = this.#rows.find((each) => each.stream === stream && each.action === action);
    if (row === undefined) {
      row = { stream, action, count: 0, bytes: 0 };
      this.#rows.push(row);
    }
    row.count++;
    row.bytes += bytes;
  }

  delayed(stream: Stream, us: number): void {
    this.#delayUs[stream] += us;
  }

  /** How often it has acted in a direction. */
  acted(stream: Stream): number {
    return this.#rows.reduce((sum, row) => sum + (row.stream === stream ? row.count : 0), 0);
  }

  delayUs(stream: Stream): number {
    return this.#delayUs[stream];
  }

  /** By direction and by what was done: `delayed`, `dropped`, `changed`, `ended`. */
  bytes(): readonly TalliedBytes[] {
    return this.#rows
      .filter(({ bytes }) => bytes > 0)
      .map(({ stream, action, bytes }) => ({ stream, action, bytes }));
  }
}
