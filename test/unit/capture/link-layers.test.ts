import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureFile } from '../../../src/capture/capture-file';
import { ipStart } from '../../../src/capture/link-layers';
import { writePcapng } from '../../../src/capture/write-pcapng';
import { packetsOf, pcapOf } from './forge';
import { readConnections, streamsOf } from './read-back';
import { ends, established, eventsTold, sends, syn } from './told';

const talk = [
  syn,
  established,
  sends('c1', 'out', 'hello'),
  sends('c1', 'in', 'hello, world'),
  ends('c1', 'fin', 'out'),
  ends('c1', 'fin', 'in'),
];
const over4 = writePcapng(eventsTold(talk));
const over6 = writePcapng(
  eventsTold(
    talk.map((told) => ({
      ...told,
      ...(told.local && {
        local: { host: '::1', port: 40_000, family: 'IPv6' as const },
        remote: { host: '2001:db8::2', port: 80, family: 'IPv6' as const },
      }),
    })),
  ),
);

/** What stands in front of IP, by link type and version of IP. */
const links: readonly (readonly [name: string, linkType: number, four: string, six?: string])[] = [
  ['NULL of a little-endian machine', 0, '02000000', '1e000000'],
  ['NULL of a big-endian machine', 0, '00000002', '0000001c'],
  ['Ethernet', 1, 'ffffffffffff0000000000000800', 'ffffffffffff00000000000086dd'],
  [
    'Ethernet with a VLAN',
    1,
    'ffffffffffff000000000000810000050800',
    'ffffffffffff0000000000008100000586dd',
  ],
  ['Ethernet with two VLANs', 1, 'ffffffffffff00000000000088a80005810000060800'],
  ['raw IP 12', 12, '', ''],
  ['raw IP 14', 14, '', ''],
  ['raw IP 101', 101, '', ''],
  ['LOOP', 108, '00000002', '00000018'],
  [
    'Linux cooked',
    113,
    '000003040006000000000000' + '00000800',
    '000003040006000000000000' + '000086dd',
  ],
  ['raw IPv4', 228, ''],
  ['raw IPv6', 229, ''],
  [
    'Linux cooked v2',
    276,
    '0800000000000001030400060000000000000000',
    '86dd000000000001030400060000000000000000',
  ],
];

for (const [name, linkType, four, six] of links) {
  for (const [version, capture, head] of [
    ['IPv4', over4, linkType === 229 ? undefined : four],
    ['IPv6', over6, linkType === 229 ? four : six],
  ] as const) {
    if (head === undefined) continue;
    test(`${version} over ${name} is read`, async () => {
      const packets = (await packetsOf(capture)).map((packet) => ({
        ...packet,
        bytes: Buffer.concat([Buffer.from(head, 'hex'), packet.bytes.subarray(14)]),
        original: packet.original - 14 + head.length / 2,
      }));

      const [connection, ...more] = await readConnections(pcapOf(packets, { linkType }));

      assert.equal(more.length, 0);
      assert.equal(connection?.ended, 'fin');
      assert.equal(
        connection === undefined ? '' : streamsOf(connection).in.toString(),
        'hello, world',
      );
    });
  }
}

for (const [what, bytes] of [
  ['ARP', 'ffffffffffff0000000000000806' + '0001080006040001'],
  ['three VLANs', 'ffffffffffff00000000000081000001810000028100000308004500'],
  ['a type of IP without IP', 'ffffffffffff00000000000008000000'],
  ['half an Ethernet header', 'ffffffffffff00'],
] as const) {
  test(`${what} holds no IP packet`, () => {
    assert.equal(ipStart(1, Buffer.from(bytes, 'hex')), -1);
  });
}

/** The packets of a talk, each changed behind its Ethernet header. */
async function changed(
  capture: Uint8Array,
  change: (ip: Buffer, index: number) => Buffer,
): Promise<Buffer> {
  const packets = await packetsOf(capture);
  return pcapOf(
    packets.map(({ atUs, bytes }, index) => ({
      atUs,
      bytes: Buffer.concat([bytes.subarray(0, 14), change(Buffer.from(bytes.subarray(14)), index)]),
    })),
  );
}

async function saidBy(bytes: Uint8Array): Promise<string> {
  const [connection] = await readConnections(bytes);
  return connection === undefined ? '' : streamsOf(connection).out.toString();
}

test('what Ethernet adds to short packets is no payload', async () => {
  const padded = await changed(over4, (ip) => Buffer.concat([ip, Buffer.alloc(20, 0xee)]));

  assert.equal(await saidBy(padded), 'hello');
});

test('a packet without a length reaches to its end', async () => {
  const offloaded = await changed(over4, (ip) => {
    ip.writeUInt16BE(0, 2);
    return ip;
  });

  assert.equal(await saidBy(offloaded), 'hello');
});

test('extension headers of IPv6 are passed over', async () => {
  const extended = await changed(over6, (ip) => {
    const headers = Buffer.alloc(8 + 16 + 8);
    // Hop-by-hop, routing of 16 bytes, destination, TCP.
    headers.set([43, 0], 0);
    headers.set([60, 1], 8);
    headers.set([6, 0], 24);
    ip[6] = 0;
    ip.writeUInt16BE(ip.readUInt16BE(4) + headers.length, 4);
    return Buffer.concat([ip.subarray(0, 40), headers, ip.subarray(40)]);
  });

  assert.equal(await saidBy(extended), 'hello');
});

test('options of IPv4 are passed over', async () => {
  const withOptions = await changed(over4, (ip) => {
    ip[0] = 0x46;
    ip.writeUInt16BE(ip.readUInt16BE(2) + 4, 2);
    return Buffer.concat([ip.subarray(0, 20), Buffer.alloc(4, 1), ip.subarray(20)]);
  });

  assert.equal(await saidBy(withOptions), 'hello');
});

for (const [what, change, warning] of [
  [
    'a fragment',
    (ip: Buffer) => {
      ip[6] = 0x20;
      return ip;
    },
    '1 IP fragments skipped',
  ],
  [
    'UDP',
    (ip: Buffer) => {
      ip[9] = 17;
      return ip;
    },
    '1 packets skipped that carry no TCP',
  ],
  [
    'half a header',
    (ip: Buffer) => ip.subarray(0, 30),
    '1 packets skipped that are cut within their headers',
  ],
] as const) {
  test(`${what} is left out and counted`, async () => {
    // The first packet, which is SYN: the rest still makes a connection.
    const bytes = await changed(over4, (ip, index) => (index === 0 ? change(ip) : ip));

    assert.deepEqual(CaptureFile.from(bytes).warnings, [warning]);
    assert.equal(await saidBy(bytes), 'hello');
  });
}

test('a fragment of IPv6 is left out and counted', async () => {
  const bytes = await changed(over6, (ip, index) => {
    if (index === 0) ip[6] = 44;
    return ip;
  });

  assert.deepEqual(CaptureFile.from(bytes).warnings, ['1 IP fragments skipped']);
});
