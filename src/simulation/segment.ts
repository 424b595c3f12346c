/** What a segment is. */
export type SegmentKind =
  | 'syn'
  | 'synAck'
  | 'ack'
  | 'refused'
  | 'data'
  | 'fin'
  | 'rst'
  | 'window'
  | 'received';

/** What travels on a wire: one event at the receiver. */
export class Segment {
  readonly kind: SegmentKind;
  /** `data`. */
  readonly bytes: Buffer | undefined;
  /** Index of the event in the trace that caused it. */
  readonly cause: number | undefined;
  /** `window`: the stream offset up to which the peer may send. `received`: up to which it has received. */
  edge = 0;
  /** `data`: whether the sender waits for an acknowledgement before it sends a small segment again. */
  acknowledge = false;
  /** `data`: whether a write ends with it. */
  ends = false;
  /** `data`: checksum of the bytes, where it is known. */
  digest: number | undefined = undefined;
  /** `rst`: why. */
  reason = '';
  /** When it left, and when it arrives unless something holds it. */
  sentUs = 0;
  arrivalUs = 0;

  constructor(kind: SegmentKind, cause?: number, bytes?: Buffer) {
    this.kind = kind;
    this.cause = cause;
    this.bytes = bytes;
  }

  get size(): number {
    return this.bytes === undefined ? 0 : this.bytes.length;
  }
}

/** Lets the peer send up to a stream offset (`window`), or says what has arrived (`received`). */
export function edgeSegment(kind: 'window' | 'received', edge: number): Segment {
  const segment = new Segment(kind);
  segment.edge = edge;
  return segment;
}

/** RST with its reason. */
export function resetSegment(reason: string, cause?: number): Segment {
  const segment = new Segment('rst', cause);
  segment.reason = reason;
  return segment;
}
