/**
 * What a control API counts, for Prometheus.
 *
 * Proxies keep plain numbers; they are collected when somebody asks, never for a chunk.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { formatAddress } from '../base/address';
import type { Stream } from '../faults/fault';
import type { Proxy } from '../proxy/proxy';
import type { ProxySet } from '../proxy/proxy-set';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

interface Row {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
  read(proxy: Proxy): readonly Sample[];
}

const streams: readonly Stream[] = ['upstream', 'downstream'];
const states = ['accepted', 'dialling', 'open', 'halfClosed'] as const;
const causes = ['peer', 'queue', 'toxic'] as const;

const rows: readonly Row[] = [
  bytesRow('received', 'Bytes read from the source of a direction'),
  bytesRow('sent', 'Bytes handed to the destination of a direction'),
  {
    name: 'brine_proxy_connections',
    kind: 'gauge',
    help: 'Connections that are not over, by state',
    labels: ['proxy', 'state'],
    read: ({ name, connections }) =>
      states.map((state) => [
        { proxy: name, state },
        connections.filter((connection) => connection.state === state).length,
      ]),
  },
  {
    name: 'brine_proxy_connections_total',
    kind: 'counter',
    help: 'Connections that are over, by how they ended and who began it',
    labels: ['proxy', 'outcome', 'by'],
    read: ({ name, counters }) =>
      Object.entries(counters.ended).map(([key, count]) => {
        const [outcome = '', by = ''] = key.split(' ');
        return [{ proxy: name, outcome, by }, count];
      }),
  },
  {
    name: 'brine_proxy_enabled',
    kind: 'gauge',
    help: 'Whether a proxy listens',
    labels: ['proxy'],
    read: ({ name, enabled }) => [[{ proxy: name }, enabled ? 1 : 0]],
  },
  {
    name: 'brine_link_queued_bytes',
    kind: 'gauge',
    help: 'Bytes that wait in a direction',
    labels: ['proxy', 'direction'],
    read: ({ name, connections }) =>
      streams.map((direction) => [
        { proxy: name, direction },
        connections.reduce((sum, { queued }) => sum + queued[direction], 0),
      ]),
  },
  {
    name: 'brine_link_stopped',
    kind: 'gauge',
    help: 'Directions that are not read now, by cause',
    labels: ['proxy', 'direction', 'cause'],
    read: ({ name, connections }) =>
      streams.flatMap((direction) =>
        causes.map(
          (cause): Sample => [
            { proxy: name, direction, cause },
            connections.filter((connection) => connection.stopped(direction) === cause).length,
          ],
        ),
      ),
  },
  {
    name: 'brine_toxic_active',
    kind: 'gauge',
    help: 'Directions of open connections that a toxic is in',
    labels: ['proxy', 'toxic', 'type', 'direction'],
    read: (proxy) =>
      ofToxics(
        proxy,
        (toxic, direction) =>
          proxy.connections.filter((connection) => connection.toxics(direction).includes(toxic))
            .length,
      ),
  },
  {
    name: 'brine_toxic_acted_total',
    kind: 'counter',
    help: 'How often a toxic has acted',
    labels: ['proxy', 'toxic', 'type', 'direction'],
    read: (proxy) => ofToxics(proxy, (toxic, direction) => toxic.tally.acted(direction)),
  },
  {
    name: 'brine_toxic_bytes_total',
    kind: 'counter',
    help: 'Bytes a toxic has acted on, by what it did to them',
    labels: ['proxy', 'toxic', 'type', 'direction', 'action'],
    read: (proxy) =>
      proxy.toxics.flatMap(({ name, type, tally }) =>
        tally.bytes().map(({ stream, action, bytes }): Sample => {
          const labels = { proxy: proxy.name, toxic: name, type, direction: stream, action };
          return [labels, bytes];
        }),
      ),
  },
  {
    name: 'brine_toxic_delay_seconds_total',
    kind: 'counter',
    help: 'Time by which a toxic has delayed what passed through it',
    labels: ['proxy', 'toxic', 'type', 'direction'],
    read: (proxy) => ofToxics(proxy, (toxic, direction) => toxic.tally.delayUs(direction) / 1e6),
  },
];

/** The metrics of a set of proxies and of the API in front of it. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #proxies: ProxySet;
  readonly #requests: Counter;
  readonly #dials: Histogram;
  readonly #dialled = new Set<string>();
  readonly #end: () => void;

  /** @param runtime - also what Node tells of itself */
  constructor(proxies: ProxySet, runtime = false) {
    this.#proxies = proxies;
    const registers = [this.#registry];
    for (const row of rows) this.#add(row);
    this.#dials = new Histogram({
      name: 'brine_proxy_dial_seconds',
      help: 'Time it took to reach the upstream',
      labelNames: ['proxy'],
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
      collect: () => this.#forgetDials(),
    });
    this.#requests = new Counter({
      name: 'brine_api_requests_total',
      help: 'Requests to the control API',
      labelNames: ['route', 'method', 'status'],
      registers,
    });
    if (runtime) collectDefaultMetrics({ register: this.#registry });
    this.#end = proxies.on(({ type, proxy, dialUs }) => {
      if (type !== 'connection.dialled') return;
      this.#dialled.add(proxy);
      this.#dials.observe({ proxy }, Number(dialUs) / 1e6);
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything in the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** A request was answered. */
  answered(route: string, method: string, status: number): void {
    this.#requests.inc({ route, method, status: String(status) });
  }

  close(): void {
    this.#end();
    this.#registry.clear();
  }

  /** Values are taken anew each time, so that what is gone leaves no series behind. */
  #add({ name, kind, help, labels, read }: Row): void {
    const proxies = this.#proxies;
    const configuration = { name, help, labelNames: labels, registers: [this.#registry] };
    const samples = (): readonly Sample[] => proxies.list().flatMap((proxy) => read(proxy));
    if (kind === 'counter') {
      const counter: Counter = new Counter({
        ...configuration,
        collect: () => {
          counter.reset();
          for (const [at, value] of samples()) counter.inc(at, value);
        },
      });
      return;
    }
    const gauge: Gauge = new Gauge({
      ...configuration,
      collect: () => {
        gauge.reset();
        for (const [at, value] of samples()) gauge.set(at, value);
      },
    });
  }

  #forgetDials(): void {
    for (const proxy of this.#dialled) {
      if (this.#proxies.get(proxy) !== undefined) continue;
      this.#dials.remove({ proxy });
      this.#dialled.delete(proxy);
    }
  }
}

/** Toxiproxy's two counters, with its names and labels. */
function bytesRow(which: 'received' | 'sent', help: string): Row {
  return {
    name: `toxiproxy_proxy_${which}_bytes_total`,
    kind: 'counter',
    help,
    labels: ['direction', 'proxy', 'listener', 'upstream'],
    read: ({ name, listen, upstream, counters }) =>
      streams.map((direction) => [
        { direction, proxy: name, listener: formatAddress(listen), upstream },
        counters[direction][which],
      ]),
  };
}

function ofToxics(
  proxy: Proxy,
  value: (toxic: Proxy['toxics'][number], direction: Stream) => number,
): readonly Sample[] {
  return proxy.toxics.flatMap((toxic) =>
    streams
      .filter((direction) => toxic.isIn(direction))
      .map((direction): Sample => {
        const labels = { proxy: proxy.name, toxic: toxic.name, type: toxic.type, direction };
        return [labels, value(toxic, direction)];
      }),
  );
}
