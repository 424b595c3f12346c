import { type Segment, type SegmentSink, tcpFlags } from './segment';
import type { WireFlow } from './wire-flow';

const { fin, syn, rst, psh, ack } = tcpFlags;

/** As announced: 65,535 with a scale of 8 is 16,776,960 bytes. */
export const windowField = 65_535;
export const windowScale = 8;

/** Acknowledged at the latest after so many bytes, which stays below the window. */
const acknowledgedAfter = 8 * 2 ** 20;

const nothing: readonly string[] = [];

/** Numbers the segments of connections, and acknowledges them. */
export class SegmentMaker {
  readonly #sink: SegmentSink;
  /** One for all: nothing is made per packet. */
  #segment: Segment | undefined;
  #event = -1;
  #atUs = 0;
  #notes: string[] = [];

  constructor(sink: SegmentSink) {
    this.#sink = sink;
  }

  /** What follows belongs to this event. */
  begin(event: number, atUs: number): void {
    this.#event = event;
    this.#atUs = atUs;
  }

  /** Is said on the next segment. */
  note(text: string): void {
    this.#notes.push(text);
  }

  /** Takes back what no segment has said so far. */
  takeNotes(): readonly string[] {
    const notes = this.#notes;
    if (notes.length === 0) return nothing;
    this.#notes = [];
    return notes;
  }

  syn(flow: WireFlow, isProbe: boolean): void {
    flow.state = 'syn';
    flow.openedUs = this.#atUs;
    this.#send(flow, true, syn, flow.client.initial, isProbe ? ['probe'] : nothing);
  }

  /** Whatever is missing of the handshake. */
  open(flow: WireFlow): void {
    if (flow.state === 'open' || flow.state === 'over') return;
    if (flow.state === 'fresh') this.syn(flow, false);
    flow.state = 'open';
    this.#send(flow, false, syn | ack, flow.server.initial);
    this.#acknowledge(flow, true);
  }

  refuse(flow: WireFlow): void {
    if (flow.state === 'open' || flow.state === 'over') return;
    if (flow.state === 'fresh') this.syn(flow, false);
    flow.state = 'over';
    // Who never agreed to a connection has no number of its own.
    this.#send(flow, false, rst | ack, 0, ['refused'], 0);
  }

  data(
    flow: WireFlow,
    out: boolean,
    length: number,
    payload: Uint8Array | undefined,
    stream: number | undefined,
  ): void {
    this.open(flow);
    const side = flow.sender(out);
    // What a trace has lost is missing here too, instead of being covered up.
    if (stream !== undefined && stream + 1 > side.position) side.position = stream + 1;
    side.known = true;
    const step = flow.segment;
    let unacknowledged = 0;
    for (let from = 0; from < length; from += step) {
      const count = Math.min(step, length - from);
      const isLast = from + count === length;
      this.#sendBytes(flow, out, isLast ? psh | ack : ack, payload, from, count);
      side.position += count;
      unacknowledged += count;
      if (!isLast && unacknowledged >= acknowledgedAfter) {
        unacknowledged = 0;
        this.#acknowledge(flow, !out);
      }
    }
    this.#acknowledge(flow, !out);
  }

  finish(flow: WireFlow, out: boolean, isUnsure: boolean): void {
    if (flow.sender(out).finSent) return;
    this.open(flow);
    const side = flow.sender(out);
    side.finSent = true;
    side.known = true;
    this.#send(flow, out, fin | ack, side.next, isUnsure ? ['may have been a reset'] : nothing);
    side.position++;
    this.#acknowledge(flow, !out);
  }

  reset(flow: WireFlow, out: boolean): void {
    if (flow.state === 'fresh') this.open(flow);
    const side = flow.sender(out);
    this.#send(flow, out, rst | ack, side.next);
    flow.state = 'over';
  }

  /** What one end says of its room. */
  window(flow: WireFlow, out: boolean, bytes: number): void {
    const field = bytes === 0 ? 0 : windowField;
    if (flow.sender(out).known) this.#send(flow, out, ack, flow.sender(out).next, nothing, field);
  }

  #acknowledge(flow: WireFlow, out: boolean): void {
    const side = flow.sender(out);
    // Where this end is in its stream is not known before it sends; a number made up would show as
    // a hole later.
    if (side.known) this.#send(flow, out, ack, side.next);
  }

  #send(
    flow: WireFlow,
    out: boolean,
    flags: number,
    sequence: number,
    notes: readonly string[] = nothing,
    window = windowField,
  ): void {
    const segment = this.#next(flow, out, flags, sequence);
    segment.window = window;
    if (notes.length > 0) segment.notes = [...segment.notes, ...notes];
    this.#sink.segment(segment);
  }

  #sendBytes(
    flow: WireFlow,
    out: boolean,
    flags: number,
    payload: Uint8Array | undefined,
    from: number,
    length: number,
  ): void {
    const segment = this.#next(flow, out, flags, flow.sender(out).next);
    segment.payload = payload;
    segment.from = from;
    segment.length = length;
    this.#sink.segment(segment);
  }

  #next(flow: WireFlow, out: boolean, flags: number, sequence: number): Segment {
    const segment = this.#segment ?? emptySegment(flow);
    this.#segment = segment;
    segment.flow = flow;
    segment.out = out;
    segment.atUs = this.#atUs;
    segment.flags = flags;
    segment.sequence = sequence;
    segment.acknowledgement = flags & ack ? flow.sender(!out).next : 0;
    segment.window = windowField;
    segment.length = 0;
    segment.payload = undefined;
    segment.from = 0;
    segment.event = this.#event;
    segment.notes = this.takeNotes();
    this.#event = -1;
    return segment;
  }
}

function emptySegment(flow: WireFlow): Segment {
  return {
    flow,
    out: true,
    atUs: 0,
    flags: 0,
    sequence: 0,
    acknowledgement: 0,
    window: windowField,
    length: 0,
    payload: undefined,
    from: 0,
    event: -1,
    notes: nothing,
  };
}
