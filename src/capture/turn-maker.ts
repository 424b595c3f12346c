import { formatDuration } from '../base/duration';
import { formatByteCount } from '../base/size';
import type { Turn } from './conversation-turn';

/** What cuts the bytes of one side into messages; a `FrameReader` of `brine/framing` is one. */
export interface FrameSource {
  /** Whole messages that wait to be taken. */
  readonly ready: number;
  push(chunk: Uint8Array): void;
  take(): Uint8Array | undefined;
  /** No more bytes come. */
  end(): void;
  /** Why no message can follow, once all are taken. */
  error(): Error | undefined;
  /** The bytes that were not taken. */
  rest(): Uint8Array;
}

type From = Turn['from'];

/** A turn while it goes on. */
interface OpenTurn {
  readonly from: From;
  readonly frames: Uint8Array[];
  /** Bytes that no framer takes. */
  loose: Uint8Array[];
  readonly afterUs: number;
  end?: 'fin' | 'rst';
}

/** What is known of a side. */
interface Side {
  readonly source: FrameSource | undefined;
  /** Time of its last byte. */
  lastUs: number | undefined;
  /** Its bytes are no messages any more. */
  broken: boolean;
}

/** Bytes and ends of two sides in, turns out. */
export class TurnMaker {
  readonly #sides: Readonly<Record<From, Side>>;
  readonly #turns: OpenTurn[] = [];
  readonly #warnings: string[] = [];
  #startUs: number | undefined;

  constructor(sources: Readonly<Record<From, FrameSource | undefined>>) {
    const side = (source: FrameSource | undefined): Side => ({
      source,
      lastUs: undefined,
      broken: false,
    });
    this.#sides = { client: side(sources.client), server: side(sources.server) };
  }

  get turns(): number {
    return this.#turns.length;
  }

  /** The connection was opened. */
  begin(atUs: number): void {
    this.#startUs = atUs;
  }

  bytes(from: From, atUs: number, bytes: Uint8Array): void {
    const turn = this.#turnOf(from, atUs);
    const side = this.#sides[from];
    side.lastUs = atUs;
    if (side.source === undefined || side.broken) turn.loose.push(bytes);
    else {
      side.source.push(bytes);
      this.#take(turn, side, side.source);
    }
  }

  end(from: From, atUs: number, end: 'fin' | 'rst'): void {
    const side = this.#sides[from];
    const own = this.#turns.findLast((turn) => turn.from === from);
    if (end === 'fin' && side.source !== undefined && !side.broken && own !== undefined) {
      side.source.end();
      this.#take(own, side, side.source);
    }
    const last = this.#turns.at(-1);
    const turn = last?.from === from && last.end === undefined ? last : this.#open(from, atUs);
    turn.end = end;
  }

  /** The turns; what no message has come of is left out. */
  finish(): { turns: Turn[]; warnings: readonly string[] } {
    for (const from of ['client', 'server'] as const) this.#keepRest(from);
    const turns: Turn[] = [];
    for (const open of this.#turns) {
      const turn = closed(open, this.#sides[open.from].source !== undefined);
      if (turn.frames.length === 0 && turn.end === undefined) continue;
      const last = turns.at(-1);
      if (last?.from !== turn.from || last.end !== undefined || last.raw) turns.push(turn);
      else turns.splice(-1, 1, joined(last, turn));
    }
    return { turns, warnings: this.#warnings };
  }

  #turnOf(from: From, atUs: number): OpenTurn {
    const last = this.#turns.at(-1);
    if (last?.from === from && last.end === undefined) return last;
    const other = last === undefined ? undefined : this.#sides[last.from];
    const rest = other?.broken ? 0 : (other?.source?.rest().byteLength ?? 0);
    if (rest > 0 && last?.from !== from) {
      const sinceUs = atUs - (this.#startUs ?? atUs);
      this.#warn(`overlapping turns at ${formatDuration(sinceUs / 1_000)}`);
    }
    return this.#open(from, atUs);
  }

  #open(from: From, atUs: number): OpenTurn {
    this.#startUs ??= atUs;
    const other = this.#sides[from === 'client' ? 'server' : 'client'];
    const sinceUs = other.lastUs ?? this.#startUs;
    const turn: OpenTurn = {
      from,
      frames: [],
      loose: [],
      afterUs: Math.max(0, atUs - sinceUs),
    };
    this.#turns.push(turn);
    return turn;
  }

  #take(turn: OpenTurn, side: Side, source: FrameSource): void {
    while (source.ready > 0) {
      const frame = source.take();
      if (frame !== undefined) turn.frames.push(frame);
    }
    const error = source.error();
    if (error === undefined) return;
    side.broken = true;
    this.#keepLoose(turn, source.rest(), `: ${error.message}`);
  }

  /** Bytes behind the last message, where its side did not say that it had ended. */
  #keepRest(from: From): void {
    const { source, broken } = this.#sides[from];
    const turn = this.#turns.findLast((turn) => turn.from === from);
    if (source === undefined || broken || turn === undefined) return;
    const rest = source.rest();
    if (rest.byteLength > 0) this.#keepLoose(turn, rest, '');
  }

  #keepLoose(turn: OpenTurn, rest: Uint8Array, why: string): void {
    turn.loose.push(rest);
    const count = formatByteCount(rest.byteLength);
    this.#warn(`${count} of the ${turn.from} after its last whole message${why}`);
  }

  #warn(text: string): void {
    if (!this.#warnings.includes(text)) this.#warnings.push(text);
  }
}

function closed(turn: OpenTurn, isFramed: boolean): Turn {
  const { from, frames, loose, afterUs, end } = turn;
  const rest = loose.length === 0 ? [] : [Buffer.concat(loose)];
  return {
    from,
    frames: [...frames, ...rest],
    ...(isFramed && rest.length > 0 && { raw: true as const }),
    afterUs,
    ...(end !== undefined && { end }),
  };
}

function joined(first: Turn, second: Turn): Turn {
  const { end, raw } = second;
  const frames = [...first.frames, ...second.frames];
  return {
    ...first,
    frames,
    ...(raw && { raw }),
    ...(end !== undefined && { end }),
  };
}
