/** Captures as other programs write them, from packets of ours. */
import { CaptureFile } from '../../../src/capture/capture-file';
import type { CapturedPacket } from '../../../src/capture/packet-record';

/** A packet to be put into a file. */
export interface ForgedPacket {
  readonly atUs: number;
  readonly bytes: Uint8Array;
  /** Bytes on the wire; default those that are here. */
  readonly original?: number;
}

export interface ForgeOptions {
  readonly little?: boolean;
  readonly linkType?: number;
  readonly snapshot?: number;
}

/** The packets of a capture. */
export async function packetsOf(capture: Uint8Array): Promise<CapturedPacket[]> {
  const found: CapturedPacket[] = [];
  for await (const packet of CaptureFile.from(capture).packets()) found.push(packet);
  return found;
}

/** A classic pcap file. */
export function pcapOf(
  packets: readonly ForgedPacket[],
  options: ForgeOptions & { readonly nanoseconds?: boolean } = {},
): Buffer {
  const { little = true, linkType = 1, snapshot = 262_144, nanoseconds = false } = options;
  const write = writerOf(little);
  const head = [
    write.u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    write.u16(2),
    write.u16(4),
    write.u32(0),
    write.u32(0),
    write.u32(snapshot),
    write.u32(linkType),
  ];
  const records = packets.flatMap(({ atUs, bytes, original = bytes.length }) => [
    write.u32(Math.floor(atUs / 1_000_000)),
    write.u32((atUs % 1_000_000) * (nanoseconds ? 1_000 : 1)),
    write.u32(bytes.length),
    write.u32(original),
    bytes,
  ]);
  return Buffer.concat([...head, ...records]);
}

/** How times of a forged pcapng are written. */
export interface ForgedTimes {
  /** `if_tsresol`; absent: microseconds. */
  readonly resolution?: number;
  /** Ticks of a time. */
  readonly ticks: (us: number) => bigint;
  readonly offsetSeconds?: number;
}

const microseconds: ForgedTimes = { ticks: (us) => BigInt(us) };

/** A pcapng file with one interface. */
export function pcapngOf(
  packets: readonly ForgedPacket[],
  options: ForgeOptions & {
    readonly times?: ForgedTimes;
    readonly block?: 'enhanced' | 'simple' | 'obsolete';
  } = {},
): Buffer {
  const { little = true, linkType = 1, snapshot = 0, times = microseconds } = options;
  const { block: kind = 'enhanced' } = options;
  const write = writerOf(little);
  const block = (type: number, ...parts: Uint8Array[]): Buffer => {
    const body = Buffer.concat(parts);
    const padded = Buffer.concat([body, Buffer.alloc(-body.length & 3)]);
    const length = write.u32(padded.length + 12);
    return Buffer.concat([write.u32(type), length, padded, length]);
  };
  const { resolution, offsetSeconds } = times;
  const interfaceOptions = [
    ...(resolution === undefined
      ? []
      : [write.u16(9), write.u16(1), Buffer.of(resolution, 0, 0, 0)]),
    ...(offsetSeconds === undefined
      ? []
      : [write.u16(14), write.u16(8), write.i64(BigInt(offsetSeconds))]),
    write.u32(0),
  ];
  const start = [
    block(0x0a0d0d0a, write.u32(0x1a2b3c4d), write.u16(1), write.u16(0), write.i64(-1n)),
    block(1, write.u16(linkType), write.u16(0), write.u32(snapshot), ...interfaceOptions),
    // A kind of block that nobody knows.
    block(0x7777, Buffer.from('something')),
  ];
  const blocks = packets.map(({ atUs, bytes, original = bytes.length }) => {
    const ticks = times.ticks(atUs - (offsetSeconds ?? 0) * 1_000_000);
    const stamp = [write.u32(Number(ticks >> 32n)), write.u32(Number(ticks & 0xffffffffn))];
    const sizes = [write.u32(bytes.length), write.u32(original)];
    if (kind === 'simple') return block(3, write.u32(original), bytes);
    if (kind === 'obsolete') {
      return block(2, write.u16(0), write.u16(0xffff), ...stamp, ...sizes, bytes);
    }
    return block(6, write.u32(0), ...stamp, ...sizes, bytes);
  });
  return Buffer.concat([...start, ...blocks]);
}

function writerOf(little: boolean) {
  return {
    u16: (value: number) => {
      const bytes = Buffer.alloc(2);
      if (little) bytes.writeUInt16LE(value);
      else bytes.writeUInt16BE(value);
      return bytes;
    },
    u32: (value: number) => {
      const bytes = Buffer.alloc(4);
      if (little) bytes.writeUInt32LE(value);
      else bytes.writeUInt32BE(value);
      return bytes;
    },
    i64: (value: bigint) => {
      const bytes = Buffer.alloc(8);
      if (little) bytes.writeBigInt64LE(value);
      else bytes.writeBigInt64BE(value);
      return bytes;
    },
  };
}
