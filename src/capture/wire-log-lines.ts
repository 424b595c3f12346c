import type { WireEvent } from '../network/wire-event';
import type { PlainVerb, ScriptEvent } from './script';
import { type NetworkKind, WireBelief } from './wire-belief';
import { pairConnections, type WirePair } from './wire-pairs';
import { errorWords, faultText, timeoutWords } from './wire-words';

/** One line of a wire log, in the order of the trace. */
export interface WireLogLine {
  /** Microseconds of the world's clock. */
  readonly atUs: number;
  /** `undefined` for a mark that belongs to no connection. */
  readonly pair: WirePair | undefined;
  readonly body: WireLogBody;
}

export type WireLogBody =
  /** `<`: sent by the accepting side; `>`: sent by the dialling side. */
  | { readonly kind: 'bytes'; readonly sign: '<' | '>'; readonly bytes: Uint8Array }
  /** Bytes of which the trace kept only the length. */
  | { readonly kind: 'length'; readonly sign: '<' | '>'; readonly length: number }
  | { readonly kind: 'event'; readonly event: ScriptEvent; readonly comment?: string };

/**
 * The lines of a wire log: every byte, every FIN and every RST of a connection once, although both
 * its ends may have reported them, seen from the accepting side.
 *
 * @param network - whose report counts; default `real`
 */
export function wireLogLines(
  trace: Iterable<WireEvent>,
  network: NetworkKind = 'real',
): readonly WireLogLine[] {
  const events = [...trace];
  return new LineWriter(events, network).lines();
}

/** What is known of one connection while its lines are written. */
interface PairState {
  opened: boolean;
  /** Indexes of the last bytes in each direction, which tell a half-close from a close. */
  lastOut: number;
  lastIn: number;
  /** Directions in which some end reports a RST, anywhere in the trace. */
  readonly resets: Set<WireEvent['direction']>;
  /** Whether a line has told of a RST. */
  isReset: boolean;
  readonly failures: Set<string>;
}

class LineWriter {
  readonly #events: readonly WireEvent[];
  readonly #pairs: ReadonlyMap<string, WirePair>;
  readonly #belief: WireBelief;
  readonly #states = new Map<WirePair, PairState>();

  constructor(events: readonly WireEvent[], network: NetworkKind) {
    this.#events = events;
    this.#pairs = pairConnections(events);
    this.#belief = new WireBelief(network, this.#pairs, events);
    for (const event of events) this.#lookAhead(event);
  }

  lines(): WireLogLine[] {
    return this.#events.flatMap((event) => {
      const pair = this.#pairs.get(event.connection);
      const body =
        pair === undefined ? markOf(event) : this.#bodyOf(event, this.#stateOf(pair), pair);
      return body === undefined ? [] : [{ atUs: event.atUs, pair, body }];
    });
  }

  #bodyOf(event: WireEvent, state: PairState, pair: WirePair): WireLogBody | undefined {
    switch (event.kind) {
      case 'established':
      case 'accepted':
        return opening(state, pair);
      case 'write':
      case 'data':
        return this.#belief.countsBytes(event) ? bytesOf(event) : undefined;
      case 'fin':
        return this.#belief.countsEnding(event) ? finOf(event, state) : undefined;
      case 'rst':
        if (!this.#belief.countsEnding(event)) return undefined;
        state.isReset = true;
        return verb(event.direction === 'out' ? 'peer resets' : 'reset', reasonOf(event));
      case 'refused':
        return failure(state, errorWords({ ...event, detail: { code: 'ECONNREFUSED' } }));
      case 'timeout':
        return failure(state, timeoutWords(event), commentOf(event.detail?.['what']));
      case 'error':
        return errorOf(event, state);
      case 'pause':
      case 'resume':
        // A server's own script can say so; how a client reads is its own affair.
        return event.connection === pair.accepted
          ? verb(event.kind === 'pause' ? 'stop reading' : 'read again')
          : undefined;
      case 'fault':
        return { kind: 'event', event: { verb: 'fault', text: faultText(event) } };
      case 'note':
        return markOf(event);
      default:
        return undefined;
    }
  }

  #lookAhead(event: WireEvent): void {
    const pair = this.#pairs.get(event.connection);
    if (pair === undefined) return;
    const state = this.#stateOf(pair);
    if (event.kind === 'rst') state.resets.add(event.direction);
    if (event.kind !== 'write' && event.kind !== 'data') return;
    if (!this.#belief.countsBytes(event)) return;
    if (event.direction === 'out') state.lastOut = event.index;
    else state.lastIn = event.index;
  }

  #stateOf(pair: WirePair): PairState {
    const known = this.#states.get(pair);
    if (known !== undefined) return known;
    const state = {
      opened: false,
      lastOut: -1,
      lastIn: -1,
      resets: new Set<WireEvent['direction']>(),
      isReset: false,
      failures: new Set<string>(),
    };
    this.#states.set(pair, state);
    return state;
  }
}

/** Told at the first report of either end, so that it stands before the first byte. */
function opening(state: PairState, pair: WirePair): WireLogBody | undefined {
  if (state.opened) return undefined;
  state.opened = true;
  return verb(pair.accepted === undefined ? 'connect' : 'accept');
}

function bytesOf(event: WireEvent): WireLogBody | undefined {
  const sign = event.direction === 'out' ? '>' : '<';
  const { bytes, length = 0 } = event;
  if ((bytes?.byteLength ?? length) === 0) return undefined;
  return bytes === undefined ? { kind: 'length', sign, length } : { kind: 'bytes', sign, bytes };
}

/**
 * On the wire a half-close is a close; it was one when the other side went on sending. A FIN of
 * which the kernel may have made a RST was none when the other end met a RST.
 */
function finOf(event: WireEvent, state: PairState): WireLogBody | undefined {
  const isRst = event.detail?.['mayBeReset'] === true && state.resets.has(event.direction);
  if (isRst || state.isReset) return undefined;
  if (event.direction === 'out') {
    return verb(state.lastIn > event.index ? 'peer half-closes' : 'peer closes');
  }
  return verb(state.lastOut > event.index ? 'half-close' : 'close');
}

/** An error that says again what the wire has shown is left out. */
function errorOf(event: WireEvent, state: PairState): WireLogBody | undefined {
  const words = errorWords(event);
  if (words === 'connection reset' && state.resets.size > 0) return undefined;
  if (words === 'timeout' && state.failures.size > 0) return undefined;
  return failure(state, words);
}

function failure(state: PairState, words: string, comment?: string): WireLogBody | undefined {
  if (words === 'connection refused' && state.failures.has(words)) return undefined;
  state.failures.add(words);
  const event: ScriptEvent = { verb: 'error', words };
  return { kind: 'event', event, ...(comment === undefined ? {} : { comment }) };
}

function markOf(event: WireEvent): WireLogBody | undefined {
  const text = event.kind === 'note' ? event.detail?.['mark'] : undefined;
  if (text === undefined) return undefined;
  return { kind: 'event', event: { verb: 'mark', text: String(text) } };
}

function verb(name: PlainVerb, comment?: string): WireLogBody {
  return { kind: 'event', event: { verb: name }, ...(comment === undefined ? {} : { comment }) };
}

/** Why there was a RST, unless the reason says only that there was one. */
function reasonOf(event: WireEvent): string | undefined {
  const reason = commentOf(event.detail?.['reason']);
  return reason === undefined || /^resetAndDestroy$|\bECONNRESET$/.test(reason)
    ? undefined
    : reason;
}

function commentOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
