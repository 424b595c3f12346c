/**
 * From wire events to TCP segments.
 *
 * Bytes, their order, direction and times are those of the events; handshakes, acknowledgements and
 * borders inside one event are made up. `flow-table.ts` finds the connection of an event,
 * `flow-belief.ts` says whose report counts, `segment-maker.ts` numbers the segments; what takes
 * them is a {@link SegmentSink}. No file, no clock.
 *
 * @source docs/captures.md#from-events-to-packets
 */
import type { WireEvent } from '../network/wire-event';
import { markOf, undeliveredText } from './capture-marks';
import { countsBytes, Endings } from './flow-belief';
import { type FlowPair, FlowTable, type FlowTableSettings } from './flow-table';
import type { SegmentSink } from './segment';
import { SegmentMaker } from './segment-maker';
import { faultText } from './wire-words';

export interface TcpSegmentsSettings extends FlowTableSettings {
  /** Whose reports count. */
  readonly network: 'real' | 'simulated';
  /** Packets for a receiver that closes its window, and opens it again; default false. */
  readonly windows?: boolean | undefined;
  /** The number of what a connection is one half of, by the id of an end. */
  readonly pairOf?: ((connection: string) => number | undefined) | undefined;
}

/** Connections that are over and may still be spoken of. */
const remembered = 1_024;

export class TcpSegments {
  readonly #sink: SegmentSink;
  readonly #isSimulated: boolean;
  readonly #windows: boolean;
  readonly #pairOf: TcpSegmentsSettings['pairOf'];
  readonly #flows: FlowTable;
  readonly #endings: Endings;
  readonly #maker: SegmentMaker;
  readonly #closed: FlowPair[] = [];
  /** Index of a fault → what it did, for the events it has caused. */
  readonly #faults = new Map<number, string>();

  constructor(sink: SegmentSink, settings: TcpSegmentsSettings) {
    this.#sink = sink;
    this.#isSimulated = settings.network === 'simulated';
    this.#windows = settings.windows ?? false;
    this.#pairOf = settings.pairOf;
    this.#flows = new FlowTable(settings);
    this.#endings = new Endings(this.#isSimulated);
    this.#maker = new SegmentMaker(sink);
  }

  /** Takes the next event. */
  see(event: WireEvent): void {
    this.#maker.begin(event.index, event.atUs);
    this.#noteFault(event);
    this.#take(event);
  }

  /** A step of the scenario begins: the next packet says so, or a mark where none comes. */
  step(atUs: number, text: string): void {
    for (const note of this.#maker.takeNotes()) this.#sink.mark(atUs, note);
    this.#maker.note(text);
  }

  /** Nothing follows. */
  end(atUs: number): void {
    for (const note of this.#maker.takeNotes()) this.#sink.mark(atUs, note);
  }

  #take(event: WireEvent): void {
    switch (event.kind) {
      case 'write':
      case 'data':
        this.#bytes(event);
        return;
      case 'syn':
      case 'established':
      case 'accepted':
      case 'refused':
        this.#opening(event);
        return;
      case 'fin':
      case 'rst':
        this.#ending(event);
        return;
      case 'close':
        this.#close(event);
        return;
      case 'window':
        if (this.#windows) this.#window(event);
        return;
      default:
        this.#other(event);
    }
  }

  #opening(event: WireEvent): void {
    const before = event.kind === 'syn' ? this.#flows.find(event.connection) : undefined;
    if (before?.flow.state === 'syn') this.#unanswered(before, event.atUs);
    const pair = this.#flows.open(event);
    if (pair === undefined || event.connection !== pair.reporter) return;
    const { flow } = pair;
    const number = flow.state === 'fresh' ? this.#pairOf?.(event.connection) : undefined;
    if (number !== undefined) this.#maker.note(`pair ${number}`);
    if (event.kind === 'syn') {
      if (flow.state === 'fresh') this.#maker.syn(flow, event.detail?.['probe'] === true);
    } else if (event.kind === 'refused') this.#maker.refuse(flow);
    else this.#maker.open(flow);
  }

  #bytes(event: WireEvent): void {
    const { connection: id, direction, length = 0 } = event;
    const pair = this.#flows.find(id) ?? this.#flows.adopt(id);
    if (pair === undefined || direction === '-' || length === 0) return;
    const out = direction === 'out';
    const side = pair.flow.sender(out);
    if (event.kind === 'write' && this.#isSimulated) side.written += length;
    if (!countsBytes(pair, event, this.#isSimulated)) return;
    if (pair.flow.state === 'over') {
      this.#sink.mark(event.atUs, `${id} ${length} bytes after the reset`);
      return;
    }
    side.bytes += length;
    this.#maker.data(pair.flow, out, length, event.bytes, event.stream);
  }

  #ending(event: WireEvent): void {
    const pair = this.#flows.find(event.connection);
    if (pair !== undefined && this.#endings.counts(pair, event)) this.#end(pair, event);
  }

  #end({ flow }: FlowPair, event: WireEvent): void {
    if (flow.state === 'over') return;
    const out = event.direction === 'out';
    if (event.kind === 'rst') this.#maker.reset(flow, out);
    else this.#maker.finish(flow, out, event.detail?.['mayBeReset'] === true);
  }

  #close(event: WireEvent): void {
    const pair = this.#flows.find(event.connection);
    if (pair === undefined) return;
    pair.closed.add(event.connection);
    if (pair.flow.state === 'syn') this.#unanswered(pair, event.atUs);
    for (const waiting of this.#endings.closed(pair)) this.#end(pair, waiting);
    const { dialled, accepted, closed, flow } = pair;
    if (![dialled, accepted].every((id) => id === undefined || closed.has(id))) return;
    if (this.#isSimulated) {
      for (const out of [true, false]) {
        const { written, bytes } = flow.sender(out);
        const left = written - bytes;
        const id = (out ? dialled : accepted) ?? '';
        if (left > 0) {
          this.#sink.mark(event.atUs, undeliveredText(id, left, flow.state === 'over'));
        }
      }
    }
    this.#closed.push(pair);
    if (this.#closed.length <= remembered) return;
    const oldest = this.#closed.shift();
    if (oldest !== undefined) this.#flows.forget(oldest);
  }

  #window(event: WireEvent): void {
    const pair = this.#flows.find(event.connection);
    const size = event.detail?.['bytes'];
    if (pair === undefined || event.direction === '-' || typeof size !== 'number') return;
    if (pair.flow.state === 'open') this.#maker.window(pair.flow, event.direction === 'out', size);
  }

  #other(event: WireEvent): void {
    const { kind, detail = {}, atUs } = event;
    if (kind === 'fault') this.#keepFault(event);
    const pair = this.#flows.find(event.connection);
    if (kind === 'note' && detail['open'] === true) this.#announce(event);
    else if (kind === 'lookup' && typeof detail['address'] === 'string') {
      this.#sink.name(detail['address'], String(detail['host']));
    } else if (kind === 'tls' && pair !== undefined) pair.flow.encrypted = true;
    // A code says that the dial has come to nothing; without one only a limit has passed.
    const isFailed = pair?.flow.state === 'syn' && detail['code'] !== undefined;
    if (isFailed && detail['code'] === 'ETIMEDOUT') {
      this.#unanswered(pair, atUs);
      return;
    }
    if (isFailed && kind !== 'lookup') pair.flow.state = 'over';
    const text = markOf(event);
    if (text !== undefined) this.#sink.mark(atUs, text);
  }

  /** Tells once that nobody answered; no repetitions of SYN are invented. */
  #unanswered({ flow }: FlowPair, atUs: number): void {
    flow.state = 'over';
    const ms = Math.round((atUs - (flow.openedUs ?? atUs)) / 1_000);
    this.#sink.mark(atUs, `${flow.id} no answer for ${ms} ms`);
  }

  /** A connection that was open before anybody watched. */
  #announce(event: WireEvent): void {
    const pair = this.#flows.open(event);
    if (pair?.flow.state !== 'fresh') return;
    const { read = 0, written = 0 } = event.detail ?? {};
    const isDialled = event.connection.startsWith('c');
    pair.flow.state = 'open';
    pair.flow.sender(isDialled).position += Number(written);
    pair.flow.sender(!isDialled).position += Number(read);
  }

  #noteFault({ kind, cause }: WireEvent): void {
    const fault = cause === undefined ? undefined : this.#faults.get(cause);
    // Only what may travel has a packet that can say so.
    if (fault !== undefined && kind !== 'error' && kind !== 'close') this.#maker.note(fault);
  }

  #keepFault(event: WireEvent): void {
    this.#faults.set(event.index, `fault ${faultText(event)}`);
    if (this.#faults.size <= remembered) return;
    for (const oldest of this.#faults.keys()) {
      this.#faults.delete(oldest);
      return;
    }
  }
}
