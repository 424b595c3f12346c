import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Segment, type SegmentSink, tcpFlags } from '../../../src/capture/segment';
import { TcpSegments, type TcpSegmentsSettings } from '../../../src/capture/tcp-segments';
import {
  accepted,
  c1,
  client,
  established,
  eventsTold,
  s1,
  sends,
  server,
  syn,
  type Told,
} from './told';
import { anyRun, eventsOf } from './wire-arbitraries';

/** Keeps copies of what it is given. */
class Collector implements SegmentSink {
  readonly segments: Segment[] = [];
  readonly lines: string[] = [];
  readonly names: string[] = [];

  segment(segment: Readonly<Segment>): void {
    this.segments.push({ ...segment });
    const { flow, out, sequence, acknowledgement, length, flags, window, notes } = segment;
    const relative = (side: { initial: number }, number: number) => (number - side.initial) >>> 0;
    const words = [
      `${flow.id} ${out ? '>' : '<'}`,
      flagsOf(flags),
      `seq ${sequence === 0 ? 'zero' : relative(flow.sender(out), sequence)}`,
      ...(flags & tcpFlags.ack ? [`ack ${relative(flow.sender(!out), acknowledgement)}`] : []),
      ...(length > 0 ? [`len ${length}`] : []),
      ...(window === 65_535 ? [] : [`win ${window}`]),
      ...notes.map((note) => `(${note})`),
    ];
    this.lines.push(words.join(' '));
  }

  mark(_atUs: number, text: string): void {
    this.lines.push(`* ${text}`);
  }

  name(address: string, name: string): void {
    this.names.push(`${address} ${name}`);
  }
}

function flagsOf(flags: number): string {
  return Object.entries(tcpFlags)
    .filter(([, bit]) => flags & bit)
    .map(([name]) => name.toUpperCase())
    .join('+');
}

function collect(
  told: readonly Told[],
  settings: Partial<TcpSegmentsSettings> = {},
  history = 0,
): Collector {
  const collector = new Collector();
  const silent: SegmentSink = { segment() {}, mark() {}, name() {} };
  let sink: SegmentSink = silent;
  const forwarding: SegmentSink = {
    segment: (segment) => sink.segment(segment),
    mark: (atUs, text) => sink.mark(atUs, text),
    name: (address, name) => sink.name(address, name),
  };
  const segments = new TcpSegments(forwarding, { network: 'real', ...settings });
  const events = eventsTold(told);
  for (const [index, event] of events.entries()) {
    if (index >= history) sink = collector;
    segments.see(event);
  }
  segments.end(events.at(-1)?.atUs ?? 0);
  return collector;
}

const handshake = ['c1 > SYN seq 0', 'c1 < SYN+ACK seq 0 ack 1', 'c1 > ACK seq 1 ack 1'];

test('a dial is SYN when it begins, and the rest of the handshake when it stands', () => {
  const { lines, segments } = collect([syn, established]);

  assert.deepEqual(lines, handshake);
  assert.deepEqual(
    segments.map(({ atUs }) => atUs),
    [1_000, 2_000, 2_000],
  );
});

test('a connection of which only the accepting end is ours is opened at once', () => {
  const { lines } = collect([accepted, sends('s1', 'out', 'hello'), sends('s1', 'in', 'yes')]);

  assert.deepEqual(lines, [
    's1 > SYN seq 0',
    's1 < SYN+ACK seq 0 ack 1',
    's1 > ACK seq 1 ack 1',
    's1 > PSH+ACK seq 1 ack 1 len 5',
    's1 < ACK seq 1 ack 6',
    's1 < PSH+ACK seq 1 ack 6 len 3',
    's1 > ACK seq 6 ack 4',
  ]);
});

test('a refused dial is answered with a RST that names it', () => {
  const { lines } = collect([
    syn,
    { ...syn, kind: 'refused', direction: 'in' },
    { ...c1, kind: 'close' },
  ]);

  assert.deepEqual(lines, ['c1 > SYN seq 0', 'c1 < RST+ACK seq zero ack 1 win 0 (refused)']);
});

test('a dial that nobody answers is one SYN and a mark', () => {
  const { lines } = collect([
    syn,
    { ...c1, kind: 'error', after: 300_000, detail: { code: 'ETIMEDOUT' } },
    { ...c1, kind: 'close' },
  ]);

  assert.deepEqual(lines, ['c1 > SYN seq 0', '* c1 no answer for 300 ms']);
});

test('a dial that has no route is a SYN and the error, not a silence', () => {
  const { lines } = collect([
    syn,
    { ...c1, kind: 'error', detail: { code: 'EHOSTUNREACH' } },
    { ...c1, kind: 'close' },
  ]);

  assert.deepEqual(lines, ['c1 > SYN seq 0', '* c1 error host unreachable']);
});

test('a dial that goes on to the next address has a SYN for each', () => {
  const next = { ...server, host: '127.0.0.2' };
  const { lines, segments } = collect([
    syn,
    { ...syn, kind: 'refused', direction: 'in' },
    { ...syn, remote: next },
    { ...established, remote: next },
  ]);

  assert.deepEqual(lines, [
    'c1 > SYN seq 0',
    'c1 < RST+ACK seq zero ack 1 win 0 (refused)',
    ...handshake,
  ]);
  assert.equal(segments.at(-1)?.flow.server.address.host, '127.0.0.2');
});

test('a byte that both ends report on a real network is that of the dialling end', () => {
  const { lines } = collect([
    syn,
    accepted,
    sends('s1', 'in', '220 hello\r\n'),
    established,
    sends('c1', 'in', '220 '),
    sends('c1', 'in', 'hello\r\n', 4),
    sends('c1', 'out', 'QUIT'),
    sends('s1', 'out', 'QUIT'),
  ]);

  assert.deepEqual(lines, [
    ...handshake,
    'c1 < PSH+ACK seq 1 ack 1 len 4',
    'c1 > ACK seq 1 ack 5',
    'c1 < PSH+ACK seq 5 ack 1 len 7',
    'c1 > ACK seq 1 ack 12',
    'c1 > PSH+ACK seq 1 ack 12 len 4',
    'c1 < ACK seq 12 ack 5',
  ]);
});

test('an end that accepts from the addresses of a dial is its other end, whatever its number', () => {
  const s7 = { ...accepted, connection: 's7' };
  const { lines } = collect([
    syn,
    established,
    s7,
    sends('s7', 'out', 'x'),
    sends('c1', 'out', 'x'),
  ]);

  assert.deepEqual(lines.slice(3), ['c1 > PSH+ACK seq 1 ack 1 len 1', 'c1 < ACK seq 1 ack 2']);
});

test('a byte on a simulated network is there when it is delivered', () => {
  const { lines } = collect(
    [
      syn,
      established,
      accepted,
      sends('c1', 'out', 'abc'),
      sends('c1', 'out', 'def', 3),
      sends('s1', 'out', 'abc'),
      { ...c1, kind: 'rst', direction: 'in' },
      { ...c1, kind: 'close' },
      { ...s1, kind: 'close' },
    ],
    { network: 'simulated' },
  );

  assert.deepEqual(lines.slice(3), [
    'c1 > PSH+ACK seq 1 ack 1 len 3',
    'c1 < ACK seq 1 ack 4',
    'c1 < RST+ACK seq 1 ack 4',
    '* c1 3 bytes written, never delivered (reset)',
  ]);
});

test('the plain text of a TLS connection is no packet', () => {
  const { lines } = collect([syn, established, sends('c1+tls', 'out', 'secret')]);

  assert.deepEqual(lines, handshake);
});

test('each FIN counts one number, and is acknowledged', () => {
  const { lines } = collect([
    syn,
    established,
    { ...c1, kind: 'fin', direction: 'out' },
    sends('c1', 'in', 'bye'),
    { ...c1, kind: 'fin', direction: 'in' },
    { ...c1, kind: 'close' },
  ]);

  assert.deepEqual(lines.slice(3), [
    'c1 > FIN+ACK seq 1 ack 1',
    'c1 < ACK seq 1 ack 2',
    'c1 < PSH+ACK seq 1 ack 2 len 3',
    'c1 > ACK seq 2 ack 4',
    'c1 < FIN+ACK seq 4 ack 2',
    'c1 > ACK seq 2 ack 5',
  ]);
});

test('nothing follows a RST but marks', () => {
  const { lines } = collect([
    syn,
    established,
    { ...c1, kind: 'rst', direction: 'in' },
    { ...c1, kind: 'fin', direction: 'out' },
    sends('c1', 'out', 'late'),
    { ...c1, kind: 'error', detail: { code: 'ECONNRESET' } },
    { ...c1, kind: 'close' },
  ]);

  assert.deepEqual(lines.slice(3), [
    'c1 < RST+ACK seq 1 ack 1',
    '* c1 4 bytes after the reset',
    '* c1 error connection reset',
  ]);
});

test('a FIN of which the kernel may have made a RST is what the other end met', () => {
  const unsure: Told = { ...c1, kind: 'fin', direction: 'out', detail: { mayBeReset: true } };
  const closed: Told = { ...c1, kind: 'close' };
  const met = (kind: 'fin' | 'rst'): Told => ({ ...s1, kind, direction: 'out' });

  assert.deepEqual(
    collect([syn, established, accepted, unsure, closed, met('rst')]).lines.slice(3),
    ['c1 > RST+ACK seq 1 ack 1'],
  );
  assert.deepEqual(
    collect([syn, established, accepted, unsure, closed, met('fin')]).lines.slice(3),
    ['c1 > FIN+ACK seq 1 ack 1', 'c1 < ACK seq 1 ack 2'],
  );
  assert.deepEqual(collect([syn, established, unsure, closed]).lines.slice(3), [
    'c1 > FIN+ACK seq 1 ack 1 (may have been a reset)',
    'c1 < ACK seq 1 ack 2',
  ]);
});

test('a FIN that the dialling end did not live to see is told by the accepting one', () => {
  const { lines } = collect([
    syn,
    established,
    accepted,
    { ...c1, kind: 'fin', direction: 'out' },
    { ...c1, kind: 'close' },
    { ...s1, kind: 'fin', direction: 'out' },
    { ...s1, kind: 'fin', direction: 'in' },
    { ...s1, kind: 'close' },
  ]);

  assert.deepEqual(lines.slice(3), [
    'c1 > FIN+ACK seq 1 ack 1',
    'c1 < ACK seq 1 ack 2',
    'c1 < FIN+ACK seq 1 ack 2',
    'c1 > ACK seq 2 ack 2',
  ]);
});

test('an event larger than a segment is cut, its border shown by PSH', () => {
  const { lines } = collect([syn, established, sends('c1', 'out', 'x'.repeat(250))], {
    segment: 100,
  });

  assert.deepEqual(lines.slice(3), [
    'c1 > ACK seq 1 ack 1 len 100',
    'c1 > ACK seq 101 ack 1 len 100',
    'c1 > PSH+ACK seq 201 ack 1 len 50',
    'c1 < ACK seq 1 ack 251',
  ]);
});

test('segments are as long as loopback allows on loopback, else 1,460 bytes', () => {
  const long = sends('c1', 'out', 'x'.repeat(70_000));
  const remote = { ...server, host: '10.0.0.2' };
  const lengths = (told: readonly Told[]) =>
    collect(told).segments.flatMap(({ length }) => (length > 0 ? [length] : []));

  assert.deepEqual(lengths([syn, established, long]), [65_483, 4_517]);
  assert.equal(lengths([{ ...syn, remote }, { ...established, remote }, long])[0], 1_460);
});

test('a long event is acknowledged every 8 MiB', () => {
  const bytes = Buffer.alloc(20 * 2 ** 20);
  const { lines } = collect([syn, established, { ...c1, kind: 'write', direction: 'out', bytes }]);

  assert.equal(lines.filter((line) => line.startsWith('c1 < ACK')).length, 3);
});

test('numbers go on from 0 behind 4 GiB', () => {
  const length = 65_000;
  const { segments } = collect([
    syn,
    established,
    { ...c1, kind: 'write', direction: 'out', length, stream: 2 ** 33 - 1_000 },
    { ...c1, kind: 'write', direction: 'out', length, stream: 2 ** 33 + 64_000 },
  ]);

  const [first, , second] = segments.slice(3);
  const initial = first?.flow.client.initial ?? 0;
  assert.equal(first?.sequence, (initial + 1 + 2 ** 33 - 1_000) % 2 ** 32);
  assert.equal(second?.sequence, (initial + 1 + 64_000) % 2 ** 32);
});

test('equal connections have equal initial numbers, and each direction its own', () => {
  const numbers = () => {
    const { segments } = collect([syn, established]);
    return [segments[0]?.sequence, segments[1]?.sequence];
  };

  assert.deepEqual(numbers(), numbers());
  assert.notEqual(numbers()[0], numbers()[1]);
});

test('a connection that was open before the capture has no SYN and goes on with its numbers', () => {
  const { lines } = collect(
    [
      syn,
      established,
      sends('c1', 'out', 'before'),
      sends('c1', 'out', 'after', 6),
      sends('c1', 'in', 'x'),
    ],
    {},
    3,
  );

  assert.deepEqual(lines, [
    'c1 > PSH+ACK seq 7 ack 1 len 5',
    'c1 < ACK seq 1 ack 12',
    'c1 < PSH+ACK seq 1 ack 12 len 1',
    'c1 > ACK seq 12 ack 2',
  ]);
});

test('a connection of which nothing is known is not acknowledged from where nobody knows', () => {
  const { lines, segments } = collect([
    sends('c9', 'out', 'hello', 1_000),
    sends('c9', 'in', 'yes', 500),
    sends('c9', 'out', 'again', 1_005),
  ]);

  assert.deepEqual(lines, [
    'c9 > PSH+ACK seq 1001 ack 1 len 5',
    'c9 < PSH+ACK seq 501 ack 1006 len 3',
    'c9 > ACK seq 1006 ack 504',
    'c9 > PSH+ACK seq 1006 ack 504 len 5',
    'c9 < ACK seq 504 ack 1011',
  ]);
  assert.match(segments[0]?.flow.client.address.host ?? '', /^192\.0\.2\./);
});

test('a connection that says it is open goes on where it was', () => {
  const { lines } = collect([
    {
      ...c1,
      kind: 'note',
      local: client,
      remote: server,
      detail: { open: true, read: 7, written: 3 },
    },
    sends('c1', 'out', 'x', 3),
  ]);

  assert.deepEqual(lines, ['c1 > PSH+ACK seq 4 ack 8 len 1', 'c1 < ACK seq 8 ack 5']);
});

test('a window that closes and opens has packets only when they are asked for', () => {
  const told: Told[] = [
    syn,
    established,
    accepted,
    { ...s1, kind: 'window', direction: 'in', detail: { bytes: 0 } },
    { ...s1, kind: 'window', direction: 'in', detail: { bytes: 65_536 } },
  ];

  assert.deepEqual(collect(told, { network: 'simulated' }).lines, handshake);
  assert.deepEqual(collect(told, { network: 'simulated', windows: true }).lines.slice(3), [
    'c1 < ACK seq 1 ack 1 win 0',
    'c1 < ACK seq 1 ack 1',
  ]);
});

for (const [event, text] of [
  [{ kind: 'note', detail: { mark: 'after\nlogin' } }, 'mark "after login"'],
  [{ kind: 'control', detail: { control: 'partition', a: 'db' } }, 'control partition: a db'],
  [{ ...c1, kind: 'fault', detail: { type: 'latency', ms: 5 } }, 'c1 fault latency ms 5'],
  [{ ...c1, kind: 'timeout', detail: { ms: 300 } }, 'c1 timeout idle timeout: ms 300'],
  [{ ...c1, kind: 'tls', detail: { event: 'start' } }, 'c1 tls start'],
] as const) {
  test(`an event without a packet is the mark ${text}`, () => {
    assert.deepEqual(collect([event]).lines, [`* ${text}`]);
  });
}

for (const kind of ['pause', 'resume', 'timer', 'lookup', 'sometimes', 'close'] as const) {
  test(`an event of kind ${kind} leaves nothing in a capture`, () => {
    assert.deepEqual(collect([{ ...c1, kind }]).lines, []);
  });
}

test('the lines of a key log are no marks', () => {
  const detail = { event: 'keylog', line: 'CLIENT_RANDOM 00 11' };

  assert.deepEqual(collect([{ ...c1, kind: 'tls', detail }]).lines, []);
});

test('a packet says which fault has touched it', () => {
  const { lines } = collect([
    syn,
    established,
    { ...c1, kind: 'fault', detail: { type: 'latency', by: '5 ms' } },
    { ...sends('c1', 'out', 'x'), cause: 2 },
  ]);

  assert.deepEqual(lines.slice(3), [
    '* c1 fault latency by 5 ms',
    'c1 > PSH+ACK seq 1 ack 1 len 1 (fault latency by 5 ms)',
    'c1 < ACK seq 1 ack 2',
  ]);
});

test('names come from look-ups that were answered', () => {
  const { names } = collect([
    { ...c1, kind: 'lookup', detail: { host: 'mail.sim', address: '10.0.0.2' } },
    { ...c1, kind: 'lookup', detail: { host: 'nowhere', code: 'ENOTFOUND' } },
  ]);

  assert.deepEqual(names, ['10.0.0.2 mail.sim']);
});

test('the index of an event stands on its first packet', () => {
  const { segments } = collect([syn, established, sends('c1', 'out', 'x')]);

  assert.deepEqual(
    segments.map(({ event }) => event),
    [0, 1, -1, 2, -1],
  );
});

test('the segments of any run carry each byte once, in order, and acknowledge what was sent', () => {
  fc.assert(
    fc.property(anyRun, fc.integer({ min: 1, max: 5_000 }), (run, segment) => {
      const collector = new Collector();
      const segments = new TcpSegments(collector, { network: run.network, segment });
      for (const event of eventsOf(run)) segments.see(event);

      run.conversations.forEach(({ ends, steps }, index) => {
        const id = `${ends === 'accepted' ? 's' : 'c'}${index + 1}`;
        const own = collector.segments.filter(({ flow }) => flow.id === id);
        for (const out of [true, false]) {
          const expected = Buffer.concat(
            steps.flatMap((step) => (step.do === 'send' && step.out === out ? [step.bytes] : [])),
          );
          const sent = own.filter((segment) => segment.out === out);
          const payloads = sent.flatMap(({ payload, from, length }) =>
            payload === undefined ? [] : [payload.subarray(from, from + length)],
          );
          assert.ok(Buffer.concat(payloads).equals(expected));
          let next = sent[0]?.sequence ?? 0;
          for (const { sequence, flags, length } of sent) {
            assert.equal(sequence, next);
            assert.ok(length <= segment);
            next += length + (flags & (tcpFlags.syn | tcpFlags.fin) ? 1 : 0);
            next %= 2 ** 32;
          }
          const answers = own.filter(
            ({ out: other, flags }) => other !== out && flags & tcpFlags.ack,
          );
          assert.equal(answers.at(-1)?.acknowledgement, next);
        }
      });
    }),
    { numRuns: 60 },
  );
});
