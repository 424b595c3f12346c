import type { Address } from '../base/address';
import type { Trace } from '../network/trace';
import type { WireEvent, WireEventInput, WireEventKind } from '../network/wire-event';
import type { Segment } from './segment';

type Detail = NonNullable<WireEventInput['detail']>;

/** The two ends, as the end that reports sees them. */
export interface Ends {
  readonly local: Address;
  readonly remote: Address;
}

/** Writes what one end of a connection sees into the trace. */
export class ConnectionLog {
  /** Id of the connection. */
  readonly connection: string;
  /** Label of this end. */
  readonly label: string;
  /** Label of the other end, once it is known. */
  peer = '';
  readonly #trace: Trace;
  readonly #dialled: boolean;
  #closed = false;

  /** @param dialled - whether this end dialled: its bytes go `out`, the other's come `in` */
  constructor(trace: Trace, connection: string, label: string, dialled: boolean) {
    this.#trace = trace;
    this.connection = connection;
    this.label = label;
    this.#dialled = dialled;
  }

  /** Whether the bytes given to the trace must not change afterwards. */
  get keepsBytes(): boolean {
    return this.#trace.keepsBytes;
  }

  /** A write of this end. Returns its event, for the segments that follow from it. */
  wrote(bytes: Buffer, stream: number): WireEvent | undefined {
    return this.#add('write', this.#dialled ? 'out' : 'in', bytes, stream);
  }

  /** Bytes that arrived here. */
  got(bytes: Buffer, stream: number, { cause, digest }: Segment): void {
    const direction = this.#dialled ? 'in' : 'out';
    this.#add('data', direction, bytes, stream, cause, undefined, undefined, digest);
  }

  /** Something this end did. Returns its index, for the events that follow from it. */
  sent(kind: WireEventKind, detail?: Detail, ends?: Ends): number | undefined {
    const direction = this.#dialled ? 'out' : 'in';
    return this.#add(kind, direction, undefined, undefined, undefined, detail, ends)?.index;
  }

  /** Something that came from the other end. */
  received(kind: WireEventKind, cause?: number, detail?: Detail, ends?: Ends): void {
    const direction = this.#dialled ? 'in' : 'out';
    this.#add(kind, direction, undefined, undefined, cause, detail, ends);
  }

  /** Something that crossed no wire. */
  note(kind: WireEventKind, detail?: Detail): void {
    this.#add(kind, '-', undefined, undefined, undefined, detail);
  }

  #add(
    kind: WireEventKind,
    direction: WireEvent['direction'],
    bytes?: Buffer,
    stream?: number,
    cause?: number,
    detail?: Detail,
    ends?: Ends,
    digest?: number,
  ): WireEvent | undefined {
    const trace = this.#trace;
    // `close` is the last that is told; what a kernel does for a closed socket shows at its peer.
    if (this.#closed || !trace.active) return undefined;
    if (kind === 'close') this.#closed = true;
    // All events have one shape, which is what makes writing them cheap; the trace leaves out what
    // is undefined.
    const event = {
      connection: this.connection,
      from: this.label,
      to: this.peer,
      direction,
      kind,
      length: bytes?.length,
      bytes,
      digest,
      stream,
      cause,
      local: ends?.local,
      remote: ends?.remote,
      detail,
    };
    return trace.add(event as WireEventInput);
  }
}
