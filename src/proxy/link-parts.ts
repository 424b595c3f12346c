import type { Side, Stream } from '../faults/fault';
import type { Clock } from '../network/clock';
import type { Connection } from '../network/connection';
import type { SlotHome } from './link-slots';

/** What a link needs, and whom it tells. */
export interface LinkParts {
  readonly stream: Stream;
  readonly source: Connection;
  readonly destination: Connection;
  readonly clock: Clock;
  readonly label: string;
  readonly maxQueuedBytes: number;
  readonly home: SlotHome;
  /** The first byte was read. */
  readonly onFirst: () => void;
  /** FIN was passed on, of the source or by a fault. */
  readonly onFin: (by: string | undefined) => void;
  /** The RST of the source has come through. */
  readonly onBroken: () => void;
  /** A fault ends both sides. */
  readonly onEnd: (by: string | undefined) => void;
  readonly onReset: (side: Side, by: string | undefined) => void;
}
