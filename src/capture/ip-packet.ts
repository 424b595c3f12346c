/** One TCP segment as it was found in a packet. Reused: who keeps it copies it. */
export interface FoundSegment {
  /** Offsets of the addresses in the packet; 4 or 16 bytes each. */
  sourceAt: number;
  destinationAt: number;
  addressLength: number;
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  acknowledgement: number;
  flags: number;
  window: number;
  /** Offset of the payload in the packet. */
  payloadAt: number;
  /** Bytes of payload that were sent, and those that are here. */
  length: number;
  captured: number;
}

/** What a packet is that is no TCP segment. */
export type NoSegment = 'fragment' | 'other' | 'short';

export function emptyFound(): FoundSegment {
  return {
    sourceAt: 0,
    destinationAt: 0,
    addressLength: 4,
    sourcePort: 0,
    destinationPort: 0,
    sequence: 0,
    acknowledgement: 0,
    flags: 0,
    window: 0,
    payloadAt: 0,
    length: 0,
    captured: 0,
  };
}

const tcp = 6;
/** Extension headers that may stand in front of TCP: hop-by-hop, routing, destination. */
const extensions: ReadonlySet<number> = new Set([0, 43, 60]);
const fragmentHeader = 44;

/**
 * Finds the TCP segment of an IP packet.
 *
 * @param start - where the IP header begins
 * @param original - bytes of the whole packet on the wire, of which `bytes` may be the beginning
 * @param found - is filled
 * @returns `undefined` when there is one
 * @source RFC 791 section 3.1
 */
export function findSegment(
  bytes: Uint8Array,
  start: number,
  original: number,
  found: FoundSegment,
): NoSegment | undefined {
  const version = (bytes[start] ?? 0) >> 4;
  return version === 4
    ? inIpv4(bytes, start, original, found)
    : inIpv6(bytes, start, original, found);
}

function inIpv4(
  bytes: Uint8Array,
  start: number,
  original: number,
  found: FoundSegment,
): NoSegment | undefined {
  const headers = ((bytes[start] ?? 0) & 15) * 4;
  if (headers < 20 || bytes.byteLength < start + headers) return 'short';
  if (word(bytes, start + 6) & 0x3fff) return 'fragment';
  if (bytes[start + 9] !== tcp) return 'other';
  // Of what a network card cuts later the length is 0: it reaches to the end of the packet.
  const total = word(bytes, start + 2) || original - start;
  found.sourceAt = start + 12;
  found.destinationAt = start + 16;
  found.addressLength = 4;
  return inTcp(bytes, start + headers, start + total, found);
}

/** @source RFC 8200 section 4 */
function inIpv6(
  bytes: Uint8Array,
  start: number,
  original: number,
  found: FoundSegment,
): NoSegment | undefined {
  if (bytes.byteLength < start + 40) return 'short';
  const payload = word(bytes, start + 4);
  const end = payload === 0 ? original : start + 40 + payload;
  let next = bytes[start + 6] ?? 0;
  let at = start + 40;
  for (let count = 0; count < 8 && extensions.has(next); count++) {
    if (bytes.byteLength < at + 2) return 'short';
    next = bytes[at] ?? 0;
    at += ((bytes[at + 1] ?? 0) + 1) * 8;
  }
  if (next === fragmentHeader) return 'fragment';
  if (next !== tcp) return 'other';
  found.sourceAt = start + 8;
  found.destinationAt = start + 24;
  found.addressLength = 16;
  return inTcp(bytes, at, end, found);
}

/** @param end - where the IP packet ends; what a link adds behind it is no payload */
function inTcp(
  bytes: Uint8Array,
  at: number,
  end: number,
  found: FoundSegment,
): NoSegment | undefined {
  if (bytes.byteLength < at + 20) return 'short';
  const headers = ((bytes[at + 12] ?? 0) >> 4) * 4;
  if (headers < 20 || end < at + headers) return 'short';
  found.sourcePort = word(bytes, at);
  found.destinationPort = word(bytes, at + 2);
  found.sequence = longWord(bytes, at + 4);
  found.acknowledgement = longWord(bytes, at + 8);
  found.flags = bytes[at + 13] ?? 0;
  found.window = word(bytes, at + 14);
  found.payloadAt = at + headers;
  found.length = end - found.payloadAt;
  found.captured = Math.max(0, Math.min(end, bytes.byteLength) - found.payloadAt);
  return undefined;
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function longWord(bytes: Uint8Array, at: number): number {
  return word(bytes, at) * 0x1_0000 + word(bytes, at + 2);
}
