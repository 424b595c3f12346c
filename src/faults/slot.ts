import type { Side } from './fault';

/** What travels through a link: bytes, the end of a source, or what a fault has decided. */
export interface Item {
  readonly kind: 'start' | 'timer' | 'chunk' | 'fin' | 'broken' | 'end' | 'reset';
  /** When it came to the slot it is in. */
  atUs: number;
  /** `chunk` only. */
  readonly bytes?: Uint8Array;
  /** `end` only: `fin` is one direction, `close` both. */
  readonly how?: 'fin' | 'unread' | 'close';
  /** `reset` only. */
  readonly side?: Side;
  /** Name of the fault that decided an `end` or a `reset`. */
  readonly by?: string;
}

/** Where what leaves the last slot goes. */
export interface ItemSink {
  /** The end of the list: bytes, FIN, RST of the source, or what a fault decided. */
  deliver(item: Item): void;
}

/** Whether the source may be read while the slot is as it is. */
export type Reading = 'on' | 'ahead' | 'stop';

/** A place in a link: one fault in one direction of one connection. */
export abstract class Slot {
  /** The next slot, or nothing when this is the last. */
  following: Slot | undefined;
  sink: ItemSink | undefined;
  readonly name: string;
  /** Place in the order of faults: the number under which the fault was added. */
  readonly order: number;

  constructor(name: string, order: number) {
    this.name = name;
    this.order = order;
  }

  /** When it must be run again; `Infinity` when only something new can move it. */
  abstract readonly dueUs: number;
  /** Bytes that wait here. */
  abstract readonly held: number;
  abstract readonly reading: Reading;
  abstract take(item: Item, nowUs: number): void;
  /** Does what is due. */
  abstract run(nowUs: number): void;
  abstract update(values: object, nowUs: number): void;
  /** Lets everything go on, in order, without a fault; nothing comes here any more. */
  abstract remove(nowUs: number): void;
  /** Whether it is told of the bytes of the other direction. */
  get looksAcross(): boolean {
    return false;
  }

  /** The link has opened, or the fault was added to an open one. */
  start(_nowUs: number): void {}
  /** Bytes of the other direction, for faults that look there. */
  look(_bytes: Uint8Array, _nowUs: number): void {}
  /** The other direction has ended, for faults that look there. */
  lookAtEnd(_nowUs: number): void {}
  /** Another fault has acted on this connection. */
  acted(_name: string, _nowUs: number): void {}
  /** Lets go of what is stalled, once. */
  release(_nowUs: number): void {}

  protected forward(item: Item, nowUs: number): void {
    if (this.following !== undefined) this.following.take(item, nowUs);
    else this.sink?.deliver(item);
  }
}
