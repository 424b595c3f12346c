import type { Address } from '../base/address';
import type { DecisionLog } from '../faults/decisions';
import type { Stream } from '../faults/fault';
import type { World } from '../network/world';
import type { Outcome } from './outcome';
import type { ProxyEvents } from './proxy-events';
import type { ProxySettings } from './proxy-options';
import type { Toxic } from './toxic';

/** What a connection needs of its proxy. */
export interface ConnectionHome<C> {
  readonly world: World;
  readonly settings: ProxySettings;
  readonly events: ProxyEvents;
  /** When the proxy was made. */
  readonly startedUs: number;
  hasActed(connection: C, toxic: string): boolean;
  readonly decisions: DecisionLog;
  readonly upstreamLabel: string;
  /** Where the upstream is, now. */
  target(): { readonly host: string; readonly port: number };
  readonly counts: {
    readonly open: ReadonlySet<C>;
    /** Takes a connection that has dialled. */
    readonly watched: { add(connection: C): void };
  };
  readonly toxics: { readonly all: readonly Toxic[] };
  /** Ends a connection whose upstream is the proxy itself, by whatever way; tells whether it is. */
  leadsBack(connection: C, reached: Address): boolean;
  /** The first byte of a direction was read. */
  firstByte(connection: C): void;
  closed(connection: C, outcome: Outcome): void;
  acted(connection: C, toxic: Toxic, stream: Stream, action: string, bytes: number): boolean;
}
