import { Roster } from '../base/roster';
import type { LinkSettings } from './link-settings';
import { defaultLatencyUs } from './link-settings';

/**
 * Whether segments arrive: `held` ones wait until the link is open again; on a dead link they wait
 * too, and their sender gives up after a while. `unreachable` refuses new dials beside that.
 */
export type LinkState = 'open' | 'held' | 'blackhole' | 'unreachable';

/** One direction of one connection, as far as its link is concerned. */
export interface LinkUser {
  readonly bytesInFlight: number;
  /** What waits looks again whether it may leave. */
  stateChanged(): void;
}

/** The plan's latencies, taken in the order in which segments leave. */
export class Tape {
  readonly #values: readonly number[];
  #position = 0;

  constructor(values: readonly number[]) {
    this.#values = values;
  }

  /** The next value; `undefined` once the tape has run out. */
  next(): number | undefined {
    return this.#values[this.#position++];
  }
}

/** Largest segment between hosts, and within one. */
const mssBetween = 1_460;
const mssWithin = 65_483;

/** One direction between two hosts, made when it is first used or spoken of. */
export class Link {
  readonly from: string;
  readonly to: string;
  settings: LinkSettings;
  state: LinkState = 'open';
  /** Connections that use it, in order of their dials. */
  readonly wires: Roster<LinkUser> = new Roster();
  readonly #tape: Tape;
  #ownPosition = 0;
  #busyUntilUs = 0;

  constructor(from: string, to: string, settings: LinkSettings, tape: Tape) {
    this.from = from;
    this.to = to;
    this.settings = settings;
    this.#tape = tape;
  }

  get mss(): number {
    return this.settings.mss ?? (this.from === this.to ? mssWithin : mssBetween);
  }

  get waitingBytes(): number {
    if (this.state === 'open') return 0;
    let bytes = 0;
    for (const wire of this.wires) bytes += wire.bytesInFlight;
    return bytes;
  }

  /** When a segment that leaves now arrives. Takes its share of the bandwidth. */
  arrivalUs(nowUs: number, size: number): number {
    const { bytesPerSecond } = this.settings;
    if (size === 0 || bytesPerSecond === Number.POSITIVE_INFINITY) {
      return Math.max(nowUs, this.#busyUntilUs) + this.#latencyUs();
    }
    const serialisationUs = Math.max(1, Math.ceil((size * 1_000_000) / bytesPerSecond));
    this.#busyUntilUs = Math.max(nowUs, this.#busyUntilUs) + serialisationUs;
    return this.#busyUntilUs + this.#latencyUs();
  }

  /** Changes the state; what waited leaves when the link opens. */
  change(state: LinkState): void {
    if (state === this.state) return;
    this.state = state;
    this.wake();
  }

  /** What waits looks again whether it may leave. */
  wake(): void {
    for (const wire of [...this.wires]) wire.stateChanged();
  }

  #latencyUs(): number {
    const { latency } = this.settings;
    if (latency.kind === 'constant') return latency.us;
    if (latency.kind === 'tape') return latency.tape[this.#ownPosition++] ?? defaultLatencyUs;
    const drawn = this.#tape.next();
    const span = latency.toUs - latency.fromUs;
    return latency.fromUs + (drawn === undefined ? Math.floor(span / 2) : drawn % (span + 1));
  }
}
