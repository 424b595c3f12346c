import { packageInfo } from '../base/package-info';
import type { WireEvent } from '../network/wire-event';
import type { PacketChoices } from './capture-options';
import type { SectionFacts } from './pcapng-blocks';
import { type CaptureLeg, type PacketOutput, PcapngWriter } from './pcapng-writer';
import { RedactingSink } from './redacting-sink';
import type { Redaction } from './redaction';
import type { Segment, SegmentSink } from './segment';
import { TcpSegments } from './tcp-segments';
import type { WorldFacts } from './world-facts';

/** What a pipeline is made of. */
export interface PipelineParts extends PacketChoices {
  readonly facts: WorldFacts;
  readonly legs: readonly CaptureLeg[];
  readonly legOf?: ((connection: string) => number) | undefined;
  readonly pairOf?: ((connection: string) => number | undefined) | undefined;
  /** Rules of the source, whether or not they are applied. */
  readonly sourceRules?: readonly unknown[] | undefined;
  readonly redaction: Redaction | undefined;
  /** Bytes that may wait for redaction. */
  readonly queue: number;
  readonly maxBytes: number;
  readonly whenFull: 'stop' | 'rotate' | 'headers';
  readonly warn?: (text: string) => void;
}

/** Events in, batches of a pcapng file out. */
export class CapturePipeline {
  readonly writer: PcapngWriter;
  readonly #segments: TcpSegments;
  readonly #redacting: RedactingSink | undefined;
  readonly #settings: PipelineParts;
  readonly #sink: SegmentSink;
  readonly #gate: SinkGate;

  constructor(parts: PipelineParts, output: PacketOutput) {
    const { facts, legs, redaction, queue, warn } = parts;
    this.#settings = parts;
    this.writer = new PcapngWriter(
      {
        section: sectionOf(parts),
        legs,
        epochUs: facts.epochUs ?? 0,
        checksums: parts.checksums,
        packetBytes: parts.packetBytes,
        maxBytes: parts.maxBytes,
        whenFull: parts.whenFull,
      },
      output,
    );
    this.#redacting =
      redaction === undefined ? undefined : new RedactingSink(this.writer, redaction, queue, warn);
    this.#sink = this.#redacting ?? this.writer;
    this.#gate = new SinkGate(this.#sink);
    this.#segments = new TcpSegments(this.#gate, {
      network: facts.network ?? 'real',
      segment: parts.segment,
      windows: parts.windows,
      legOf: parts.legOf,
      pairOf: parts.pairOf,
    });
  }

  event(event: WireEvent): void {
    if (event.connection !== '' && !this.#settings.connections(event)) return;
    this.#segments.see(event);
  }

  /** Learns from events that were before the capture which connections are open, and where. */
  prime(history: readonly WireEvent[]): void {
    this.#gate.isOpen = false;
    for (const event of history) this.event(event);
    this.#gate.isOpen = true;
  }

  step(atUs: number, text: string): void {
    this.#segments.step(atUs, text);
  }

  mark(atUs: number, text: string): void {
    this.#sink.mark(atUs, text);
  }

  /** Writes what a file ends with. */
  finish(atUs: number): void {
    this.#segments.end(atUs);
    this.#redacting?.end();
    this.writer.finish();
  }
}

/** Holds back what was on the wire before the capture; names are still of use. */
class SinkGate implements SegmentSink {
  isOpen = true;
  readonly #sink: SegmentSink;

  constructor(sink: SegmentSink) {
    this.#sink = sink;
  }

  segment(segment: Readonly<Segment>): void {
    if (this.isOpen) this.#sink.segment(segment);
  }

  mark(atUs: number, text: string): void {
    if (this.isOpen) this.#sink.mark(atUs, text);
  }

  name(address: string, name: string): void {
    this.#sink.name(address, name);
  }
}

function sectionOf(parts: PipelineParts): SectionFacts {
  const { facts, comments, redaction, sourceRules = [] } = parts;
  const { network = 'real', plan, seed } = facts;
  const chance =
    plan !== undefined
      ? [`plan: ${JSON.stringify(plan)}`]
      : seed !== undefined
        ? [`seed: ${seed}`]
        : [];
  const count = redaction?.rules.length ?? 0;
  const masks =
    redaction !== undefined
      ? [`redacted: ${count} ${count === 1 ? 'rule' : 'rules'}, equal length`]
      : sourceRules.length > 0
        ? ['NOT REDACTED: rules exist and were not applied to this file']
        : [];
  return {
    application: `brine ${packageInfo().version}`,
    os: `node ${process.versions.node}`,
    hardware: network === 'simulated' ? 'simulated network' : 'kernel sockets',
    comments: [
      ...comments,
      ...chance,
      `network: ${network}`,
      'headers are synthesised; bytes, order and times are as recorded',
      ...masks,
    ],
  };
}
