/**
 * Plans: everything that chance would decide in a simulated network, as data.
 *
 * A plan can be printed, shortened and run again. It holds no functions and no state of a
 * generator; a seed only chooses one.
 *
 * @source docs/simulation.md
 */
import type { Duration } from '../base/duration';
import type { TlsActionFault } from '../faults/tls-fault';
import type { LinkOptions } from './link-settings';
import type { LateEnd, StreamFault } from './stream-faults';

/** A plan, as it is written. Everything but `v` may be left out. */
export interface Plan {
  /** Version of the format. */
  readonly v: 1;
  /** Seed of the Random that is given to programs. The network takes nothing from it. */
  readonly seed?: number;
  /** Wall clock at the start; default `2023-11-14T22:13:20Z`. */
  readonly epoch?: string;
  readonly hosts?: Readonly<Record<string, PlannedHost>>;
  /** Later entries go over earlier ones. */
  readonly links?: readonly PlannedLink[];
  readonly cuts?: readonly PlannedCut[];
  readonly faults?: readonly PlannedFault[];
  readonly tape?: PlannedTape;
}

/** A host of the network. */
export interface PlannedHost {
  /** Literal addresses, the first is the one it dials from; default: the next of 10.0.0.0/24. */
  readonly addresses?: readonly string[];
  /** How far its wall clock is ahead; default none. */
  readonly skew?: Duration;
}

/** Settings of the links between hosts; `*` stands for every host. */
export interface PlannedLink extends LinkOptions {
  readonly from: string;
  readonly to: string;
}

/**
 * A place at which bytes are cut into two segments: `offset` from the end of write number `unit`
 * (from 0), or `at` an offset in the whole stream.
 */
export interface PlannedCut {
  /** Number of the connection, from 1. */
  readonly connection: number;
  readonly direction: 'out' | 'in';
  readonly unit?: number;
  readonly offset?: number;
  readonly at?: number;
}

/** Chance, used up in order. Once a tape has run out, nothing varies any more. */
export interface PlannedTape {
  /** For links with a `uniform` latency. */
  readonly latency?: readonly number[];
  /** For events of the same instant: the smaller goes first. */
  readonly tieBreak?: readonly number[];
}

/** Something that happens once its trigger is met. */
export interface PlannedFault {
  readonly on: PlannedTrigger;
  readonly do: PlannedAction;
  /** How often at most; default 1. */
  readonly times?: number;
}

/** When a planned fault happens: at a time, in a state of a connection, or before a byte leaves. */
export type PlannedTrigger =
  | { readonly at: Duration }
  /** When it is dialled, or when the dialler's handshake is complete. */
  | { readonly connection: number; readonly state: 'connecting' | 'established' }
  /** Just before byte `byte` (from 0) of a direction leaves. */
  | { readonly connection: number; readonly direction: 'out' | 'in'; readonly byte: number }
  /** Just before byte `offset` from the end of write number `message` leaves. */
  | {
      readonly connection: number;
      readonly direction: 'out' | 'in';
      readonly message: number;
      readonly offset?: number;
    }
  /** The accept number `accepts`, from 1, of a host; with `times`, those that follow too. */
  | { readonly host: string; readonly accepts: number };

/**
 * What happens. Where it concerns one connection, that is the one of the trigger, or `connection`.
 *
 * `reset` sends RST to both ends, or to one `side`, behind what is on its way; `halfClose` sends FIN
 * from one side (default: the dialler). With `after` both happen only after so many bytes of a
 * direction. `refuse` and `blackhole` answer a dial with RST or not at all; on an open connection
 * `blackhole` is a fault of streams: bytes vanish, the connection stays. `slowAccept` keeps what was
 * accepted from the program for a while. `tls` acts below TLS at one end, and must be met before TLS
 * starts there. The faults of streams act from the place of their trigger to the end of the stream.
 * The others are the controls of these names.
 */
export type PlannedAction =
  | (Partial<LateEnd> & Pick<LateEnd, 'type'>)
  | { readonly type: 'refuse'; readonly connection?: number }
  | { readonly type: 'slowAccept'; readonly connection?: number; readonly delay?: Duration }
  | ({
      readonly type: 'tls';
      readonly connection?: number;
      /** Whose TLS; default: the listener's. */
      readonly side?: 'dialler' | 'listener';
    } & TlsActionFault)
  | StreamFault
  | { readonly type: 'hold' | 'release'; readonly from: string; readonly to: string }
  | {
      readonly type: 'partition';
      readonly a: Hosts;
      readonly b: Hosts;
      readonly direction?: PartitionDirection;
      readonly how?: PartitionKind;
    }
  | { readonly type: 'heal'; readonly a?: Hosts; readonly b?: Hosts }
  | {
      readonly type: 'clog';
      readonly from: string;
      readonly to: string;
      readonly duration?: Duration;
    }
  | { readonly type: 'kill'; readonly host: string; readonly how?: 'process' | 'power' }
  | { readonly type: 'restart'; readonly host: string }
  | { readonly type: 'skew'; readonly host: string; readonly skew: Duration }
  | {
      readonly type: 'dns';
      readonly name: string;
      readonly answer: NameAnswer;
      readonly delay?: Duration;
    }
  | ({ readonly type: 'link'; readonly from: string; readonly to: string } & LinkOptions);

/** What a name answers with. */
export type NameAnswer = readonly string[] | 'ENOTFOUND' | 'EAI_AGAIN';

/** One host, several, or `*` for all. */
export type Hosts = string | readonly string[];
/** Which way a partition cuts: between two groups of hosts, or from one to the other only. */
export type PartitionDirection = 'both' | 'a→b' | 'b→a';
/** What becomes of segments that meet a partition. */
export type PartitionKind = 'hold' | 'reset' | 'blackhole';
