import type { WireEvent } from '../../src/network/wire-event';

/** What went over the wire, as numbers. */
export interface WireTotals {
  readonly scenarios: number;
  readonly listeners: number;
  readonly programs: number;
  readonly proxies: number;
  readonly dialled: number;
  readonly accepted: number;
  readonly refused: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** How our own ends said goodbye. */
  readonly finsSent: number;
  readonly resetsSent: number;
  /** Failures that were met on the wire: refused, timed out, reset by the peer. */
  readonly failures: number;
}

const nothing: WireTotals = {
  scenarios: 0,
  listeners: 0,
  programs: 0,
  proxies: 0,
  dialled: 0,
  accepted: 0,
  refused: 0,
  bytesSent: 0,
  bytesReceived: 0,
  finsSent: 0,
  resetsSent: 0,
  failures: 0,
};

/** Counts the events of one scenario. */
export function countEvents(
  events: readonly WireEvent[],
  entities: Pick<WireTotals, 'listeners' | 'programs' | 'proxies'>,
): WireTotals {
  const of = (kind: WireEvent['kind']) => events.filter((event) => event.kind === kind);
  const bytes = (kind: WireEvent['kind']) =>
    of(kind).reduce((sum, { length = 0 }) => sum + length, 0);
  const sent = (kind: WireEvent['kind']) => of(kind).filter(wasSent).length;
  return {
    ...entities,
    scenarios: 1,
    dialled: of('established').length,
    accepted: of('accepted').length,
    refused: of('refused').length,
    bytesSent: bytes('write'),
    bytesReceived: bytes('data'),
    finsSent: sent('fin'),
    resetsSent: sent('rst'),
    failures: of('refused').length + of('timeout').length + of('error').length,
  };
}

/** Both ends report a FIN; the one that dialled sent what leaves it, the one that accepted the rest. */
function wasSent({ connection, direction }: WireEvent): boolean {
  return connection.startsWith('c') ? direction === 'out' : direction === 'in';
}

/** The sum over several scenarios. */
export function addWireTotals(all: readonly WireTotals[]): WireTotals {
  const keys = Object.keys(nothing) as (keyof WireTotals)[];
  const sum = (key: keyof WireTotals) => all.reduce((total, totals) => total + totals[key], 0);
  return Object.fromEntries(keys.map((key) => [key, sum(key)])) as unknown as WireTotals;
}
