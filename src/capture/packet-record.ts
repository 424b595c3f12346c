import type { Address } from '../base/address';
import type { CaptureFacts } from './capture-facts';

/** One interface of a capture. */
export interface CapturedInterface {
  readonly name: string;
  readonly description: string;
  /** Number of the link type, as tcpdump.org lists them: 1 is Ethernet. */
  readonly linkType: number;
  /** Bytes of a packet that are kept; 0 for all. */
  readonly snapshot: number;
  /** Packets in the file. */
  packets: number;
}

/** One packet, as it stands in a file. */
export interface PacketRecord {
  /** From 0, over all interfaces. */
  readonly number: number;
  readonly interface: number;
  /** Microseconds since 1970, rounded down. */
  readonly atUs: number;
  /** Where its first byte stands in the file. */
  readonly offset: number;
  /** What was kept of it. */
  readonly bytes: Uint8Array;
  /** Bytes on the wire. */
  readonly original: number;
  readonly comments: readonly string[];
}

/** A packet with what it says of TCP. */
export interface CapturedPacket extends PacketRecord {
  /** Absent when it carries no TCP that can be read. */
  readonly tcp?: {
    readonly from: Address;
    readonly to: Address;
    readonly sequence: number;
    readonly acknowledgement: number;
    /** Bits: FIN 1, SYN 2, RST 4, PSH 8, ACK 16. */
    readonly flags: number;
    readonly window: number;
    /** Bytes of payload that were sent. */
    readonly length: number;
    readonly payload: Uint8Array;
  };
}

/** What takes a file apart. */
export interface PacketReader {
  readonly interfaces: readonly CapturedInterface[];
  readonly facts: CaptureFacts;
  /** Where it is in the file. */
  readonly offset: number;
  /** Gives the packets to a function; yields between them now and then, so that others can run. */
  scan(take: (packet: PacketRecord) => void): Generator<void, void, undefined>;
}
