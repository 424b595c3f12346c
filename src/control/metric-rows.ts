import { formatAddress } from '../base/address';
import type { Stream } from '../faults/fault';
import type { Proxy } from '../proxy/proxy';

type Labels = Readonly<Record<string, string>>;
/** A value and what it belongs to. */
export type Sample = readonly [labels: Labels, value: number];

/** A metric: what it is called, and how it is read off a proxy. */
export interface MetricRow {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
  read(proxy: Proxy): readonly Sample[];
}

const streams: readonly Stream[] = ['upstream', 'downstream'];
const states = ['accepted', 'dialling', 'open', 'halfClosed'] as const;
const causes = ['peer', 'queue', 'toxic'] as const;

/** What is told of proxies. */
export const metricRows: readonly MetricRow[] = [
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

/** Toxiproxy's two counters, with its names and labels. */
function bytesRow(which: 'received' | 'sent', help: string): MetricRow {
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
