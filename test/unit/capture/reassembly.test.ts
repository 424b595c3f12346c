import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventsOf } from '../../../src/capture/captured-connection';
import { writePcapng } from '../../../src/capture/write-pcapng';
import { type ForgedPacket, packetsOf, pcapOf } from './forge';
import { readConnections, streamsOf } from './read-back';
import { ends, established, eventsTold, sends, syn, type Told } from './told';

const sequenceAt = 14 + 20 + 4;
const acknowledgementAt = sequenceAt + 4;

/** The packets of what was told, each of which may be changed. */
async function packetsTold(told: readonly Told[], segment = 1_460): Promise<ForgedPacket[]> {
  const packets = await packetsOf(writePcapng(eventsTold(told), { segment }));
  return packets.map(({ atUs, bytes }) => ({ atUs, bytes: new Uint8Array(bytes) }));
}

/** Moves the numbers of a direction, so that they wrap where a test wants it. */
function renumbered(packets: readonly ForgedPacket[], outBy: number, inBy: number): ForgedPacket[] {
  return packets.map((packet) => {
    const bytes = Buffer.from(packet.bytes);
    const isOut = bytes.readUInt16BE(34) === 40_000;
    const move = (at: number, by: number) =>
      bytes.writeUInt32BE((bytes.readUInt32BE(at) + by) >>> 0, at);
    move(sequenceAt, isOut ? outBy : inBy);
    move(acknowledgementAt, isOut ? inBy : outBy);
    return { ...packet, bytes };
  });
}

async function only(packets: readonly ForgedPacket[], options = {}) {
  const connections = await readConnections(pcapOf(packets), options);
  assert.equal(connections.length, 1);
  const [connection] = connections;
  assert.ok(connection);
  return { ...connection, text: mapText(streamsOf(connection)) };
}

function mapText({ out, in: back }: { out: Buffer; in: Buffer }): { out: string; in: string } {
  return { out: out.toString(), in: back.toString() };
}

const text = (name: string, length: number): string =>
  Array.from({ length: Math.ceil(length / 8) }, (_, index) => `${name}${index}`.padEnd(8, '.'))
    .join('')
    .slice(0, length);

const long = { out: text('o', 3_000), in: text('i', 2_000) };
const talk: readonly Told[] = [
  syn,
  established,
  sends('c1', 'out', long.out.slice(0, 1_500)),
  sends('c1', 'in', long.in.slice(0, 1_000)),
  sends('c1', 'out', long.out.slice(1_500), 1_500),
  sends('c1', 'in', long.in.slice(1_000), 1_000),
  ends('c1', 'fin', 'out'),
  ends('c1', 'fin', 'in'),
];

test('repeated, exchanged and renumbered packets give the same bytes', async () => {
  const packets = await packetsTold(talk, 100);
  const change = fc.record({
    repeated: fc.array(fc.nat(packets.length - 1), { maxLength: 20 }),
    swaps: fc.array(fc.tuple(fc.nat(packets.length - 1), fc.integer({ min: 1, max: 8 })), {
      maxLength: 20,
    }),
    outBy: fc.nat(0xffffffff),
    inBy: fc.nat(0xffffffff),
  });

  await fc.assert(
    fc.asyncProperty(change, async ({ repeated, swaps, outBy, inBy }) => {
      const changed = [...packets];
      for (const index of repeated) changed.splice(index, 0, packets[index] as ForgedPacket);
      for (const [from, by] of swaps) {
        const to = Math.min(changed.length - 1, from + by);
        [changed[from], changed[to]] = [changed[to] as ForgedPacket, changed[from] as ForgedPacket];
      }

      const connection = await only(renumbered(changed, outBy, inBy));

      assert.deepEqual(connection.text, long);
      assert.deepEqual([connection.ended, connection.midstream], ['fin', false]);
      assert.equal(connection.client.port, 40_000);
    }),
    { numRuns: 300 },
  );
});

test('segments that overlap give each byte once, the first copy', async () => {
  const packets = await packetsTold([syn, established, sends('c1', 'out', 'abcdef')]);
  const overlapping = await packetsTold([syn, established, sends('c1', 'out', 'abcdefghi')]);

  const { text, warnings } = await only([...packets, ...overlapping.slice(3)]);

  assert.equal(text.out, 'abcdefghi');
  assert.deepEqual(warnings, []);
});

test('a retransmission with other bytes is told, and the first copy kept', async () => {
  const packets = await packetsTold([syn, established, sends('c1', 'out', 'abcdef')]);
  const other = await packetsTold([syn, established, sends('c1', 'out', 'abXdefghi')]);

  const { text, warnings } = await only([...packets, ...other.slice(3)]);

  assert.equal(text.out, 'abcdefghi');
  assert.deepEqual(warnings, ['bytes 0–6 differ in a retransmission']);
});

test('a gap that is never filled ends its direction there', async () => {
  const packets = await packetsTold(talk, 100);

  // The fourth segment of the first write is lost.
  const { text, ended, warnings } = await only(packets.filter((_, index) => index !== 6));

  assert.deepEqual(text, { out: long.out.slice(0, 300), in: long.in });
  assert.equal(ended, 'gap');
  assert.deepEqual(warnings, ['gap: 100 bytes missing at offset 300']);
});

test('a probe that asks whether the peer lives adds nothing, whatever its byte', async () => {
  const packets = await packetsTold([syn, established, sends('c1', 'out', 'hello')]);
  const probe = Buffer.concat([Buffer.from(packets[3]?.bytes ?? []).subarray(0, 54), Buffer.of(0)]);
  probe.writeUInt16BE(41, 16);
  probe.writeUInt32BE((probe.readUInt32BE(sequenceAt) + 4) >>> 0, sequenceAt);

  const { text, warnings } = await only([...packets, { atUs: 10_000, bytes: probe }]);

  assert.equal(text.out, 'hello');
  assert.deepEqual(warnings, []);
});

test('bytes that had waited are there when the hole is filled', async () => {
  const packets = await packetsTold([
    syn,
    established,
    sends('c1', 'out', 'abc'),
    sends('c1', 'out', 'def', 3),
  ]);
  const [first, , second] = packets.slice(3) as ForgedPacket[];
  const swapped = [
    ...packets.slice(0, 3),
    { ...second, atUs: 5_000 } as ForgedPacket,
    { ...first, atUs: 9_000 } as ForgedPacket,
  ];

  const connection = await only(swapped);

  assert.deepEqual(
    [...connection.out.chunks()].map(({ atUs, bytes }) => [atUs, Buffer.from(bytes).toString()]),
    [
      [9_000, 'abc'],
      [9_000, 'def'],
    ],
  );
});

for (const [ending, told] of [
  ['refused', [syn, { ...syn, kind: 'refused', direction: 'in' }]],
  ['no-answer', [syn]],
  ['open', [syn, established]],
  ['half', [syn, established, ends('c1', 'fin', 'in')]],
  ['fin', [syn, established, ends('c1', 'fin', 'in'), ends('c1', 'fin', 'out')]],
  ['rst', [syn, established, ends('c1', 'fin', 'in'), ends('c1', 'rst', 'out')]],
] as const satisfies readonly (readonly [string, readonly Told[]])[]) {
  test(`a connection ends as ${ending}`, async () => {
    const connection = await only(await packetsTold(told));

    assert.equal(connection.ended, ending);
    assert.equal(connection.openedUs, 1_000);
    const isOver = !['open', 'no-answer'].includes(ending);
    assert.equal(connection.closedUs, isOver ? told.length * 1_000 : null);
  });
}

test('a SYN with a new number after the end is a new connection between the same ends', async () => {
  const first = await packetsTold(talk);
  const second = renumbered(
    await packetsTold([syn, established, sends('c1', 'out', 'more')]),
    77,
    99,
  );

  const connections = await readConnections(pcapOf([...first, ...second]));

  assert.deepEqual(
    connections.map((connection) => [connection.number, streamsOf(connection).out.length]),
    [
      [1, 3_000],
      [2, 4],
    ],
  );
});

test('a SYN with a new number after two minutes of silence is a new connection', async () => {
  const open = await packetsTold([syn, established, sends('c1', 'out', 'old')]);
  const next = renumbered(await packetsTold([syn, established, sends('c1', 'out', 'new')]), 77, 99);
  const later = (us: number) => next.map((packet) => ({ ...packet, atUs: packet.atUs + us }));

  const after = await readConnections(pcapOf([...open, ...later(121_000_000)]));
  const soon = await readConnections(pcapOf([...open, ...later(60_000_000)]));

  assert.equal(after.length, 2);
  assert.equal(soon.length, 1);
});

test('a dial that nobody answered and one that follows are two connections', async () => {
  const first = await packetsTold([syn]);
  const second = renumbered(await packetsTold([syn, established]), 77, 99);

  const connections = await readConnections(pcapOf([...first, ...second]));

  assert.deepEqual(
    connections.map(({ ended }) => ended),
    ['no-answer', 'open'],
  );
});

test('the dialling side of a capture that began late is the one with the higher port, or the one named', async () => {
  const packets = (await packetsTold(talk)).slice(3);

  const guessed = await only(packets);
  const byPort = await only(packets, { port: 40_000 });
  const byClient = await only(packets, { client: '127.0.0.1:80' });

  assert.deepEqual([guessed.midstream, guessed.client.port, guessed.text], [true, 40_000, long]);
  assert.deepEqual([byPort.client.port, byPort.text.out], [80, long.in]);
  assert.deepEqual([byClient.client.port, byClient.openedUs], [80, null]);
});

test('more than four MiB ahead of a hole end the wait for it', async () => {
  const size = 60_000;
  const many = Array.from({ length: 80 }, (_, index) =>
    sends('c1', 'out', 'x'.repeat(size), index * size),
  );
  const packets = await packetsTold([syn, established, ...many], 65_000);

  const { text, warnings } = await only(packets.filter((_, index) => index !== 5));

  assert.equal(text.out.length, size);
  assert.deepEqual(warnings, ['gap: 60 000 bytes missing at offset 60000']);
});

test('a captured connection is told again as events', async () => {
  const [connection] = await readConnections(pcapOf(await packetsTold(talk)));
  assert.ok(connection);

  const events = eventsOf(connection);

  assert.deepEqual(
    events.map(({ atUs, kind, direction, length = 0 }) => `${atUs} ${kind} ${direction} ${length}`),
    [
      '0 syn out 0',
      '1000 established in 0',
      '2000 write out 1460',
      '2000 write out 40',
      '3000 data in 1000',
      '4000 write out 1460',
      '4000 write out 40',
      '5000 data in 1000',
      '6000 fin out 0',
      '7000 fin in 0',
    ],
  );
  assert.deepEqual(events[0]?.local, { host: '127.0.0.1', port: 40_000, family: 'IPv4' });
});
