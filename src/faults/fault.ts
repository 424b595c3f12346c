/**
 * Faults: what breaks a connection, as plain data, and what a stage of a link may do.
 *
 * A fault is JSON. It is read and checked in `fault-reader.ts` against the table of
 * `fault-names.ts`; each kind is one file. `pipeline.ts` runs the stages of one direction, in the
 * order in which the faults were added; `pipeline-slot.ts` carries out what a stage decides. The
 * first decisive act wins: `end` and `reset` drop what follows, and later stages are not asked.
 */
import type { Duration } from '../base/duration';

/** A direction: `upstream` is client to server, `downstream` is server to client. */
export type Stream = 'upstream' | 'downstream';

/** The attributes of a fault: JSON values by name. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * A fault as data, as in Toxiproxy's JSON with keys of ours. Only JSON values.
 *
 * @source docs/proxies.md#faults-are-data
 */
export interface Fault<A extends object = Attributes> {
  /** A row of the catalogue, such as `latency`. */
  readonly type: string;
  /** Default: `<type>_<stream>`. */
  readonly name?: string;
  /** Default: `downstream`. */
  readonly stream?: Stream | 'both';
  /** Share of connections that are hit, 0 to 1; default 1. */
  readonly toxicity?: number;
  readonly attributes?: Partial<A>;
  /** When it begins to act; default: from the start. */
  readonly trigger?: Trigger;
  /** When it is there at all; default: for ever. */
  readonly schedule?: Schedule;
  /** Which connections; default: all. */
  readonly connections?: Target;
}

/** When a fault acts on a connection. Every key given must hold. */
export interface Trigger {
  /** Offset from 0: the fault sees the stream from that byte on. */
  readonly byte?: number;
  /** A byte literal; the fault sees what follows its last byte. */
  readonly pattern?: unknown;
  /** The how manieth match, from 1; default 1. */
  readonly occurrence?: number;
  /** `before`: the match itself is seen too; default `after`. */
  readonly where?: 'before' | 'after';
  /** Number of a message, from 1; needs `framing`. */
  readonly message?: number;
  readonly framing?: unknown;
  /** Bytes from the start of the message; negative: from its end. Default 0. */
  readonly offset?: number;
  /** Time since `since`. */
  readonly at?: Duration;
  readonly since?: 'connection' | 'firstByte' | 'toxic' | 'proxy';
  /** No byte in this stream for so long. */
  readonly idle?: Duration;
  readonly event?: TriggerEvent;
  /** Once the fault of that name has acted on this connection. */
  readonly after?: string;
  /** Watches the other direction. */
  readonly stream?: Stream;
  /** One of these is enough. */
  readonly any?: readonly Trigger[];
  /** Ends the effect. */
  readonly until?: Trigger;
  /** How many chunks it acts on, then it is over for this connection; default: no limit. */
  readonly times?: number;
}

/** Moments of a connection; those of TLS are the first record of a handshake, and the first encrypted one. */
export type TriggerEvent =
  | 'established'
  | 'firstByte'
  | 'fin'
  | 'tls:clientHello'
  | 'tls:established';

/** When a fault is there, on the world's clock, from the moment it is added. */
export interface Schedule {
  /** Default 0. */
  readonly start?: Duration;
  /** Default: for ever. */
  readonly duration?: Duration;
  /** Repeats; must exceed `duration`. */
  readonly every?: Duration;
  /** How many times it repeats; default: for ever. */
  readonly times?: number;
  /** `remove` (default) takes the fault away at the end, `keep` leaves it, asleep. */
  readonly expire?: 'remove' | 'keep';
}

/** Which connections a fault hits. Every key given must hold. */
export interface Target {
  /** Numbers in the order of accept, from 1. */
  readonly numbers?: readonly number[];
  /** The first n. */
  readonly first?: number;
  /** From number n on. */
  readonly from?: number;
  /** Every k-th: 3 hits 3, 6, 9. */
  readonly every?: number;
  /** Such as `mail#4`. */
  readonly ids?: readonly string[];
  /** Address of the client, or a network such as `10.0.0.0/8`. */
  readonly remote?: string;
}

/** Lets a chunk, a FIN or a RST go on unchanged. */
export const PASS: unique symbol = Symbol('pass');

/** What a stage decides: `PASS`, or acts in order; no acts at all swallow the item. */
export type Verdict = typeof PASS | readonly Act[];

/** One step of a verdict. */
export type Act =
  /** These bytes, in place of the chunk. */
  | { readonly emit: Uint8Array }
  /** The chunk, FIN or RST itself goes on. */
  | { readonly pass: true }
  /** These bytes are asked about again, before the next chunk. */
  | { readonly again: Uint8Array }
  /** Microseconds before the next act of this item. */
  | { readonly wait: number }
  /** Nothing passes until the fault is updated, released or removed. */
  | { readonly stall: true }
  /** `fin`: this direction only, `unread`: and its source is not read on; `close`: both sides, with FIN. */
  | { readonly end: 'fin' | 'unread' | 'close' }
  | { readonly reset: Side };

/** Whom a RST goes to. */
export type Side = 'client' | 'upstream' | 'both';

/** What a stage is told, and may ask for. */
export interface StageContext {
  /** When the item arrived at this stage. */
  readonly arrivedUs: number;
  readonly nowUs: number;
  /** When the connection was accepted. */
  readonly startedUs: number;
  /** First byte of the item, counted in this stage's input. */
  readonly offset: number;
  /** Number of the connection, from 1. */
  readonly connection: number;
  readonly stream: Stream;
  /** Next decision for a purpose, in [0, 1); from the seed. */
  decide(purpose: string): number;
  /** Tells the user of something odd: an event `warning`. */
  warn(text: string): void;
  /** Calls `onTimer` after so many microseconds; replaces the one before, -1 takes it away. */
  timer(delayUs: number): void;
}

/** What a fault does to one direction of one connection. */
export interface FaultStage {
  /** The link has opened, or the fault was added to an open one. */
  onStart?(c: StageContext): Verdict;
  onChunk(chunk: Uint8Array, c: StageContext): Verdict;
  /** Default `PASS`. What is held back inside must be emitted first. */
  onFin?(c: StageContext): Verdict;
  /** The source was reset. Default `PASS`. */
  onReset?(c: StageContext): Verdict;
  onTimer?(c: StageContext): Verdict;
  /** Bytes that were read in the other direction; to act on them ask for `timer(0)`. */
  onOther?(bytes: Uint8Array, c: StageContext): void;
  /** New values. What waits is asked about again, and its waits count from its `begin` or from `now`. */
  onUpdate?(values: object, c: StageContext): false | 'begin' | 'now';
  /** What happens to the connection; default `flush`. Acts before the queue leaves: `emit` only. */
  onRemove?(c: StageContext): 'flush' | 'close' | readonly { readonly emit: Uint8Array }[];
  /** Whether its last verdict changed anything; default: as the acts say, which is wrong of bytes only kept for a while. */
  readonly acted?: boolean;
  /** Bytes kept inside, for the limit of the queue. */
  readonly held?: number;
  /** Whether the source is read on while it stalls. */
  readonly readsOn?: boolean;
}

/** A stage that only delays: chunks wait side by side, each for its own due time. */
export interface DelayStage {
  /** Chance for one chunk, drawn once. */
  draw(c: StageContext): readonly number[];
  /** Microseconds from arrival; asked again with the same draw after an update. */
  delayUs(draw: readonly number[]): number;
  onUpdate(values: object): void;
}
