import { crc32 } from '../../base/crc32';
import { readCount, readOneOf, refuseUnknownKeys } from '../../base/option-reader';
import type { Trace, TraceMode } from '../trace';
import type { WireEvent, WireEventInput } from '../wire-event';
import { TraceHash } from './event-hash';

/** What a trace keeps. */
export interface TraceOptions {
  /** `full` keeps bytes, `events` lengths and digests, `off` nothing. Default: `events`. */
  readonly mode?: TraceMode;
  /** Events kept; the oldest go first. Default: no limit. */
  readonly maxEvents?: number;
  /** Bytes kept; the oldest go first, their events stay. Default: no limit. */
  readonly maxBytes?: number;
}

/** A trace as worlds use it: they lend it their clock and learn when somebody begins to watch. */
export interface WorldTrace extends Trace {
  /** Takes the time of events from here on from this clock; the first one given stays. */
  useClock(now: () => number): void;
  /** Calls back each time the trace becomes active. */
  whenWatched(listener: () => void): void;
}

const modes = ['full', 'events', 'off'] as const;
const known = ['mode', 'maxEvents', 'maxBytes'];

/**
 * Makes the log that a world writes.
 *
 * The first world it is given to lends it its clock; one trace may serve several worlds. With a
 * limit it is a ring. The hash counts every event, kept or not, and is the same in every mode.
 *
 * @throws TcpError `ECONFIG` - an unknown mode or key, or a limit that is no whole number of 0 or more
 * @source docs/network.md#trace
 */
export function createTrace(options: TraceOptions = {}): WorldTrace {
  refuseUnknownKeys('createTrace', options, known);
  const { mode = 'events', maxEvents = Infinity, maxBytes = Infinity } = options;
  return new RingTrace(
    readOneOf('mode', mode, modes),
    readCount('maxEvents', maxEvents, 0, true),
    readCount('maxBytes', maxBytes, 0, true),
  );
}

/** Whether a trace can be lent a clock. */
export function isWorldTrace(trace: Trace): trace is WorldTrace {
  return 'useClock' in trace && 'whenWatched' in trace;
}

class RingTrace implements WorldTrace {
  readonly mode: TraceMode;
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  readonly #hash = new TraceHash();
  /** Events that the hash counts already; the others follow when it is asked for. */
  #hashed = 0;
  #events: WireEvent[] = [];
  /** Place of the oldest event that was not pushed out. */
  #first = 0;
  /** Place of the oldest event that may still have bytes. */
  #firstWithBytes = 0;
  #bytesKept = 0;
  #count = 0;
  #listeners: readonly ((event: WireEvent) => void)[] = [];
  #watched: (() => void)[] = [];
  #now: (() => number) | undefined;

  constructor(mode: TraceMode, maxEvents: number, maxBytes: number) {
    this.mode = mode;
    this.#maxEvents = maxEvents;
    this.#maxBytes = maxBytes;
  }

  get active(): boolean {
    return this.mode !== 'off' || this.#listeners.length > 0;
  }

  get keepsBytes(): boolean {
    return this.mode === 'full' || this.#listeners.length > 0;
  }

  get events(): readonly WireEvent[] {
    this.#dropPushedOut();
    return this.#events;
  }

  get dropped(): number {
    return this.mode === 'off' ? 0 : this.#count - this.#events.length + this.#first;
  }

  useClock(now: () => number): void {
    this.#now ??= now;
  }

  whenWatched(listener: () => void): void {
    this.#watched.push(listener);
  }

  add(input: WireEventInput): WireEvent {
    const event = complete(input, this.#count++, this.#now?.() ?? 0, this.keepsBytes);
    // What is kept nowhere need not be copied.
    const kept = this.mode === 'events' ? withoutBytes(event) : event;
    if (this.mode === 'off') this.#hash.add(event);
    else this.#keep(kept);
    for (const listener of this.#listeners) listener(event);
    return kept;
  }

  subscribe(listener: (event: WireEvent) => void): () => void {
    const wasActive = this.active;
    // A listener of its own, so that the same function may subscribe twice.
    const entry = (event: WireEvent): void => listener(event);
    this.#listeners = [...this.#listeners, entry];
    if (!wasActive) for (const watched of this.#watched) watched();
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    };
  }

  hash(options: { readonly withoutCiphertext?: boolean } = {}): string {
    this.#hashUpTo(this.#events.length);
    return this.#hash.print(options);
  }

  #keep(event: WireEvent): void {
    this.#events.push(event);
    this.#bytesKept += event.bytes?.byteLength ?? 0;
    while (this.#events.length - this.#first > this.#maxEvents) {
      this.#bytesKept -= this.#events[this.#first]?.bytes?.byteLength ?? 0;
      this.#first++;
    }
    this.#firstWithBytes = Math.max(this.#firstWithBytes, this.#first);
    while (this.#bytesKept > this.#maxBytes) this.#dropOldestBytes();
    // Moving what is left only when half is dead keeps the cost per event constant.
    if (this.#first > 1_024 && this.#first * 2 > this.#events.length) this.#dropPushedOut();
  }

  #dropOldestBytes(): void {
    const at = this.#firstWithBytes++;
    const event = this.#events[at];
    if (event?.bytes === undefined) return;
    this.#bytesKept -= event.bytes.byteLength;
    this.#events[at] = withoutBytes(event);
  }

  #hashUpTo(place: number): void {
    for (; this.#hashed < place; this.#hashed++) {
      const event = this.#events[this.#hashed];
      if (event !== undefined) this.#hash.add(event);
    }
  }

  #dropPushedOut(): void {
    if (this.#first === 0) return;
    this.#hashUpTo(this.#first);
    this.#hashed -= this.#first;
    this.#events = this.#events.slice(this.#first);
    this.#firstWithBytes -= this.#first;
    this.#first = 0;
  }
}

/** The keys are set in the order in which trace files have them. */
function complete(
  input: WireEventInput,
  index: number,
  atUs: number,
  withBytes: boolean,
): WireEvent {
  const { bytes, length = bytes?.byteLength, stream, cause, local, remote, detail } = input;
  const { connection, from, to, direction, kind } = input;
  if (
    bytes !== undefined &&
    length !== undefined &&
    stream !== undefined &&
    !withBytes &&
    detail === undefined
  ) {
    // Nearly all events. An object made at once is half the work of one that grows.
    const digest = input.digest ?? crc32(bytes);
    if (cause === undefined) {
      return { index, atUs, connection, from, to, direction, kind, length, digest, stream };
    }
    return { index, atUs, connection, from, to, direction, kind, length, digest, stream, cause };
  }
  const event: { -readonly [Key in keyof WireEvent]: WireEvent[Key] } = {
    index,
    atUs,
    connection,
    from,
    to,
    direction,
    kind,
  };
  if (length !== undefined) event.length = length;
  if (bytes !== undefined) {
    if (withBytes) event.bytes = bytes;
    event.digest = input.digest ?? crc32(bytes);
  }
  if (stream !== undefined) event.stream = stream;
  if (cause !== undefined) event.cause = cause;
  if (local !== undefined) event.local = local;
  if (remote !== undefined) event.remote = remote;
  if (detail !== undefined) event.detail = detail;
  return event;
}

function withoutBytes(event: WireEvent): WireEvent {
  if (event.bytes === undefined) return event;
  const { bytes: _bytes, ...rest } = event;
  return rest;
}
