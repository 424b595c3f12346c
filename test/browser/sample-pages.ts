import { redactEvents } from '../../src/capture/redact-events';
import { Redaction } from '../../src/capture/redaction';
import type { WireEvent } from '../../src/network/wire-event';
import { campaignHtml } from '../../src/report/campaign-html';
import { failedScenariosHtml } from '../../src/report/failed-scenarios-html';
import { buildTimeline } from '../../src/report/timeline';
import { timelinePage } from '../../src/report/timeline-html';
import { timelineStrip } from '../../src/report/timeline-strip';
import { tlsMatrixHtml } from '../../src/report/tls-matrix-html';
import {
  accepted,
  ends,
  established,
  eventsTold,
  sends,
  syn,
  type Told,
} from '../unit/capture/told';
import { sampleEvents, sampleFacts } from '../unit/report/sample-run';

/** A failed run with one of everything. */
export function samplePage(): string {
  sample ||= timelinePage(sampleEvents(), sampleFacts);
  return sample;
}

let sample = '';

/** The same run with what was listed hidden. */
export function maskedPage(): string {
  const redaction = new Redaction([{ regex: 'LIST (\\w+)', group: 1 }]);
  const { checks: _, ...facts } = sampleFacts;
  return timelinePage(redactEvents(sampleEvents(), redaction), facts);
}

/** The index of a run in which this scenario, and another one, have failed. */
export function failedPage(): string {
  const links = [
    ['Timeline', 'html'],
    ['Capture', 'pcapng'],
    ['Wire log', 'script'],
    ['Bytes', 'hex'],
    ['Trace', 'ndjson'],
  ].map(([label = '', end]) => ({ label, href: `worker-0/the-list-arrives-18/wire.${end}` }));
  const strip = timelineStrip(buildTimeline(sampleEvents(), sampleFacts));
  return failedScenariosHtml([
    {
      title: 'The list arrives after a lost connection',
      feature: 'features/mail.feature:18',
      headline:
        'client "alice" received other bytes than expected (connection 3, from mock "mail")',
      lasted: '301.53 s (virtual)',
      links,
      strip,
    },
    {
      title: 'A server wants mail',
      feature: 'features/server.feature:7',
      headline: 'command "server" did not print "ready" (waited 340 ms; it exited with code 1)',
      lasted: '340 ms',
      links: links.slice(0, 2),
    },
  ]);
}

/** Two cases of a matrix, one of which must never happen. */
export function matrixPage(): string {
  const version = 'TLS 1.3';
  const common = { version, direction: 'to the server', fault: 'flip' } as const;
  return tlsMatrixHtml([
    { ...common, place: 'ClientHello, header', verdict: 'expected', client: 'alert', server: 'x' },
    { ...common, place: 'ClientHello, random', verdict: 'never', client: 'ok', server: 'ok' },
  ]);
}

/** A campaign that has found something. */
export function campaignPage(): string {
  return campaignHtml({
    title: 'Echo under faults',
    runs: 12_400,
    counterexamples: [
      {
        property: 'echo',
        scenario: 'Scenario: shrunk\n  When client "c" sends hex "0d"',
        stability: 'fails 10 of 10 replays',
        strip: timelineStrip(buildTimeline(sampleEvents(), sampleFacts)),
      },
    ],
    goals: [{ name: 'window closed', reached: 0 }],
    faults: [{ type: 'reset', planned: 100, fired: 60 }],
    novelty: [50, 20, 4, 0],
    facts: { seed: '42' },
  });
}

/** The same run, without a verdict. */
export function plainPage(): string {
  const { checks: _, ...facts } = sampleFacts;
  return timelinePage(sampleEvents(), { ...facts, title: 'A run' });
}

/** One connection, opened and talking. */
export function toldPage(...more: readonly Told[]): string {
  return timelinePage(toldEvents(...more), { title: 'told', network: 'simulated' });
}

export function toldEvents(...more: readonly Told[]): readonly WireEvent[] {
  const named = [
    { ...syn, from: 'client "alice"', to: 'listener "echo"' },
    { ...accepted, from: 'listener "echo"', to: 'client "alice"' },
    { ...established, from: 'client "alice"', to: 'listener "echo"' },
  ];
  return eventsTold([...named, ...more]);
}

/** Ten thousand events with bytes on twelve connections, some with problems. */
export function manyPage(): string {
  const told: Told[] = [];
  const connections = Array.from({ length: 12 }, (_, index) => index + 1);
  for (const number of connections) {
    const remote = { ...syn.remote, host: '127.0.0.1', port: 80, family: 'IPv4' as const };
    told.push({
      ...syn,
      connection: `c${number}`,
      from: `client "c${number % 3}"`,
      to: 'listener "echo"',
      remote,
    });
  }
  const offsets = new Map<string, number>();
  for (let at = 0; told.length < 9_976; at++) {
    const number = (at % connections.length) + 1;
    const direction = at % 3 === 0 ? 'in' : 'out';
    const key = `${number} ${direction}`;
    const stream = offsets.get(key) ?? 0;
    const text = `message ${at} ${'x'.repeat(at % 90)}\r\n`;
    offsets.set(key, stream + text.length);
    told.push({
      ...sends(`c${number}`, direction, text, stream),
      after: at % 500 === 499 ? 2_000_000 : 100,
    });
    if (at % 997 === 996)
      told.push({
        kind: 'fault',
        connection: `c${number}`,
        detail: { type: 'latency', latency: '5 ms' },
      });
  }
  for (const number of connections)
    told.push(ends(`c${number}`, number % 4 === 0 ? 'rst' : 'fin', 'out'));
  while (told.length < 10_000) told.push({ kind: 'note', detail: { mark: `end ${told.length}` } });
  return timelinePage(eventsTold(told), { title: 'Ten thousand events', network: 'simulated' });
}
