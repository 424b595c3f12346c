/**
 * Which report counts, as events come: a byte that both ends report is on the wire once.
 *
 * On a simulated network the end that receives is believed, so that packets are what was delivered.
 * On a real one it is the end that was seen first, which is the dialling one where that is ours;
 * what became of a FIN or RST after that end had closed is known to the other one alone.
 */
import type { WireEvent } from '../network/wire-event';
import type { FlowPair } from './flow-table';

/** Whether bytes that were written or arrived are the report that counts. */
export function countsBytes(pair: FlowPair, event: WireEvent, isSimulated: boolean): boolean {
  if (event.direction === '-') return false;
  return isSimulated ? event.kind === 'data' : event.connection === pair.reporter;
}

/** Keeps the FINs and RSTs whose end is not believed, until it is known whether they count. */
export class Endings {
  readonly #isSimulated: boolean;
  readonly #waiting = new Map<FlowPair, WireEvent[]>();
  /** Directions in which the end that is believed does not know what the kernel made of its close. */
  readonly #unsure = new WeakMap<FlowPair, Set<WireEvent['direction']>>();

  constructor(isSimulated: boolean) {
    this.#isSimulated = isSimulated;
  }

  /** Whether a FIN or RST counts now; else it waits. */
  counts(pair: FlowPair, event: WireEvent): boolean {
    if (event.direction === '-') return false;
    const { connection, direction } = event;
    if (this.#isSimulated) return connection === receiver(pair, direction);
    const isUnsure = this.#unsure.get(pair)?.has(direction) === true;
    if (connection === pair.reporter && !isUnsure) {
      if (!this.#mayBeReset(pair, event)) return true;
      this.#unsure.set(pair, (this.#unsure.get(pair) ?? new Set()).add(direction));
    } else if (isUnsure || pair.closed.has(pair.reporter)) {
      this.#drop(pair, direction);
      return true;
    }
    this.#waiting.set(pair, [...(this.#waiting.get(pair) ?? []), event]);
    return false;
  }

  /** An end has closed. Returns what has waited for that, and counts now. */
  closed(pair: FlowPair): readonly WireEvent[] {
    const { closed, reporter, dialled, accepted } = pair;
    const other = reporter === dialled ? accepted : dialled;
    const isOver = other === undefined || closed.has(other);
    const waiting = this.#waiting.get(pair) ?? [];
    const ready = waiting.filter(({ connection }) =>
      connection === reporter ? isOver : closed.has(reporter),
    );
    this.#waiting.set(
      pair,
      waiting.filter((event) => !ready.includes(event)),
    );
    if (isOver && closed.has(reporter)) this.#waiting.delete(pair);
    return ready;
  }

  /**
   * The kernel makes RST of a FIN when it holds bytes that were not read, and does not say so; the
   * other end, where it is ours, knows.
   */
  #mayBeReset(pair: FlowPair, event: WireEvent): boolean {
    const { dialled, accepted, reporter, closed } = pair;
    const other = reporter === dialled ? accepted : dialled;
    const isKnown = other !== undefined && !closed.has(other);
    return event.kind === 'fin' && event.detail?.['mayBeReset'] === true && isKnown;
  }

  /** The other end has told: what waited in this direction says the same. */
  #drop(pair: FlowPair, direction: WireEvent['direction']): void {
    const waiting = this.#waiting.get(pair);
    if (waiting === undefined) return;
    this.#waiting.set(
      pair,
      waiting.filter((event) => event.direction !== direction),
    );
  }
}

function receiver(pair: FlowPair, direction: WireEvent['direction']): string | undefined {
  return direction === 'out' ? pair.accepted : pair.dialled;
}
