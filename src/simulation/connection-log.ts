import type { Trace } from '../network/trace';
import type { WireEvent, WireEventInput, WireEventKind } from '../network/wire-event';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What an event tells beside its kind and its ends. A fresh object: the log completes it in place. */
type Facts = Writable<
  Partial<Omit<WireEventInput, 'kind' | 'direction' | 'connection' | 'from' | 'to'>>
>;

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

  /** Something this end did. Returns its index, for the events that follow from it. */
  sent(kind: WireEventKind, facts: Facts = {}): number | undefined {
    return this.#add(kind, this.#dialled ? 'out' : 'in', facts);
  }

  /** Something that came from the other end. */
  received(kind: WireEventKind, facts: Facts = {}): number | undefined {
    return this.#add(kind, this.#dialled ? 'in' : 'out', facts);
  }

  /** Something that crossed no wire. */
  note(kind: WireEventKind, facts: Facts = {}): number | undefined {
    return this.#add(kind, '-', facts);
  }

  #add(kind: WireEventKind, direction: WireEvent['direction'], facts: Facts): number | undefined {
    const trace = this.#trace;
    // `close` is the last that is told; what a kernel does for a closed socket shows at its peer.
    if (this.#closed || !trace.active) return undefined;
    if (kind === 'close') this.#closed = true;
    const event = facts as Writable<WireEventInput>;
    event.connection = this.connection;
    event.from = this.label;
    event.to = this.peer;
    event.direction = direction;
    event.kind = kind;
    return trace.add(event).index;
  }
}
