/**
 * What a control API counts, for Prometheus.
 *
 * Proxies keep plain numbers; they are collected when somebody asks, never for a chunk.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ProxySet } from '../proxy/proxy-set';
import { type MetricRow, metricRows, type Sample } from './metric-rows';

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
    for (const row of metricRows) this.#add(row);
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
  #add({ name, kind, help, labels, read }: MetricRow): void {
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
