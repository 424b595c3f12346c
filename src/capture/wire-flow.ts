import type { Address } from '../base/address';
import { ipBytes } from '../base/ip-bytes';
import { sumRange, wordsOf } from './internet-checksum';

/** One end of a connection, as packets name it. */
export interface FlowAddress {
  readonly host: string;
  readonly port: number;
  /** 4 or 16 bytes; both ends of a flow have as many. */
  readonly bytes: Uint8Array;
}

/** What one end has sent, as far as packets tell. */
export class FlowSide {
  readonly address: FlowAddress;
  /** Initial sequence number. */
  readonly initial: number;
  /** Numbers used so far: 1 for SYN, 1 for each byte, 1 for FIN. */
  position = 1;
  /** Whether `position` is where this end is: unknown where a capture began late. */
  known = true;
  /** Identification of the next IPv4 packet. */
  identification = 0;
  finSent = false;
  /** Bytes, by what its own end says; for what never arrived. */
  written = 0;
  bytes = 0;

  constructor(address: FlowAddress, label: string) {
    this.address = address;
    this.initial = fnv1a(label);
  }

  /** The sequence number of the next byte. */
  get next(): number {
    return (this.initial + this.position) % 0x1_0000_0000;
  }
}

/**
 * One connection in a capture.
 *
 * `fresh` has put nothing on the wire, `syn` has asked, `open` may carry bytes, `over` was refused
 * or reset: no packet follows.
 */
export class WireFlow {
  /** `c1` or, where only the accepting end is known, `s1`. */
  readonly id: string;
  readonly isIpv6: boolean;
  /** The dialling end, whose bytes go `out`. */
  readonly client: FlowSide;
  readonly server: FlowSide;
  /** Sum of both addresses, for checksums. */
  readonly addressSum: number;
  /** Longest segment. */
  readonly segment: number;
  /** Which interface of the file. */
  readonly leg: number;
  state: 'fresh' | 'syn' | 'open' | 'over' = 'fresh';
  /** Where SYN was seen. */
  openedUs: number | undefined;
  /** A packet of it was written. */
  counted = false;
  /** TLS has started: what follows is cipher text. */
  encrypted = false;

  constructor(id: string, ends: readonly [Address, Address], segment: number | undefined, leg = 0) {
    const [clientBytes, serverBytes] = sameFamily(ends[0].host, ends[1].host);
    this.id = id;
    this.isIpv6 = clientBytes.byteLength === 16;
    this.client = new FlowSide({ ...ends[0], bytes: clientBytes }, `${id}/out`);
    this.server = new FlowSide({ ...ends[1], bytes: serverBytes }, `${id}/in`);
    this.addressSum = sumOf(clientBytes) + sumOf(serverBytes);
    this.segment = segment ?? (isLoopback(clientBytes) && isLoopback(serverBytes) ? 65_483 : 1_460);
    this.leg = leg;
  }

  /** The end that sends in a direction. */
  sender(out: boolean): FlowSide {
    return out ? this.client : this.server;
  }
}

/** @source RFC 5737 section 3 */
const unknownHost = '192.0.2.1';

/** Addresses for a connection whose own are not known: of the block kept for documentation. */
export function unknownEnds(number: number): readonly [Address, Address] {
  const family = 'IPv4';
  return [
    { host: unknownHost, port: 49_152 + (number % 16_384), family },
    { host: '192.0.2.2', port: 1, family },
  ];
}

function sameFamily(one: string, other: string): readonly [Uint8Array, Uint8Array] {
  const [left, right] = [one, other].map((host) => ipBytes(host) ?? Uint8Array.of(192, 0, 2, 3));
  if (left === undefined || right === undefined)
    throw new RangeError('two ends have two addresses');
  return left.byteLength === right.byteLength ? [left, right] : [widened(left), widened(right)];
}

function widened(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength === 16) return bytes;
  return Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...bytes);
}

function isLoopback(bytes: Uint8Array): boolean {
  if (bytes.byteLength === 4) return bytes[0] === 127;
  return bytes.every((byte, index) => byte === (index === 15 ? 1 : 0));
}

function sumOf(bytes: Uint8Array): number {
  return sumRange(bytes, wordsOf(bytes), 0, bytes.byteLength);
}

/** @source https://github.com/lcn2/fnv */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
