import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CaptureFile } from '../../../src/capture/capture-file';
import { eventsOf as eventsOfConnection } from '../../../src/capture/captured-connection';
import { writePcapng } from '../../../src/capture/write-pcapng';
import type { WireEvent } from '../../../src/network/wire-event';
import { packetsOf, pcapngOf, pcapOf } from './forge';
import { readConnections, streamsOf } from './read-back';
import { accepted, ends, established, eventsTold, sends, syn } from './told';
import { anyRun, type ConversationStep, eventsOf } from './wire-arbitraries';

function sentBy(steps: readonly ConversationStep[], out: boolean): Buffer {
  return Buffer.concat(
    steps.flatMap((step) => (step.do === 'send' && step.out === out ? [step.bytes] : [])),
  );
}

function endingOf(steps: readonly ConversationStep[]): string {
  if (steps.some((step) => step.do === 'rst')) return 'rst';
  const fins = steps.filter((step) => step.do === 'fin').length;
  return ['open', 'half', 'fin'][fins] ?? '';
}

test('what is written is read back: connections, bytes, chunks, order, times and endings', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, fc.integer({ min: 700, max: 9_000 }), async (run, segment) => {
      const events = eventsOf(run);
      const epochUs = 1_700_000_000_000_000;
      const bytes = writePcapng(events, { network: run.network, segment, epochUs });

      const connections = await readConnections(bytes);

      assert.equal(connections.length, run.conversations.length);
      const byPort = new Map(connections.map((one) => [one.client.port - 40_000, one]));
      for (const [index, { steps, ends }] of run.conversations.entries()) {
        const connection = byPort.get(index + 1);
        assert.ok(connection);
        const streams = streamsOf(connection);
        assert.ok(streams.out.equals(sentBy(steps, true)));
        assert.ok(streams.in.equals(sentBy(steps, false)));
        assert.equal(connection.ended, endingOf(steps));
        assert.deepEqual([connection.midstream, connection.warnings], [false, []]);

        const told = believed(events, index + 1, ends, run.network);
        const read = eventsOfConnection(connection, epochUs);
        assert.deepEqual(read.flatMap(fact), told.flatMap(fact));
      }
    }),
    { numRuns: 60 },
  );
});

/** The events of a connection that become packets, as its capture must give them back. */
function believed(
  events: readonly WireEvent[],
  number: number,
  ends: string,
  network: string,
): readonly WireEvent[] {
  const reporter = ends === 'accepted' ? `s${number}` : `c${number}`;
  const own = events.filter(({ connection }) => connection.slice(1) === String(number));
  const receives = ({ connection, direction }: WireEvent) =>
    connection[0] === (direction === 'out' ? 's' : 'c');
  return own.filter((event) => {
    if (event.direction === '-') return false;
    if (network === 'simulated') return receives(event) && event.kind !== 'write';
    return event.connection === reporter;
  });
}

/** Bytes are bytes, whoever told of them; a handshake is several events on one side, one on the other. */
function fact({ atUs, direction, kind, bytes }: WireEvent): string[] {
  if (['syn', 'established', 'accepted'].includes(kind)) return [];
  const what = bytes === undefined ? kind : Buffer.from(bytes).toString('hex');
  return [`${atUs} ${direction} ${what}`];
}

const small = eventsTold([
  syn,
  accepted,
  established,
  sends('c1', 'out', 'hello'),
  sends('c1', 'in', 'hello, world'),
  sends('c1', 'out', ' again', 5),
  ends('c1', 'fin', 'out'),
  ends('c1', 'fin', 'in'),
]);
const capture = writePcapng(small);
const content = { out: 'hello again', in: 'hello, world' };

async function contentOf(bytes: Uint8Array): Promise<unknown> {
  const connections = await readConnections(bytes);
  return connections.map((connection) => {
    const streams = streamsOf(connection);
    return { out: streams.out.toString(), in: streams.in.toString() };
  });
}

for (const little of [true, false]) {
  const order = little ? 'little-endian' : 'big-endian';
  for (const nanoseconds of [true, false]) {
    test(`a ${order} pcap with ${nanoseconds ? 'nano' : 'micro'}seconds is read`, async () => {
      const packets = await packetsOf(capture);
      const bytes = pcapOf(packets, { little, nanoseconds });

      assert.deepEqual(await contentOf(bytes), [content]);
      assert.equal(CaptureFile.from(bytes).format, 'pcap');
      const [connection] = await readConnections(bytes);
      assert.equal(connection?.openedUs, small[0]?.atUs);
    });
  }

  for (const block of ['enhanced', 'simple', 'obsolete'] as const) {
    test(`a ${order} pcapng with ${block} packet blocks is read`, async () => {
      const packets = await packetsOf(capture);

      assert.deepEqual(await contentOf(pcapngOf(packets, { little, block })), [content]);
    });
  }
}

for (const [name, times] of [
  ['milliseconds', { resolution: 3, ticks: (us: number) => BigInt(us) / 1_000n }],
  ['microseconds', { resolution: 6, ticks: (us: number) => BigInt(us) }],
  ['nanoseconds', { resolution: 9, ticks: (us: number) => BigInt(us) * 1_000n + 999n }],
  ['tenths of nanoseconds', { resolution: 10, ticks: (us: number) => BigInt(us) * 10_000n }],
  [
    '1/1024 of a second',
    { resolution: 0x8a, ticks: (us: number) => (BigInt(us) * 1_024n) / 1_000_000n },
  ],
  ['an offset of seconds', { offsetSeconds: 1_000, ticks: (us: number) => BigInt(us) }],
] as const) {
  test(`times in ${name} are read`, async () => {
    // So that every resolution can tell it: a whole number of 1/8 s.
    const atUs = 1_700_000_000_125_000;
    const packets = (await packetsOf(capture)).map((packet) => ({ ...packet, atUs }));

    const [connection] = await readConnections(pcapngOf(packets, { times }));

    assert.equal(connection?.openedUs, atUs);
  });
}

test('two captures one behind the other are read as one', async () => {
  const both = Buffer.concat([capture, capture]);
  const file = CaptureFile.from(both);

  assert.equal(file.interfaces.length, 2);
  assert.deepEqual(
    file.interfaces.map(({ packets }) => packets),
    [13, 13],
  );
  // The same numbers again: all of it has been seen.
  assert.deepEqual(await contentOf(both), [content]);
});

test('names, comments, interfaces and secrets of a file are read', async () => {
  const line = `CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}`;
  const events = eventsTold([
    { connection: 'c1', kind: 'lookup', detail: { host: 'mail.sim', address: '127.0.0.1' } },
    { connection: 'c1', kind: 'lookup', detail: { host: 'mail6.sim', address: '2001:db8::1' } },
    syn,
    { connection: 'c1', kind: 'tls', detail: { event: 'keylog', line } },
  ]);

  const file = CaptureFile.from(
    writePcapng(events, { comments: ['scenario: login'], secrets: true, seed: 7 }),
  );

  assert.deepEqual(
    [...file.names],
    [
      ['127.0.0.1', ['mail.sim']],
      ['2001:db8::1', ['mail6.sim']],
    ],
  );
  assert.deepEqual(file.comments, [
    'scenario: login',
    'seed: 7',
    'network: real',
    'headers are synthesised; bytes, order and times are as recorded',
  ]);
  const [wire] = file.interfaces;
  assert.deepEqual([wire?.name, wire?.linkType, wire?.packets], ['wire', 1, 1]);
  assert.deepEqual(file.secrets, [line]);
  assert.deepEqual(file.warnings, []);
});

test('the key log of a connection is told by its client random', async () => {
  const random = '5a'.repeat(32);
  const hello = Buffer.concat([
    Buffer.from('160301002a010000260303', 'hex'),
    Buffer.from(random, 'hex'),
    Buffer.alloc(6),
  ]);
  const line = `CLIENT_RANDOM ${random} ${'cd'.repeat(48)}`;
  const other = `CLIENT_RANDOM ${'00'.repeat(32)} ${'cd'.repeat(48)}`;
  const keylogs = [line, other].map((line) => ({
    connection: 'c1',
    kind: 'tls' as const,
    detail: { event: 'keylog', line },
  }));
  const write = { ...sends('c1', 'out', ''), bytes: hello };

  const events = eventsTold([syn, established, write, ...keylogs]);
  const [connection] = await readConnections(writePcapng(events, { secrets: true }));

  assert.equal(connection?.tls, true);
  assert.deepEqual(connection?.secrets, [line]);
});

test('comments of packets belong to their connection', async () => {
  const [connection] = await readConnections(capture);

  assert.deepEqual(connection?.comments[0], { atUs: 1_000, text: '#0' });
});

test('packets say what they are', async () => {
  const [first] = await packetsOf(capture);

  assert.deepEqual(
    { ...first?.tcp, payload: first?.tcp?.payload.length, sequence: 0 },
    {
      from: { host: '127.0.0.1', port: 40_000, family: 'IPv4' },
      to: { host: '127.0.0.1', port: 80, family: 'IPv4' },
      sequence: 0,
      acknowledgement: 0,
      flags: 2,
      window: 65_535,
      length: 0,
      payload: 0,
    },
  );
  assert.deepEqual([first?.number, first?.interface, first?.atUs], [0, 0, 1_000]);
});

for (const [what, bytes, message] of [
  ['an empty file', Buffer.alloc(0), 'not a capture: the file is empty'],
  ['another file', Buffer.from('%PDF-1.7\n'), 'not a capture: starts with 25 50 44 46 2d 31 2e 37'],
  ['a gzip file', Buffer.of(0x1f, 0x8b, 8, 0), 'gzip-compressed capture; unpack it first'],
  ['a pcap of another version', pcapOf([]).fill(9, 4, 5), 'pcap version 9 is not read'],
  ['half a pcap header', pcapOf([]).subarray(0, 20), 'the header of the capture is cut'],
] as const) {
  test(`${what} is no capture`, () => {
    assert.throws(() => CaptureFile.from(bytes), {
      code: 'ECAPTUREFORMAT',
      phase: 'read',
      message,
    });
  });
}

test('a capture of a link that cannot be read is refused, and says which can', async () => {
  const packets = await packetsOf(capture);

  assert.throws(() => CaptureFile.from(pcapOf(packets, { linkType: 105 })), {
    code: 'ECAPTUREFORMAT',
    message:
      /^link type 105 \(802\.11\) is not supported; supported: NULL, Ethernet, raw IP, LOOP, /,
  });
});

test('a link that cannot be read is a warning beside one that can', async () => {
  const packets = await packetsOf(capture);
  const bytes = Buffer.concat([capture, pcapngOf(packets, { linkType: 105 })]);

  assert.deepEqual(await contentOf(bytes), [content]);
  assert.match(CaptureFile.from(bytes).warnings.join(), /link type 105 \(802\.11\)/);
});

test('a capture with headers only has no payloads to read', async () => {
  const headers = writePcapng(small, { packetBytes: 0 });

  await assert.rejects(readConnections(headers), {
    code: 'ECAPTUREFORMAT',
    message: 'captured without them: payloads are missing',
  });
  assert.equal((await packetsOf(headers))[3]?.tcp?.length, 5);
});

test('a capture with a short snapshot length names it', async () => {
  const packets = (await packetsOf(capture)).map(({ atUs, bytes, original }) => ({
    atUs,
    bytes: bytes.subarray(0, 56),
    original,
  }));

  await assert.rejects(readConnections(pcapOf(packets, { snapshot: 56 })), {
    code: 'ECAPTUREFORMAT',
    message: 'captured with a snapshot length of 56: payloads are missing',
  });
});

test('a packet that is cut ends its direction at a gap', async () => {
  const packets = (await packetsOf(capture)).map(({ atUs, bytes, original }, index) => ({
    atUs,
    bytes: index === 3 ? bytes.subarray(0, 56) : bytes,
    original,
  }));

  const [connection] = await readConnections(pcapOf(packets));

  assert.equal(connection?.ended, 'gap');
  assert.deepEqual(connection?.warnings, ['gap: 3 bytes missing at offset 2']);
  assert.equal(connection === undefined ? '' : streamsOf(connection).out.toString(), 'he');
});

test('a capture that is cut anywhere gives what came before the cut', async () => {
  const whole = Buffer.from(capture);
  const head = whole.readUInt32LE(4);

  for (let length = 4; length < whole.length; length++) {
    const part = whole.subarray(0, length);
    if (length < head) {
      assert.throws(() => CaptureFile.from(part), { code: 'ECAPTUREFORMAT' });
      continue;
    }
    const [connection] = await readConnections(part);
    const { warnings } = CaptureFile.from(part);
    assert.match(warnings.join(), /^cut at byte \d+: \d+ bytes? lost$|the writer did not finish$/);
    if (connection === undefined) continue;
    const { out, in: back } = streamsOf(connection);
    assert.ok(content.out.startsWith(out.toString()) && content.in.startsWith(back.toString()));
  }
});

test('a capture with a bit that was flipped, or with chance in it, is read or refused', async () => {
  const damage = fc.oneof(
    fc.record({ at: fc.nat(), bit: fc.nat(7) }).map(({ at, bit }) => {
      const bytes = Buffer.from(capture);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      return bytes;
    }),
    fc
      .uint8Array({ maxLength: 400 })
      .map((chance) => Buffer.concat([capture.subarray(0, 120), chance])),
    fc.uint8Array({ maxLength: 400 }).map((chance) => Buffer.concat([pcapOf([]), chance])),
  );

  await fc.assert(
    fc.asyncProperty(damage, async (bytes) => {
      try {
        await contentOf(bytes);
        await packetsOf(bytes);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'ECAPTUREFORMAT');
      }
    }),
    { numRuns: 500 },
  );
});

test('a file larger than the limit is refused', () => {
  assert.throws(() => CaptureFile.from(capture, { maxBytes: 100 }), {
    code: 'ELIMIT',
    message: /^the capture has \d[\d ]* bytes, more than 100 bytes$/,
  });
});

test('a stream longer than the limit is given in chunks, and not as a whole', async () => {
  const [connection] = await readConnections(capture);

  assert.throws(() => connection?.out.bytes(10), { code: 'ELIMIT' });
  assert.deepEqual(
    [...(connection?.out.chunks() ?? [])].map(({ offset, bytes }) => [offset, bytes.length]),
    [
      [0, 5],
      [5, 6],
    ],
  );
});

test('chunks of a capture by others are its segments', async () => {
  const long = eventsTold([syn, established, sends('c1', 'out', 'x'.repeat(25))]);
  const ours = writePcapng(long, { segment: 10 });
  const theirs = pcapngOf(await packetsOf(ours));
  const lengths = async (bytes: Uint8Array) => {
    const [connection] = await readConnections(bytes);
    return [...(connection?.out.chunks() ?? [])].map(({ bytes }) => bytes.length);
  };

  assert.deepEqual(await lengths(ours), [25]);
  assert.deepEqual(await lengths(theirs), [10, 10, 5]);
});

test('an unknown option is refused', () => {
  assert.throws(() => CaptureFile.from(capture, { keyLog: '' } as object), {
    code: 'ECONFIG',
    message: 'CaptureFile: unknown key "keyLog" (did you mean "keylog"?)',
  });
});
