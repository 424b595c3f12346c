/** Blocks of a pcapng file that are rare; packets are written by `packet-blocks.ts`. */
import { ipBytes } from '../base/ip-bytes';
import type { Stamp } from './packet-times';

/** Types of blocks. @source https://github.com/pcapng/pcapng */
export const blockTypes = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  names: 4,
  statistics: 5,
  packet: 6,
  journal: 9,
  secrets: 10,
} as const;

/** Codes of options; those below 2 stand in every block, the others mean something in theirs only. */
export const optionCodes = {
  end: 0,
  comment: 1,
  sectionHardware: 2,
  sectionOs: 3,
  sectionApplication: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  interfaceResolution: 9,
  interfaceOffset: 14,
  packetFlags: 2,
  statisticsStart: 2,
  statisticsEnd: 3,
  statisticsReceived: 4,
  statisticsDropped: 5,
} as const;

/** What a section header holds in its second word, in the byte order of the file. */
export const byteOrderMagic = 0x1a2b3c4d;
/** Type of secrets that are lines of a TLS key log. */
export const tlsKeyLog = 0x544c534b;
/** The link type of every interface: 14 bytes in front of IPv4 and IPv6 alike. */
export const ethernet = 1;

type Option = readonly [code: number, value: Uint8Array | string];

/** What a section header tells of its file. */
export interface SectionFacts {
  readonly application: string;
  readonly os: string;
  readonly hardware: string;
  readonly comments: readonly string[];
}

export function sectionBlock({ application, os, hardware, comments }: SectionFacts): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(byteOrderMagic, 0);
  body.writeUInt16LE(1, 4);
  // The length of the section is not known: -1 in 64 bits.
  body.fill(0xff, 8);
  return block(blockTypes.section, body, [
    [optionCodes.sectionHardware, hardware],
    [optionCodes.sectionOs, os],
    [optionCodes.sectionApplication, application],
    ...comments.map(comment),
  ]);
}

export function interfaceBlock(name: string, description: string, note?: string): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(ethernet, 0);
  return block(blockTypes.interface, body, [
    [optionCodes.interfaceName, name],
    [optionCodes.interfaceDescription, description],
    // Nanoseconds.
    [optionCodes.interfaceResolution, Uint8Array.of(9)],
    ...(note === undefined ? [] : [comment(note)]),
  ]);
}

/** @param names - literal address → its names */
export function namesBlock(names: Iterable<readonly [string, readonly string[]]>): Buffer {
  const records = [...names].flatMap(([address, known]) => {
    const bytes = ipBytes(address);
    if (bytes === undefined) return [];
    const type = bytes.byteLength === 4 ? 1 : 2;
    return [option([type, Buffer.concat([bytes, Buffer.from(`${known.join('\0')}\0`)])])];
  });
  return block(blockTypes.names, Buffer.concat([...records, Buffer.alloc(4)]), []);
}

/** @param lines - of a TLS key log */
export function secretsBlock(lines: readonly string[]): Buffer {
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const head = Buffer.alloc(8);
  head.writeUInt32LE(tlsKeyLog, 0);
  head.writeUInt32LE(text.byteLength, 4);
  return block(blockTypes.secrets, Buffer.concat([head, padded(text)]), []);
}

/** A mark, as an entry of a system journal. @param us - microseconds since 1970 */
export function journalBlock(us: number, message: string): Buffer {
  const text = [
    `__REALTIME_TIMESTAMP=${us}`,
    'PRIORITY=6',
    'SYSLOG_IDENTIFIER=brine',
    `MESSAGE=${message}`,
  ];
  return block(
    blockTypes.journal,
    padded(Buffer.from(text.map((line) => `${line}\n`).join(''))),
    [],
  );
}

/** What an interface has seen. */
export interface InterfaceCounts {
  readonly start: Stamp;
  readonly end: Stamp;
  readonly packets: number;
  readonly dropped: number;
  readonly note: string;
}

export function statisticsBlock(index: number, counts: InterfaceCounts): Buffer {
  const body = Buffer.alloc(12);
  body.writeUInt32LE(index, 0);
  stampBytes(counts.end).copy(body, 4);
  return block(blockTypes.statistics, body, [
    [optionCodes.statisticsStart, stampBytes(counts.start)],
    [optionCodes.statisticsEnd, stampBytes(counts.end)],
    [optionCodes.statisticsReceived, count64(counts.packets)],
    [optionCodes.statisticsDropped, count64(counts.dropped)],
    comment(counts.note),
  ]);
}

/** The high half stands first, each half in the byte order of the file. */
function stampBytes({ high, low }: Stamp): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(high, 0);
  bytes.writeUInt32LE(low, 4);
  return bytes;
}

function count64(count: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(count % 0x1_0000_0000, 0);
  bytes.writeUInt32LE(Math.floor(count / 0x1_0000_0000), 4);
  return bytes;
}

function comment(text: string): Option {
  return [optionCodes.comment, text];
}

function block(type: number, body: Uint8Array, options: readonly Option[]): Buffer {
  const end = options.length === 0 ? [] : [Buffer.alloc(4)];
  const content = Buffer.concat([body, ...options.map(option), ...end]);
  const length = content.byteLength + 12;
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, content, head.subarray(4)]);
}

function option([code, value]: Option): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(bytes.byteLength, 2);
  return Buffer.concat([head, padded(bytes)]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.byteLength & 3)]);
}
