import { formatByteCount } from '../base/size';
import type { Redaction } from './redaction';
import { type Segment, type SegmentSink, tcpFlags } from './segment';
import type { StreamMask } from './stream-mask';
import type { WireFlow } from './wire-flow';

/** What waits, in order. */
interface Held {
  readonly pass: () => void;
  /** The bytes that must be final first. */
  readonly mask: StreamMask | undefined;
  readonly until: number;
  readonly bytes: number;
}

interface Directions {
  out?: StreamMask;
  in?: StreamMask;
  ended: number;
}

/**
 * Masks payloads, comments and marks on their way to a sink.
 *
 * Packets wait until it is known what of their bytes is a secret; all wait behind the first, so that
 * their order stays. Cipher text passes as it is.
 */
export class RedactingSink implements SegmentSink {
  readonly #sink: SegmentSink;
  readonly #redaction: Redaction;
  readonly #limit: number;
  readonly #warn: (text: string) => void;
  readonly #masks = new Map<WireFlow, Directions>();
  #held: Held[] = [];
  /** Place of the first that waits. */
  #first = 0;
  #heldBytes = 0;

  /** @param limit - bytes that may wait; beyond them what waits longest is masked whole */
  constructor(
    sink: SegmentSink,
    redaction: Redaction,
    limit: number,
    warn: (text: string) => void = () => {},
  ) {
    this.#sink = sink;
    this.#redaction = redaction;
    this.#limit = limit;
    this.#warn = warn;
  }

  segment(segment: Readonly<Segment>): void {
    const notes = segment.notes.map((note) => this.#redaction.text(note));
    const copy: Segment = { ...segment, notes };
    const { payload, flow, out, from, length, flags } = segment;
    const mask = flow.encrypted || payload === undefined ? undefined : this.#maskOf(flow, out);
    if (flow.encrypted) this.#end(flow);
    if (mask !== undefined && payload !== undefined && length > 0) {
      copy.payload = new Uint8Array(payload.subarray(from, from + length));
      copy.from = 0;
      mask.add(copy.payload);
    }
    this.#hold({
      pass: () => this.#sink.segment(copy),
      mask,
      until: mask === undefined ? 0 : mask.total,
      bytes: mask === undefined ? 0 : length,
    });
    if (flags & tcpFlags.rst) this.#end(flow);
    else if (flags & tcpFlags.fin) this.#endDirection(flow, out);
    this.#pass();
  }

  mark(atUs: number, text: string): void {
    const masked = this.#redaction.text(text);
    this.#hold({ pass: () => this.#sink.mark(atUs, masked), mask: undefined, until: 0, bytes: 0 });
    this.#pass();
  }

  name(address: string, name: string): void {
    this.#sink.name(address, name);
  }

  /** Nothing follows: everything passes. */
  end(): void {
    for (const flow of this.#masks.keys()) this.#end(flow);
    this.#pass();
  }

  #hold(held: Held): void {
    this.#held.push(held);
    this.#heldBytes += held.bytes;
  }

  #pass(): void {
    for (;;) {
      const held = this.#held[this.#first];
      if (held === undefined) break;
      if (held.mask !== undefined && held.mask.released < held.until) {
        if (this.#heldBytes <= this.#limit) break;
        this.#warn(
          `more than ${formatByteCount(this.#limit)} wait for redaction: a direction is masked whole`,
        );
        held.mask.maskRest();
      }
      this.#first++;
      this.#heldBytes -= held.bytes;
      held.pass();
    }
    if (this.#first === 0 || this.#first * 2 < this.#held.length) return;
    this.#held = this.#held.slice(this.#first);
    this.#first = 0;
  }

  #maskOf(flow: WireFlow, out: boolean): StreamMask {
    const masks = this.#masks.get(flow) ?? { ended: 0 };
    this.#masks.set(flow, masks);
    const key = out ? 'out' : 'in';
    masks[key] ??= this.#redaction.stream();
    return masks[key];
  }

  #endDirection(flow: WireFlow, out: boolean): void {
    const masks = this.#masks.get(flow);
    if (masks === undefined) return;
    masks[out ? 'out' : 'in']?.end();
    masks.ended++;
    if (masks.ended === 2) this.#masks.delete(flow);
  }

  #end(flow: WireFlow): void {
    const masks = this.#masks.get(flow);
    masks?.out?.end();
    masks?.in?.end();
    this.#masks.delete(flow);
  }
}
