/** A run with one of everything: a proxy that delays, cuts, resets and corrupts, TLS, a wait of 300 s. */
import type { WireEvent, WireEventInput } from '../../../src/network/wire-event';
import { createTrace } from '../../../src/network/world/trace';
import type { TimelineFacts } from '../../../src/report/timeline-facts';

const alice = 'client "alice"';
const edge = 'proxy "edge"';
const mail = 'mock "mail"';
const at = (port: number) => ({ host: '127.0.0.1', port, family: 'IPv4' }) as const;

type Detail = NonNullable<WireEventInput['detail']>;

/** Tells a trace of a run, as the worlds and a proxy do. */
class Teller {
  readonly #trace = createTrace({ mode: 'full' });
  readonly #offsets = new Map<string, number>();
  #nowUs = 0;

  constructor() {
    this.#trace.useClock(() => this.#nowUs);
  }

  get events(): readonly WireEvent[] {
    return this.#trace.events;
  }

  after(us: number): this {
    this.#nowUs += us;
    return this;
  }

  open(number: number, from: string, to: string, port: number): void {
    const ends = { local: at(40_111 + number), remote: at(port) };
    const mirrored = { local: ends.remote, remote: ends.local };
    const [c, s] = [`c${number}`, `s${number}`];
    this.#add(c, from, `127.0.0.1:${port}`, 'out', 'syn', ends);
    this.after(150);
    this.#add(s, to, from, 'out', 'accepted', mirrored);
    this.#add(c, from, to, 'in', 'established', ends);
  }

  /** Bytes from one end to the other, in so many pieces, in flight for some time. */
  send(
    number: number,
    direction: 'out' | 'in',
    ends: readonly [string, string],
    bytes: Uint8Array,
    options: { flightUs?: number; cause?: number | undefined; pieces?: number } = {},
  ): void {
    const { flightUs = 120, cause, pieces = 1 } = options;
    const [from, to] = direction === 'out' ? ends : ([ends[1], ends[0]] as const);
    const [writer, reader] = direction === 'out' ? ['c', 's'] : ['s', 'c'];
    const key = `${number} ${direction}`;
    const stream = this.#offsets.get(key) ?? 0;
    this.#offsets.set(key, stream + bytes.byteLength);
    const more = { bytes, stream, ...(cause !== undefined && { cause }) };
    const write = this.#add(`${writer}${number}`, from, to, direction, 'write', more);
    const size = Math.ceil(bytes.byteLength / pieces);
    for (let start = 0; start < bytes.byteLength; start += size) {
      this.after(flightUs);
      const piece = bytes.subarray(start, start + size);
      const more = { bytes: piece, stream: stream + start, cause: write };
      this.#add(`${reader}${number}`, to, from, direction, 'data', more);
    }
  }

  end(
    number: number,
    kind: 'fin' | 'rst',
    direction: 'out' | 'in',
    ends: readonly [string, string],
    detail?: Detail,
  ): void {
    const [from, to] = direction === 'out' ? ends : ([ends[1], ends[0]] as const);
    const id = `${direction === 'out' ? 'c' : 's'}${number}`;
    const other = `${direction === 'out' ? 's' : 'c'}${number}`;
    const cause = this.#add(id, from, to, direction, kind, detail && { detail });
    this.after(100);
    this.#add(other, to, from, direction, kind, { cause });
  }

  note(
    kind: 'fault' | 'control' | 'timeout' | 'note' | 'tls',
    id: string,
    label: string,
    detail: Detail,
    direction: 'out' | 'in' | '-' = '-',
  ): number {
    return this.#add(id, label, '', direction, kind, { detail });
  }

  #add(
    connection: string,
    from: string,
    to: string,
    direction: 'out' | 'in' | '-',
    kind: WireEvent['kind'],
    more: Partial<WireEventInput> = {},
  ): number {
    return this.#trace.add({ connection, from, to, direction, kind, ...more }).index;
  }
}

const text = (words: string) => Buffer.from(words, 'latin1');

function record(type: number, body: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from([type, 3, 3, body.byteLength >> 8, body.byteLength & 255]),
    body,
  ]);
}

function handshakeRecord(type: number, length: number): Buffer {
  return record(
    22,
    Buffer.concat([Buffer.from([type, 0, length >> 8, length & 255]), Buffer.alloc(length, 7)]),
  );
}

const expected = text('+OK 2 messages\r\n1 120\r\n2 200\r\n.\r\n');
const received = Buffer.from(expected);
received[16] = 0x11;

/** The events of the run. */
export function sampleEvents(): readonly WireEvent[] {
  const run = new Teller();
  const near = [alice, edge] as const;
  const far = [edge, mail] as const;
  run.open(1, alice, edge, 2_525);
  run.after(60).open(2, edge, mail, 40_211);
  const banner = text('220 mail.test ready\r\n');
  run.after(180).send(2, 'in', far, banner);
  const delay = run
    .after(40)
    .note('fault', 'c1', edge, { type: 'latency', latency: '250 ms', jitter: 0 });
  run.after(20).send(1, 'in', near, banner, { flightUs: 250_080, cause: delay });
  run.after(400).send(1, 'out', near, text('EHLO me\r\n'));
  run.after(40).send(2, 'out', far, text('EHLO me\r\n'));
  run.after(320).send(2, 'in', far, text('250-mail.test\r\n250 STARTTLS\r\n'));
  run.after(30).send(1, 'in', near, text('250-mail.test\r\n250 STARTTLS\r\n'), {
    flightUs: 250_020,
    cause: delay,
  });
  run.after(300).send(1, 'out', near, text('STARTTLS\r\n'));
  run.after(40).send(2, 'out', far, text('STARTTLS\r\n'));
  run.after(10_100).send(2, 'in', far, text('220 go ahead\r\n'));
  run.after(140).note('control', '', edge, { control: 'toxic removed', toxic: 'latency' });
  run.after(60).send(1, 'in', near, text('220 go ahead\r\n'));
  run.after(400).note('tls', 'c1', alice, { event: 'start', side: 'client' });
  run.note('tls', 's1', edge, { event: 'start', side: 'server' });
  run.send(1, 'out', near, handshakeRecord(1, 358));
  const hello = [
    handshakeRecord(2, 118),
    record(20, Buffer.of(1)),
    record(23, Buffer.alloc(680, 9)),
  ];
  run.after(1_400).send(1, 'in', near, Buffer.concat(hello));
  run
    .after(1_500)
    .send(
      1,
      'out',
      near,
      Buffer.concat([record(20, Buffer.of(1)), record(23, Buffer.alloc(69, 9))]),
    );
  for (const [id, label] of [
    ['c1', alice],
    ['s1', edge],
  ] as const) {
    run.after(200).note('tls', id, label, {
      event: 'secured',
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
    });
  }
  run.after(400).send(1, 'out', near, record(23, Buffer.alloc(34, 5)));
  const slicer = run
    .after(20)
    .note('fault', 'c2', edge, { type: 'slicer', pieces: 3, apart: '2 ms' });
  run.after(20).send(2, 'out', far, text('MAIL FROM:<a@b>\r\n'), {
    cause: slicer,
    pieces: 3,
    flightUs: 2_000,
  });
  run.after(540).note('control', '', mail, { control: 'state mail', state: 'waiting' });
  run.after(300_000_000).note('timeout', 'c1', alice, { what: 'read 2 bytes', ms: 300_000 });
  run.after(200).end(1, 'fin', 'out', near);
  const reset = run.after(100).note('fault', 's1', edge, { type: 'reset_peer', on: 'FIN' });
  void reset;
  run.after(20).end(1, 'rst', 'in', near);
  run.after(100).end(2, 'fin', 'out', far);
  run.after(300).end(2, 'rst', 'in', far, { reason: 'unread bytes in receive buffer' });
  run.after(1_000_000).note('note', '', '', { mark: 'after login' });
  run.after(1_000).open(3, alice, edge, 2_525);
  run.after(100).open(4, edge, mail, 40_211);
  run.after(300).send(4, 'in', far, banner);
  run.after(30).send(3, 'in', near, banner);
  run.after(400).send(3, 'out', near, text('LIST inbox\r\n'));
  run.after(40).send(4, 'out', far, text('LIST inbox\r\n'));
  run.after(1_500).send(4, 'in', far, expected);
  const corrupt = run
    .after(30)
    .note('fault', 's3', edge, { type: 'corrupt', byte: 16, xor: '0x20' });
  run.after(20).send(3, 'in', near, received, { cause: corrupt });
  return run.events;
}

/** What is known of the run: a step that expected other bytes. */
export const sampleFacts: TimelineFacts = {
  title: 'The list arrives after a lost connection',
  feature: 'features/mail.feature:18',
  network: 'simulated',
  seed: 42,
  replay: 'BRINE_SEED=42 npx cucumber-js features/mail.feature:18',
  links: [
    { label: 'Capture (pcapng)', href: 'alice-3.pcapng' },
    { label: 'Wire log', href: 'alice-3.script' },
  ],
  pairs: [
    ['c1', 'c2'],
    ['c3', 'c4'],
  ],
  checks: [
    {
      headline: 'client "alice" received other bytes than expected',
      step: 'Then client "alice" receives the message list',
      where: 'features/mail.feature:31',
      connection: 'c3',
      label: alice,
      expected,
      received,
    },
  ],
};
