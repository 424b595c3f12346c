import type { LiteralSources } from '../base/byte-literal';
import { formatDuration } from '../base/duration';
import { isSkip, type ScriptLine, type Turn } from './script';
import type { LogEntry, LogPlace } from './script-entries';
import { matchTurn, searchBytes, wantedBytes } from './turn-match';

/** The line at which a script and a log part. */
export interface Parting {
  readonly turn: Turn;
  readonly reason: string;
}

export interface MatcherSettings {
  readonly toleranceUs: number;
  readonly sources: LiteralSources;
  /** Numbers of connections in the script → order of appearance. */
  readonly ranks: ReadonlyMap<number, number>;
  /** Whether lines of the log may lie between those of the script. */
  readonly isLoose: boolean;
}

/**
 * Walks over a script and a log side by side. It never goes back: an optional line is taken when it
 * matches, `...` ends at the first match behind it.
 */
export class ScriptMatcher {
  /** Lines of the script that were found, in order. */
  readonly found: Turn[] = [];
  place: LogPlace = { index: 0, offset: 0 };
  readonly #entries: readonly LogEntry[];
  readonly #settings: MatcherSettings;
  /** A `...` waits for the line that ends it. */
  #isSkipping = false;
  #lastUs = 0;

  constructor(entries: readonly LogEntry[], settings: MatcherSettings) {
    this.#entries = entries;
    this.#settings = settings;
  }

  /** Goes on over lines; says where script and log part, if they do. */
  matchLines(lines: readonly ScriptLine[]): Parting | undefined {
    for (const line of lines) {
      const parting = this.#matchLine(line);
      if (parting !== undefined) return parting;
    }
    return undefined;
  }

  /** What of the log no line has spoken of; its opening does not count. */
  rest(): readonly LogEntry[] {
    if (this.#isSkipping) this.#skipReceived();
    return this.upcoming();
  }

  /** The same, with what a last `...` would accept. */
  upcoming(): readonly LogEntry[] {
    this.place = this.#behindOpenings(this.place);
    return this.#entries.slice(this.place.index);
  }

  #matchLine(line: ScriptLine): Parting | undefined {
    if (line.kind === 'unordered') return this.#matchUnordered(line.lines);
    if (line.kind === 'repeat') {
      for (let round = 0; round < line.times; round++) {
        const parting = this.matchLines(line.lines);
        if (parting !== undefined) return parting;
      }
      return undefined;
    }
    if (isSkip(line)) {
      this.#isSkipping = true;
      return undefined;
    }
    const reason = this.#find(line);
    if (reason === undefined || line.optional === true) return undefined;
    return { turn: line, reason: reason() };
  }

  /** Takes whichever line fits next, until none does; what is left must be optional. */
  #matchUnordered(lines: readonly ScriptLine[]): Parting | undefined {
    let left = lines.filter((line) => !isSkip(line));
    if (left.length < lines.length) this.#isSkipping = true;
    for (;;) {
      const fitting = left.find((line) => this.#tryLine(line));
      if (fitting === undefined) return this.matchLines(left);
      left = left.filter((line) => line !== fitting);
    }
  }

  #tryLine(line: ScriptLine): boolean {
    const before = { place: this.place, skipping: this.#isSkipping, us: this.#lastUs };
    const count = this.found.length;
    if (this.#matchLine(line) === undefined && this.found.length > count) return true;
    this.place = before.place;
    this.#isSkipping = before.skipping;
    this.#lastUs = before.us;
    this.found.length = count;
    return false;
  }

  /** Moves behind a line; or says why it is not there. */
  #find(turn: Turn): (() => string) | undefined {
    let place = this.#behindOpenings(this.place, turn);
    let first: (() => string) | undefined;
    for (;;) {
      const reason = this.#matchAt(turn, place);
      if (reason === undefined) return undefined;
      first ??= reason;
      const next = this.#nextPlace(turn, place);
      if (next === undefined) return first;
      place = next;
    }
  }

  #matchAt(turn: Turn, place: LogPlace): (() => string) | undefined {
    const entry = this.#entries[place.index];
    const match = matchTurn(turn, this.#entries, place, this.#settings.sources);
    if ('reason' in match) return match.reason;
    const reason = entry === undefined ? undefined : this.#refuseHead(turn, entry);
    if (reason !== undefined) return reason;
    this.place = match.end;
    this.#isSkipping = false;
    this.#lastUs = entry?.us ?? this.#lastUs;
    this.found.push(turn);
    return undefined;
  }

  /** Where else a line may stand: further on in what `...` accepts, or anywhere in a loose search. */
  #nextPlace(turn: Turn, place: LogPlace): LogPlace | undefined {
    const entry = this.#entries[place.index];
    if (entry === undefined) return undefined;
    const isSkipped = this.#isSkipping && entry.sign === '>';
    if (!isSkipped && (!this.#settings.isLoose || turn.optional === true)) return undefined;
    if (isSkipped && turn.kind === 'receive') {
      const wanted = wantedBytes(turn, this.#settings.sources);
      const found =
        wanted && searchBytes(wanted, this.#entries, { ...place, offset: place.offset + 1 });
      if (found !== undefined) return found;
    }
    return { index: place.index + 1, offset: 0 };
  }

  #refuseHead(turn: Turn, entry: LogEntry): (() => string) | undefined {
    const { ranks, toleranceUs } = this.#settings;
    const rank = turn.connection === undefined ? undefined : ranks.get(turn.connection);
    if (rank !== undefined && entry.rank !== undefined && rank !== entry.rank) {
      return () => `expected on connection ${turn.connection}, was on ${entry.turn.connection}`;
    }
    if (turn.time === undefined) return undefined;
    const { us } = entry;
    if (us === undefined) return () => 'the log has no times';
    const wantedUs = turn.time.from === 'start' ? turn.time.us : this.#lastUs + turn.time.us;
    if (Math.abs(us - wantedUs) <= toleranceUs) return undefined;
    const [wanted, was, tolerance] = [wantedUs, us, toleranceUs].map((each) =>
      formatDuration(each / 1_000),
    );
    return () => `expected at ${wanted}, was at ${was} (tolerance ${tolerance})`;
  }

  /** Every log begins with its opening; a script may leave it out. */
  #behindOpenings(place: LogPlace, turn?: Turn): LogPlace {
    const wanted = turn?.kind === 'event' ? turn.event.verb : undefined;
    let { index } = place;
    for (; index < this.#entries.length; index++) {
      const entry = this.#entries[index]?.turn;
      const verb = entry?.kind === 'event' ? entry.event.verb : undefined;
      if ((verb !== 'accept' && verb !== 'connect') || verb === wanted) break;
    }
    return index === place.index ? place : { index, offset: 0 };
  }

  #skipReceived(): void {
    let { index } = this.place;
    while (this.#entries[index]?.sign === '>') index++;
    if (index > this.place.index) this.place = { index, offset: 0 };
  }
}
