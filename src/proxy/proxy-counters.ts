import type { Stream } from '../faults/fault';
import type { Outcome } from './outcome';
import type { ProxyConnection } from './proxy-connection';
import { WatchedIds } from './watched-ids';

/** What a proxy has counted since it was made, as plain numbers. */
export interface ProxyCounters {
  readonly accepted: number;
  readonly open: number;
  readonly dialFailed: number;
  /** Ended connections by outcome and by who began it, such as `reset client`. */
  readonly ended: Readonly<Record<string, number>>;
  /** Bytes of open and ended connections. */
  readonly upstream: { readonly received: number; readonly sent: number };
  readonly downstream: { readonly received: number; readonly sent: number };
}

/** The open connections of a proxy, and the sums over those that have ended. */
export class ConnectionCounts {
  readonly open: Set<ProxyConnection> = new Set();
  /** The same connections, for whoever captures them. */
  readonly watched: WatchedIds = new WatchedIds(this.open);
  accepted = 0;
  #dialFailed = 0;
  readonly #ended: Record<string, number> = {};
  readonly #bytes = {
    upstream: { received: 0, sent: 0 },
    downstream: { received: 0, sent: 0 },
  };

  began(connection: ProxyConnection): void {
    this.accepted++;
    this.open.add(connection);
    this.watched.add(connection);
  }

  ended(connection: ProxyConnection, { how, by }: Outcome): void {
    this.open.delete(connection);
    this.watched.over(connection);
    if (how === 'dialFailed') this.#dialFailed++;
    const key = `${how} ${by}`;
    this.#ended[key] = (this.#ended[key] ?? 0) + 1;
    const { upstream, downstream } = connection.bytes;
    this.#bytes.upstream.received += upstream.received;
    this.#bytes.upstream.sent += upstream.sent;
    this.#bytes.downstream.received += downstream.received;
    this.#bytes.downstream.sent += downstream.sent;
  }

  read(): ProxyCounters {
    return {
      accepted: this.accepted,
      open: this.open.size,
      dialFailed: this.#dialFailed,
      ended: { ...this.#ended },
      upstream: this.#sum('upstream'),
      downstream: this.#sum('downstream'),
    };
  }

  #sum(stream: Stream): { received: number; sent: number } {
    const sum = { ...this.#bytes[stream] };
    for (const { bytes } of this.open) {
      sum.received += bytes[stream].received;
      sum.sent += bytes[stream].sent;
    }
    return sum;
  }
}
