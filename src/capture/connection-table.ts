import { type Address, formatAddress } from '../base/address';
import { printIp } from '../base/ip-bytes';
import type { ByteSource } from './byte-source';
import { type CapturedEnd, ConnectionBuilder } from './connection-builder';
import { emptyFound, type FoundSegment, findSegment, type NoSegment } from './ip-packet';
import { ipStart, isReadable } from './link-layers';
import type { CapturedInterface, CapturedPacket, PacketRecord } from './packet-record';
import { tcpFlags } from './segment';

/** How the dialling side is told where no SYN says it. */
export interface SideOptions {
  /** Host of the dialling side, or `host:port`. */
  readonly client?: string | undefined;
  /** Port of the other side. */
  readonly port?: number | undefined;
}

export interface TableOptions extends SideOptions {
  /** Whether Brine wrote the file: pieces up to PSH belong together then. */
  readonly isOurs: () => boolean;
}

type Problem = NoSegment | 'unreadable';

/** Sorts packets by the connections they belong to. */
export class ConnectionTable {
  readonly builders: ConnectionBuilder[] = [];
  /** Packets in which there is no segment. */
  readonly skipped: Record<Problem, number> = { fragment: 0, other: 0, short: 0, unreadable: 0 };
  /** Packets with payload, and those of them that are there in part only. */
  readonly payloads = { whole: 0, cut: 0 };
  readonly #source: ByteSource;
  readonly #options: TableOptions;
  readonly #open = new Map<string, ConnectionBuilder>();
  readonly #found: FoundSegment = emptyFound();

  constructor(source: ByteSource, options: TableOptions) {
    this.#source = source;
    this.#options = options;
  }

  add(packet: PacketRecord, wire: CapturedInterface): void {
    const problem = this.#find(packet, wire);
    if (problem !== undefined) {
      this.skipped[problem]++;
      return;
    }
    const found = this.#found;
    if (found.length > 0) this.payloads[found.captured < found.length ? 'cut' : 'whole']++;
    const { bytes } = packet;
    const from = keyOf(bytes, found.sourceAt, found.addressLength, found.sourcePort);
    const to = keyOf(bytes, found.destinationAt, found.addressLength, found.destinationPort);
    const key = from < to ? `${from} ${to}` : `${to} ${from}`;
    let builder = this.#open.get(key);
    if (builder === undefined || builder.isBehind(packet, found)) {
      builder = this.#begin(packet, found, from, to);
      this.#open.set(key, builder);
    }
    builder.add(packet, found, from);
  }

  /** Fills #found with the segment of a packet. Returns why there is none. */
  #find({ bytes, original }: PacketRecord, { linkType }: CapturedInterface): Problem | undefined {
    if (!isReadable(linkType)) return 'unreadable';
    const start = ipStart(linkType, bytes);
    return start < 0 ? 'other' : findSegment(bytes, start, original, this.#found);
  }

  /** What a packet says of TCP. */
  tcpOf(packet: PacketRecord, wire: CapturedInterface): CapturedPacket['tcp'] {
    if (this.#find(packet, wire) !== undefined) return undefined;
    const found = this.#found;
    const { bytes } = packet;
    const { addressLength: width, payloadAt, captured } = found;
    return {
      from: addressOf(bytes, found.sourceAt, width, found.sourcePort),
      to: addressOf(bytes, found.destinationAt, width, found.destinationPort),
      sequence: found.sequence,
      acknowledgement: found.acknowledgement,
      flags: found.flags,
      window: found.window,
      length: found.length,
      payload: bytes.subarray(payloadAt, payloadAt + captured),
    };
  }

  #begin(
    { bytes }: PacketRecord,
    found: Readonly<FoundSegment>,
    fromKey: string,
    toKey: string,
  ): ConnectionBuilder {
    const { flags, sourceAt, destinationAt, addressLength: length } = found;
    const from = { key: fromKey, address: addressOf(bytes, sourceAt, length, found.sourcePort) };
    const to = {
      key: toKey,
      address: addressOf(bytes, destinationAt, length, found.destinationPort),
    };
    const hasSyn = (flags & tcpFlags.syn) !== 0;
    const isClient = hasSyn ? !(flags & tcpFlags.ack) : this.#dials(from, to);
    const builder = new ConnectionBuilder(this.#source, {
      number: this.builders.length + 1,
      client: isClient ? from : to,
      server: isClient ? to : from,
      midstream: !(hasSyn && isClient),
      joined: this.#options.isOurs(),
    });
    this.builders.push(builder);
    return builder;
  }

  /** Whether the first of two ends is the one that dialled, where no SYN says it. */
  #dials({ address: one }: CapturedEnd, { address: other }: CapturedEnd): boolean {
    const { client, port } = this.#options;
    if (client !== undefined && isNamed(one, client) !== isNamed(other, client)) {
      return isNamed(one, client);
    }
    if (port !== undefined && (one.port === port) !== (other.port === port)) {
      return other.port === port;
    }
    return one.port > other.port;
  }
}

function isNamed(address: Address, name: string): boolean {
  return name === address.host || name === formatAddress(address);
}

/** What stands for an end: shorter to make than its address. */
function keyOf(bytes: Uint8Array, at: number, length: number, port: number): string {
  let key = `${port}`;
  for (let from = at; from < at + length; from += 2) {
    key += `.${((bytes[from] as number) << 8) | (bytes[from + 1] as number)}`;
  }
  return key;
}

function addressOf(bytes: Uint8Array, at: number, length: number, port: number): Address {
  const host = printIp(bytes.subarray(at, at + length));
  return { host, port, family: length === 4 ? 'IPv4' : 'IPv6' };
}
