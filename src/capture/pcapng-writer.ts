/**
 * Writes pcapng files: a section header, interfaces, names, secrets, packets, marks, statistics.
 *
 * Takes what `tcp-segments.ts` gives, puts it together in `packet-memory.ts`, and hands full
 * batches to a {@link PacketOutput}. `packet-blocks.ts` has the block of a packet,
 * `pcapng-blocks.ts` all others.
 *
 * @source docs/captures.md#the-file
 */
import { formatByteCount } from '../base/size';
import type { WireLeg } from '../network/wire-source';
import { commentText, oneLine } from './capture-marks';
import { PacketBlocks, type PacketSettings } from './packet-blocks';
import { type Batch, PacketMemory, slabSize } from './packet-memory';
import { PacketTimes, type Stamp } from './packet-times';
import {
  interfaceBlock,
  journalBlock,
  namesBlock,
  type SectionFacts,
  secretsBlock,
  sectionBlock,
  statisticsBlock,
} from './pcapng-blocks';
import { SecretLines } from './secret-lines';
import type { Segment, SegmentSink } from './segment';

/** One interface of a file. */
export type CaptureLeg = WireLeg;

/** Where batches go. */
export interface PacketOutput {
  /** Takes a batch; gives its slabs back to the memory once they are written. */
  write(batch: Batch): void;
  /** What is written from now on belongs to the next file. */
  next?(): void;
}

export interface PcapngSettings extends PacketSettings {
  readonly section: SectionFacts;
  readonly legs: readonly CaptureLeg[];
  /** Microseconds since 1970 at microsecond 0. */
  readonly epochUs: number;
  readonly maxBytes: number;
  readonly whenFull: 'stop' | 'rotate' | 'headers';
}

/** What a capture has seen so far. */
export interface PacketCounts {
  packets: number;
  readonly bytes: { out: number; in: number };
  connections: number;
  /** Packets whose payload could not be kept. */
  dropped: number;
}

/** What one interface has seen in one file. */
interface LegCounts {
  packets: number;
  dropped: number;
  out: number;
  in: number;
  start: Stamp | undefined;
  endHigh: number;
  endLow: number;
}

const nothing: readonly Uint8Array[] = [];

export class PcapngWriter implements SegmentSink {
  readonly memory: PacketMemory = new PacketMemory();
  readonly counts: PacketCounts = {
    packets: 0,
    bytes: { out: 0, in: 0 },
    connections: 0,
    dropped: 0,
  };
  /** Bytes of the file that is being written. */
  fileBytes = 0;
  /** Bytes of all files. */
  totalBytes = 0;
  /** Bytes of each file in front of everything that may differ: section and interfaces. */
  headBytes = 0;
  readonly #settings: PcapngSettings;
  readonly #output: PacketOutput;
  readonly #blocks: PacketBlocks;
  readonly #times: PacketTimes;
  readonly #names = new Map<string, string[]>();
  #newNames: string[] = [];
  readonly #secrets = new SecretLines();
  #legs: LegCounts[] = [];
  #mode: 'all' | 'headers' | 'nothing' = 'all';
  /** Room for what every file ends with. */
  readonly #reserve: number;

  constructor(settings: PcapngSettings, output: PacketOutput) {
    this.#settings = settings;
    this.#output = output;
    this.#blocks = new PacketBlocks(this.memory, settings);
    this.#times = new PacketTimes(settings.epochUs);
    this.#reserve = 512 + settings.legs.length * 256;
  }

  /** Writes what a file begins with. */
  begin(): void {
    const { section, legs } = this.#settings;
    const comments = section.comments.map(commentText);
    this.fileBytes = 0;
    this.#add(sectionBlock({ ...section, comments }));
    for (const { name, description } of legs) this.#add(interfaceBlock(name, description));
    this.headBytes = this.fileBytes;
    this.#legs = legs.map(() => ({
      packets: 0,
      dropped: 0,
      out: 0,
      in: 0,
      start: undefined,
      endHigh: this.#times.high,
      endLow: this.#times.low,
    }));
    if (this.#names.size > 0) this.#add(namesBlock(this.#names));
    const secrets = this.#secrets.all;
    if (secrets.length > 0) this.#add(secretsBlock(secrets));
  }

  segment(segment: Readonly<Segment>): void {
    this.#times.next(segment.atUs);
    if (this.#newNames.length > 0) this.#writeNames();
    const comments = segment.notes.length === 0 ? nothing : segment.notes.map(commentBytes);
    let kept = this.#mode === 'all' ? this.#blocks.keptOf(segment) : 0;
    let length = this.#blocks.lengthOf(segment, kept, comments);
    if (this.#mode === 'all' && !this.#fits(length)) {
      this.#becomeFull(segment.atUs);
      kept = this.#mode === 'all' ? kept : 0;
      length = this.#blocks.lengthOf(segment, kept, comments);
    }
    this.#count(segment, kept);
    if (this.#mode === 'nothing') return;
    this.#blocks.write(segment, kept, this.#times, comments);
    this.#grow(length);
  }

  mark(atUs: number, text: string): void {
    const clean = commentText(oneLine(text));
    const block = journalBlock(this.#times.wallUs(atUs), clean);
    if (this.#mode === 'all' && !this.#fits(block.byteLength)) this.#becomeFull(atUs);
    if (this.#mode !== 'nothing') this.#add(block);
  }

  name(address: string, name: string): void {
    const known = this.#names.get(address) ?? [];
    if (known.includes(name) || name === address) return;
    this.#names.set(address, [...known, name]);
    this.#newNames.push(address);
  }

  /**
   * Lines of the key log of a connection; must be given before the records that they open.
   *
   * @returns those that are new
   */
  secrets(connection: string, lines: readonly string[]): readonly string[] {
    // Without payloads there is nothing that they could open.
    if (this.#mode !== 'all') return lines;
    const added = lines.filter((line) => this.#secrets.add(connection, line));
    if (added.length > 0) this.#add(secretsBlock(added));
    return added;
  }

  /** Nothing more of a connection follows, but for what is on its way. */
  end(connection: string): void {
    this.#secrets.end(connection);
  }

  /** Writes what a file ends with, and hands everything over. */
  finish(): void {
    for (const [index, leg] of this.#legs.entries()) {
      const note = `from the dialling side ${formatByteCount(leg.out)}, to it ${formatByteCount(leg.in)}`;
      const { packets, dropped } = leg;
      const end = { high: leg.endHigh, low: leg.endLow };
      const start = leg.start ?? end;
      this.#add(statisticsBlock(index, { start, end, packets, dropped, note }));
    }
    this.flush();
  }

  /** Hands over what is ready. */
  flush(): void {
    if (this.memory.ready > 0) this.#output.write(this.memory.take());
  }

  #writeNames(): void {
    const names = this.#newNames.map(
      (address) => [address, this.#names.get(address) ?? []] as const,
    );
    this.#newNames = [];
    if (this.#mode !== 'nothing') this.#add(namesBlock(names));
  }

  #fits(length: number): boolean {
    return this.fileBytes + length + this.#reserve <= this.#settings.maxBytes;
  }

  #becomeFull(atUs: number): void {
    const { whenFull, maxBytes } = this.#settings;
    if (whenFull === 'rotate' && this.fileBytes > this.headBytes) {
      this.finish();
      this.#output.next?.();
      this.begin();
      return;
    }
    this.#mode = whenFull === 'headers' ? 'headers' : 'nothing';
    const what = this.#mode === 'headers' ? 'payloads are left out' : 'capture stopped';
    const text = `${what}: the file has reached ${formatByteCount(maxBytes)}`;
    this.#add(journalBlock(this.#times.wallUs(atUs), text));
  }

  #count(segment: Readonly<Segment>, kept: number): void {
    const { counts } = this;
    counts.packets++;
    if (!segment.flow.counted) {
      segment.flow.counted = true;
      counts.connections++;
    }
    if (segment.out) counts.bytes.out += segment.length;
    else counts.bytes.in += segment.length;
    const leg = this.#legs[segment.flow.leg];
    if (leg === undefined || this.#mode === 'nothing') return;
    leg.packets++;
    if (segment.out) leg.out += segment.length;
    else leg.in += segment.length;
    leg.start ??= this.#times.stamp;
    leg.endHigh = this.#times.high;
    leg.endLow = this.#times.low;
    if (segment.length > 0 && segment.payload === undefined && kept === 0) {
      leg.dropped++;
      counts.dropped++;
    }
  }

  #add(block: Uint8Array): void {
    this.memory.add(block);
    this.#grow(block.byteLength);
  }

  #grow(length: number): void {
    this.fileBytes += length;
    this.totalBytes += length;
    if (this.memory.ready >= slabSize) this.flush();
  }
}

function commentBytes(note: string): Uint8Array {
  return Buffer.from(commentText(note));
}
