import type { WireEvent } from '../network/wire-event';
import { type NetworkKind, WireBelief } from './wire-belief';
import {
  bytesOf,
  commentOf,
  errorOf,
  failure,
  finOf,
  markOf,
  opening,
  type PairState,
  reasonOf,
  verb,
  type WireLogBody,
} from './wire-log-body';
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
        // A server's own script can say so; how a client or a proxy reads is its own affair.
        return event.connection === pair.accepted && !event.from.startsWith('proxy ')
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
