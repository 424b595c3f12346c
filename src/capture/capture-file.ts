/**
 * Reading captures: pcapng, classic pcap, and our own traces.
 *
 * `byte-source.ts` has the bytes, `pcapng-reader.ts` and `pcap-reader.ts` take them apart into
 * packets, `link-layers.ts` and `ip-packet.ts` find the TCP in these, `connection-table.ts` sorts it
 * by connection, `reassembly.ts` puts each direction in order.
 *
 * @source docs/captures.md#reading
 */
import { readFileSync } from 'node:fs';
import { TcpError } from '../base/errors';
import { readPort, readText, refuseUnknownKeys } from '../base/option-reader';
import { formatByteCount, readSize, type Size } from '../base/size';
import { type ByteSource, fileSource, memorySource } from './byte-source';
import { fileError, formatError } from './capture-errors';
import type { CapturedConnection } from './captured-connection';
import { ConnectionTable, type SideOptions } from './connection-table';
import { isReadable, unreadableText } from './link-layers';
import type {
  CapturedInterface,
  CapturedPacket,
  PacketReader,
  PacketRecord,
} from './packet-record';
import { isPcap, PcapReader } from './pcap-reader';
import { isPcapng, PcapngReader } from './pcapng-reader';
import { parseTrace } from './trace-file';
import { epochUsOf, isTrace } from './trace-header';
import { writePcapng } from './write-pcapng';

/** How a capture is read. */
export interface CaptureFileOptions extends SideOptions {
  /** Path of a TLS key log that belongs to it. */
  readonly keylog?: string;
  /** Bytes of the file; default 4 GiB. */
  readonly maxBytes?: Size;
}

const defaultLimit = 4 * 2 ** 30;

/**
 * A capture that is open for reading.
 *
 * Bytes of connections stay in the file until they are asked for.
 *
 * @example
 * await using file = await CaptureFile.open('run.pcapng');
 * for await (const { number, client, ended } of file.connections()) console.log(number, client, ended);
 */
export class CaptureFile implements AsyncDisposable {
  readonly format: 'pcapng' | 'pcap' | 'trace';
  readonly interfaces: readonly CapturedInterface[];
  /** Comments of the file. */
  readonly comments: readonly string[];
  /** Literal address → the names it has in the file. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly #source: ByteSource;
  readonly #path: string | undefined;
  readonly #reader: PacketReader;
  readonly #table: ConnectionTable;
  readonly #more: readonly string[];
  #connections: readonly CapturedConnection[] | undefined;

  private constructor(parts: FileParts, reader: PacketReader, table: ConnectionTable) {
    this.format = parts.format;
    this.#source = parts.source;
    this.#path = parts.path;
    this.#reader = reader;
    this.#table = table;
    this.interfaces = reader.interfaces;
    this.comments = reader.facts.comments;
    this.names = reader.facts.names;
    this.#more = parts.warnings;
  }

  /**
   * Opens a file and finds the connections in it.
   *
   * @throws TcpError `ECAPTUREFILE` - it cannot be read
   * @throws TcpError `ECAPTUREFORMAT` - not a capture, or all its packets have a link type that is
   * not read
   * @throws TcpError `ELIMIT` - it is larger than `maxBytes`
   */
  static async open(path: string, options: CaptureFileOptions = {}): Promise<CaptureFile> {
    const limit = readOptions(options);
    const source = fileSource(path);
    try {
      const parts = partsOf(source, path, limit);
      const { file, scan } = CaptureFile.#begin(parts, options);
      for (const _ of scan) await parts.source.prefetch(file.#reader.offset);
      file.#refuseUnreadable();
      return file;
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /**
   * A capture in memory, whose bytes must not change while it is read.
   *
   * @throws TcpError `ECAPTUREFORMAT`, `ELIMIT` - as {@link CaptureFile.open}
   */
  static from(bytes: Uint8Array, options: CaptureFileOptions = {}): CaptureFile {
    const limit = readOptions(options);
    const parts = partsOf(memorySource(bytes), undefined, limit);
    const { file, scan } = CaptureFile.#begin(parts, options);
    for (const _ of scan);
    file.#refuseUnreadable();
    return file;
  }

  static #begin(
    parts: FileParts,
    options: CaptureFileOptions,
  ): { file: CaptureFile; scan: Iterable<void> } {
    const { source, format, path } = parts;
    const reader =
      format === 'pcap' ? new PcapReader(source, { path }) : new PcapngReader(source, { path });
    const { client, port } = options;
    const table = new ConnectionTable(source, {
      client,
      port,
      isOurs: () => reader.facts.application.startsWith('brine '),
    });
    if (options.keylog !== undefined) reader.facts.addKeyLog(readKeyLog(options.keylog));
    const scan = reader.scan((packet) => {
      table.add(packet, reader.interfaces[packet.interface] as CapturedInterface);
    });
    return { file: new CaptureFile(parts, reader, table), scan };
  }

  /** Lines of TLS key logs, of the file and of `keylog`. */
  get secrets(): readonly string[] {
    return this.#reader.facts.secrets;
  }

  /** What is missing or was left out, in words. */
  get warnings(): readonly string[] {
    const { fragment, other, short } = this.#table.skipped;
    const counted = [
      [fragment, 'IP fragments skipped'],
      [other, 'packets skipped that carry no TCP'],
      [short, 'packets skipped that are cut within their headers'],
    ] as const;
    return [
      ...this.#more,
      ...this.#reader.facts.warnings,
      ...this.#unreadable().map(({ linkType }) => unreadableText(linkType)),
      ...counted.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : [])),
    ];
  }

  /**
   * The connections, in the order of their first packets.
   *
   * @throws TcpError `ECAPTUREFORMAT` - every packet is cut by a snapshot length
   */
  async *connections(): AsyncGenerator<CapturedConnection, void, undefined> {
    const { cut, whole } = this.#table.payloads;
    if (cut > 0 && whole === 0) {
      const [{ snapshot } = { snapshot: 0 }] = this.interfaces;
      const how = snapshot > 0 ? `with a snapshot length of ${snapshot}` : 'without them';
      throw formatError(`captured ${how}: payloads are missing`, { path: this.#path });
    }
    const { secrets } = this;
    this.#connections ??= this.#table.builders.map((builder) => builder.finish(secrets));
    yield* this.#connections;
  }

  /** The packets, in the order of the file. */
  async *packets(): AsyncGenerator<CapturedPacket, void, undefined> {
    const place = { path: this.#path };
    const source = this.#source;
    const reader =
      this.format === 'pcap' ? new PcapReader(source, place) : new PcapngReader(source, place);
    const packets: PacketRecord[] = [];
    for (const _ of reader.scan((packet) => packets.push(packet))) {
      yield* packets.splice(0).map((packet) => this.#withTcp(packet, reader));
      await source.prefetch(reader.offset);
    }
    yield* packets.map((packet) => this.#withTcp(packet, reader));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#source.close();
  }

  #withTcp(packet: PacketRecord, { interfaces }: PacketReader): CapturedPacket {
    const tcp = this.#table.tcpOf(packet, interfaces[packet.interface] as CapturedInterface);
    return tcp === undefined ? packet : { ...packet, tcp };
  }

  #unreadable(): readonly CapturedInterface[] {
    return this.interfaces.filter(({ linkType, packets }) => packets > 0 && !isReadable(linkType));
  }

  #refuseUnreadable(): void {
    const [first] = this.#unreadable();
    const isAny = this.interfaces.some(
      ({ linkType, packets }) => packets > 0 && isReadable(linkType),
    );
    if (first === undefined || isAny) return;
    throw formatError(unreadableText(first.linkType), { path: this.#path });
  }
}

/** A file before it is taken apart. */
interface FileParts {
  readonly format: CaptureFile['format'];
  readonly source: ByteSource;
  readonly path: string | undefined;
  readonly warnings: readonly string[];
}

/** Returns how long a file may be. */
function readOptions(options: CaptureFileOptions): number {
  refuseUnknownKeys('CaptureFile', options, ['client', 'port', 'keylog', 'maxBytes']);
  if (options.client !== undefined) readText('client', options.client);
  if (options.port !== undefined) readPort('port', options.port);
  if (options.keylog !== undefined) readText('keylog', options.keylog);
  return readSize('maxBytes', options.maxBytes ?? defaultLimit);
}

function readKeyLog(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (cause) {
    throw fileError('read key log', path, 'config', cause);
  }
}

/** Looks what a file is. A trace becomes the capture that it would have been. */
function partsOf(source: ByteSource, path: string | undefined, limit: number): FileParts {
  if (source.size > limit) {
    const text = `the capture has ${formatByteCount(source.size)}, more than ${formatByteCount(limit)}`;
    throw new TcpError(text, {
      code: 'ELIMIT',
      phase: 'read',
      ...(path !== undefined && { path }),
    });
  }
  const start = source.read(0, 64);
  const parts = { source, path, warnings: [] };
  if (isPcapng(start)) return { ...parts, format: 'pcapng' };
  if (isPcap(start)) return { ...parts, format: 'pcap' };
  if (isTrace(start)) {
    const { header, events, warnings } = parseTrace(source.read(0, source.size), path);
    const { network, plan } = header;
    const facts = { network, epochUs: epochUsOf(header), ...(plan !== undefined && { plan }) };
    const capture = writePcapng(events, { ...facts, secrets: true });
    source.close();
    return { source: memorySource(capture), path, warnings, format: 'trace' };
  }
  throw formatError(whatElse(start), { path, offset: 0 });
}

function whatElse(start: Uint8Array): string {
  if (start.byteLength === 0) return 'not a capture: the file is empty';
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip-compressed capture; unpack it first';
  const bytes = [...start.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `not a capture: starts with ${bytes.join(' ')}`;
}
