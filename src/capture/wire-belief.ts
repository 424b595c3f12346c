/**
 * Which of two reports of one thing counts: a byte that both ends of a connection report is shown
 * once.
 *
 * On a simulated network the end that receives is believed, so that a log is what was delivered. On
 * a real one it is the dialling end, or the accepting one where the dialling end is a stranger's.
 *
 * @source docs/scripts.md#reading-a-log
 */
import type { WireEvent } from '../network/wire-event';
import type { WirePair } from './wire-pairs';

/** Which network a trace comes from: it says whose reports count. */
export type NetworkKind = 'real' | 'simulated';

/** Tells for each event of a trace whether it is the report that counts. */
export class WireBelief {
  readonly #network: NetworkKind;
  readonly #pairs: ReadonlyMap<string, WirePair>;
  /** `fin`, `rst` by connection, direction and end: what was reported at all. */
  readonly #reported = new Set<string>();
  readonly #told = new Set<string>();

  constructor(
    network: NetworkKind,
    pairs: ReadonlyMap<string, WirePair>,
    events: readonly WireEvent[],
  ) {
    this.#network = network;
    this.#pairs = pairs;
    for (const event of events) {
      if (event.kind === 'fin' || event.kind === 'rst') this.#reported.add(keyOf(event));
    }
  }

  /** Whether bytes that were written or arrived are the report that counts. */
  countsBytes(event: WireEvent): boolean {
    const pair = this.#pairs.get(event.connection);
    if (pair === undefined || event.direction === '-') return false;
    const received = event.connection === receiver(pair, event.direction);
    return (event.kind === 'data') === received && event.connection === this.#believed(pair, event);
  }

  /**
   * Whether a FIN or RST is the report that counts: the first one of the believed end, else of the
   * other. Asks once per event, in the order of the trace.
   */
  countsEnding(event: WireEvent): boolean {
    const pair = this.#pairs.get(event.connection);
    if (pair === undefined || event.direction === '-') return false;
    const believed = this.#believed(pair, event);
    const isKnown =
      believed !== undefined && this.#reported.has(keyOf({ ...event, connection: believed }));
    if (isKnown && event.connection !== believed) return false;
    const once = `${pair.number} ${event.direction} ${event.kind}`;
    if (this.#told.has(once)) return false;
    this.#told.add(once);
    return true;
  }

  #believed(pair: WirePair, event: WireEvent): string | undefined {
    if (this.#network === 'simulated') {
      return receiver(pair, event.direction) ?? pair.dialled ?? pair.accepted;
    }
    return pair.dialled ?? pair.accepted;
  }
}

function receiver(pair: WirePair, direction: WireEvent['direction']): string | undefined {
  return direction === 'out' ? pair.accepted : pair.dialled;
}

function keyOf(event: Pick<WireEvent, 'connection' | 'direction' | 'kind'>): string {
  return `${event.connection} ${event.direction} ${event.kind}`;
}
