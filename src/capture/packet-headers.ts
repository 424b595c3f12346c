/** Headers of one packet: Ethernet, IPv4 or IPv6, TCP. */
import { checksumOf } from './internet-checksum';
import { type Segment, tcpFlags } from './segment';
import { windowScale } from './segment-maker';
import type { FlowAddress } from './wire-flow';

const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd } as const;
const tcp = 6;
const lifetime = 64;

/** Instead of the sum of a payload: no checksums at all; none of TCP, since the payload is not known. */
export const withoutChecksums: number = -1;
export const withoutPayload: number = -2;

/** Bytes in front of the payload. */
export function headerLength({ flow, flags }: Readonly<Segment>): number {
  return 14 + (flow.isIpv6 ? 40 : 20) + tcpLength(flags);
}

/**
 * Writes the headers of a segment.
 *
 * @param payloadSum - sum of the payload; else {@link withoutChecksums} or {@link withoutPayload}
 * @source RFC 9293 section 3.1
 */
export function writeHeaders(
  view: DataView,
  at: number,
  segment: Readonly<Segment>,
  payloadSum: number,
): void {
  const { flow, out } = segment;
  const from = flow.sender(out).address;
  const to = flow.sender(!out).address;
  writeEthernet(view, at, from, to, flow.isIpv6 ? etherTypes.ipv6 : etherTypes.ipv4);
  if (flow.isIpv6) writeIpv6(view, at + 14, segment, from, to);
  else writeIpv4(view, at + 14, segment, from, to, payloadSum !== withoutChecksums);
  writeTcp(view, at + 14 + (flow.isIpv6 ? 40 : 20), segment, payloadSum);
}

/** SYN carries the longest segment and the scale of the window. */
function tcpLength(flags: number): number {
  return flags & tcpFlags.syn ? 28 : 20;
}

/** Locally administered: 02:00 and the last four bytes of the address. */
function writeEthernet(
  view: DataView,
  at: number,
  from: FlowAddress,
  to: FlowAddress,
  type: number,
): void {
  writeHardware(view, at, to.bytes);
  writeHardware(view, at + 6, from.bytes);
  view.setUint16(at + 12, type);
}

function writeHardware(view: DataView, at: number, bytes: Uint8Array): void {
  view.setUint16(at, 0x0200);
  const first = bytes.byteLength - 4;
  for (let index = 0; index < 4; index++) {
    view.setUint8(at + 2 + index, bytes[first + index] as number);
  }
}

/** @source RFC 791 section 3.1 */
function writeIpv4(
  view: DataView,
  at: number,
  { flow, out, flags, length }: Readonly<Segment>,
  from: FlowAddress,
  to: FlowAddress,
  withChecksum: boolean,
): void {
  const total = 20 + tcpLength(flags) + length;
  const side = flow.sender(out);
  const identification = side.identification;
  side.identification = (identification + 1) & 0xffff;
  view.setUint16(at, 0x4500);
  view.setUint16(at + 2, total);
  view.setUint16(at + 4, identification);
  // Don't fragment.
  view.setUint16(at + 6, 0x4000);
  view.setUint16(at + 8, (lifetime << 8) | tcp);
  const sum = 0x4500 + total + identification + 0x4000 + ((lifetime << 8) | tcp) + flow.addressSum;
  view.setUint16(at + 10, withChecksum ? checksumOf(sum) : 0);
  writeBytes(view, at + 12, from.bytes);
  writeBytes(view, at + 16, to.bytes);
}

/** @source RFC 8200 section 3 */
function writeIpv6(
  view: DataView,
  at: number,
  { flags, length }: Readonly<Segment>,
  from: FlowAddress,
  to: FlowAddress,
): void {
  view.setUint32(at, 0x6000_0000);
  view.setUint16(at + 4, tcpLength(flags) + length);
  view.setUint16(at + 6, (tcp << 8) | lifetime);
  writeBytes(view, at + 8, from.bytes);
  writeBytes(view, at + 24, to.bytes);
}

function writeTcp(
  view: DataView,
  at: number,
  segment: Readonly<Segment>,
  payloadSum: number,
): void {
  const { flow, out, flags, sequence, acknowledgement, window, length } = segment;
  const { port: fromPort } = flow.sender(out).address;
  const { port: toPort } = flow.sender(!out).address;
  const headers = tcpLength(flags);
  const offsetAndFlags = ((headers >> 2) << 12) | flags;
  view.setUint16(at, fromPort);
  view.setUint16(at + 2, toPort);
  view.setUint32(at + 4, sequence);
  view.setUint32(at + 8, acknowledgement);
  view.setUint16(at + 12, offsetAndFlags);
  view.setUint16(at + 14, window);
  view.setUint16(at + 18, 0);
  const options = headers > 20 ? writeOptions(view, at + 20, flow.segment) : 0;
  // The pseudo header counts too: addresses, protocol, length.
  const sum =
    flow.addressSum +
    tcp +
    headers +
    length +
    fromPort +
    toPort +
    (sequence >>> 16) +
    (sequence & 0xffff) +
    (acknowledgement >>> 16) +
    (acknowledgement & 0xffff) +
    offsetAndFlags +
    window +
    options;
  view.setUint16(at + 16, payloadSum < 0 ? 0 : checksumOf(sum + payloadSum));
}

/** Longest segment, a filler, the scale of the window. Returns their sum. */
function writeOptions(view: DataView, at: number, longest: number): number {
  view.setUint16(at, 0x0204);
  view.setUint16(at + 2, longest);
  view.setUint32(at + 4, 0x0103_0300 | windowScale);
  return 0x0204 + longest + 0x0103 + (0x0300 | windowScale);
}

function writeBytes(view: DataView, at: number, bytes: Uint8Array): void {
  for (let index = 0; index < bytes.byteLength; index++) {
    view.setUint8(at + index, bytes[index] as number);
  }
}
