/**
 * One end of a simulated connection, as a kernel keeps it: below the stream, above the wire.
 *
 * It knows buffers, FIN and RST, and nothing of streams and listeners. The rules of closing are
 * Linux's, found by running the same scripts on loopback: bytes unread at `close` make it a RST,
 * bytes that had arrived before a RST stay readable, and a RST after a FIN shows only on writing.
 *
 * @source docs/simulation.md
 */
import { type Address, formatAddress } from '../base/address';
import type { WireEvent } from '../network/wire-event';
import type { ConnectionLog, Ends } from './connection-log';
import { type EndState, type Happening, isAlive, nextState } from './connection-states';
import type { EndOwner } from './end-owner';
import type { Engine } from './engine';
import { priorities, type QueuedEvent } from './event-queue';
import { ReceiveSide } from './receive-side';
import { resetSegment, Segment } from './segment';
import type { Sender } from './sender';
import type { SystemCode } from './system-errors';
import type { Receiver, Wire } from './wire';

/** What an end is made of. */
export interface EndParts extends Ends {
  readonly engine: Engine;
  readonly log: ConnectionLog;
  readonly wire: Wire;
  readonly sender: Sender;
  /** Told once, when no program has it any more. */
  readonly onReleased: (end: TcpEnd) => void;
}

export class TcpEnd implements Receiver {
  readonly local: Address;
  readonly remote: Address;
  readonly wire: Wire;
  readonly sender: Sender;
  readonly log: ConnectionLog;
  state: EndState;
  owner: EndOwner | undefined;
  finReceived = false;
  /** Whether our FIN left before the peer's arrived. */
  endedFirst = false;
  /** Whether RST went or came. */
  wasReset = false;
  /** Whether the program has let go of it. */
  released = false;
  readonly #engine: Engine;
  readonly #onReleased: (end: TcpEnd) => void;
  readonly received: ReceiveSide;
  #failure: SystemCode | undefined;
  /** The host has lost power since: nobody remembers this connection. */
  #forgotten = false;
  #patience: QueuedEvent | undefined;

  constructor(state: 'connecting' | 'synReceived', parts: EndParts) {
    this.state = state;
    this.#engine = parts.engine;
    this.log = parts.log;
    this.local = parts.local;
    this.remote = parts.remote;
    this.wire = parts.wire;
    this.sender = parts.sender;
    this.#onReleased = parts.onReleased;
    this.received = new ReceiveSide(parts.engine, parts.wire, parts.log);
    this.wire.onGivenUp = (code) => this.#giveUp(code);
    this.sender.onData = () => this.received.acknowledge();
    this.sender.onFin = () => {
      this.endedFirst = !this.finReceived;
      this.#become('finSent');
      this.#settle();
    };
  }

  // What the program does.

  get hasSomethingToRead(): boolean {
    return this.received.unread > 0 || this.finReceived || this.#failure !== undefined;
  }

  /**
   * Hands bytes over.
   *
   * @returns how many were taken, or why none ever will be
   */
  write(bytes: Buffer, cause: WireEvent | undefined): number | SystemCode {
    if (!isAlive(this.state)) {
      const failure = this.#failure ?? 'EPIPE';
      this.#failure = undefined;
      return failure;
    }
    if (this.sender.ending) return 'EPIPE';
    return this.sender.take(bytes, cause);
  }

  /** What one `read` of the system would give. */
  read(limit: number): Buffer | 'end' | 'nothing' | { readonly failure: SystemCode } {
    const open = !this.finReceived && isAlive(this.state);
    const bytes = this.received.take(limit, open);
    if (bytes !== undefined) return bytes;
    if (this.finReceived) return 'end';
    if (this.#failure === undefined) return isAlive(this.state) ? 'nothing' : 'end';
    const failure = this.#failure;
    this.#failure = undefined;
    return { failure };
  }

  /** FIN, behind everything that was taken. */
  shutdown(): void {
    if (isAlive(this.state)) this.sender.end();
  }

  /** The program lets go: FIN, or RST when it leaves bytes unread. */
  close(): void {
    if (this.released) return;
    if (this.received.unread > 0) {
      this.reset('unread');
      return;
    }
    this.#release();
    if (this.state === 'connecting' || this.state === 'synReceived') this.#finish('over');
    else if (isAlive(this.state)) this.sender.end();
    this.#settle();
  }

  /** The program lets go with RST. */
  reset(reason: string): void {
    if (this.released) return;
    this.#release();
    if (isAlive(this.state)) this.#sendReset(reason);
  }

  /** The host has lost power: no word leaves, and after a restart nobody remembers. */
  vanish(): void {
    if (!this.released) this.#release();
    this.sender.clear();
    this.#forgotten = true;
  }

  /** The dial fails with this after a while, unless something else happens before. */
  failAfter(delayUs: number, code: SystemCode): void {
    if (delayUs === Number.POSITIVE_INFINITY) return;
    this.#patience = this.#engine.schedule(
      Math.max(0, delayUs),
      priorities.timer,
      () => this.#fail(code),
      `dial to ${formatAddress(this.remote)}`,
    );
  }

  /** Something between the two hosts ended the connection, for both ends. */
  abort(reason: string): void {
    if (!isAlive(this.state)) return;
    this.wire.discard();
    if (this.state === 'connecting') {
      this.#fail('EHOSTUNREACH');
      return;
    }
    this.wasReset = true;
    this.log.received('rst', undefined, { reason });
    this.#break(this.state === 'closeWait' ? 'EPIPE' : 'ECONNRESET');
  }

  /** There may be room where there was none. */
  proceed(): void {
    this.sender.pump();
    if (this.sender.hasRoom) this.owner?.writable();
  }

  // What arrives.

  receive(segment: Segment): void {
    if (this.#forgotten) {
      this.#engine.release(segment.size);
      if (isAlive(this.state) && segment.kind !== 'rst') this.#sendReset('unknown connection');
      return;
    }
    switch (segment.kind) {
      case 'synAck':
        this.#receiveSynAck();
        return;
      case 'refused':
        this.#fail('ECONNREFUSED');
        return;
      case 'ack':
        this.#become('established');
        this.owner?.connected();
        return;
      case 'data':
        this.#receiveData(segment);
        return;
      case 'fin':
        this.#receiveFin(segment);
        return;
      case 'rst':
        this.#receiveReset(segment);
        return;
      case 'window':
      case 'received':
        this.sender.told(segment);
        this.proceed();
    }
  }

  #receiveSynAck(): void {
    if (this.state !== 'connecting') {
      // The program has given the dial up meanwhile.
      this.wire.send(resetSegment('unknown connection'));
      return;
    }
    this.#become('established');
    this.wire.send(new Segment('ack'));
    this.owner?.connected();
  }

  #receiveData(segment: Segment): void {
    const bytes = segment.bytes ?? Buffer.alloc(0);
    if (this.released || !isAlive(this.state)) {
      this.#engine.release(bytes.length);
      if (isAlive(this.state)) this.#sendReset('data after close');
      return;
    }
    this.received.add(bytes, segment);
    this.owner?.readable();
    this.received.noteWhenFull();
  }

  #receiveFin(segment: Segment): void {
    if (!isAlive(this.state)) return;
    this.finReceived = true;
    this.log.received('fin', segment.cause);
    this.#become('finReceived');
    this.owner?.readable();
    this.#settle();
  }

  #receiveReset(segment: Segment): void {
    if (!isAlive(this.state)) return;
    this.wasReset = true;
    this.log.received('rst', segment.cause, { reason: segment.reason });
    // Linux: once the peer's FIN has been seen, a RST shows as EPIPE, on the next write only.
    this.#break(this.state === 'closeWait' ? 'EPIPE' : 'ECONNRESET');
  }

  #giveUp(code: SystemCode): void {
    if (!isAlive(this.state)) return;
    this.wire.discard();
    if (this.state === 'connecting') {
      this.#fail(code);
      return;
    }
    this.log.note('timeout', { reason: 'unacknowledged' });
    this.#break(code);
  }

  /** A dial that cannot be made. */
  #fail(code: SystemCode): void {
    if (this.state !== 'connecting') return;
    this.#finish('reset');
    this.owner?.refused(code);
  }

  #break(code: SystemCode): void {
    this.#failure = code;
    this.#finish('reset');
    this.owner?.broken();
  }

  #sendReset(reason: string): void {
    this.wasReset = true;
    this.wire.send(resetSegment(reason, this.log.sent('rst', { reason })));
    this.#finish('reset');
  }

  #finish(how: 'reset' | 'over'): void {
    this.sender.clear();
    this.#become(how);
    this.wire.finish();
  }

  #release(): void {
    this.released = true;
    this.owner = undefined;
    this.received.clear();
    this.#onReleased(this);
  }

  /** Once both FINs have gone nothing more is sent, and a closed end is over. */
  #settle(): void {
    if (this.state !== 'closing') return;
    this.wire.finish();
    if (this.released) this.#become('over');
  }

  #become(happening: Happening): void {
    this.state = nextState(this.state, happening);
    if (this.#patience !== undefined) this.#engine.queue.cancel(this.#patience);
    this.#patience = undefined;
  }
}
