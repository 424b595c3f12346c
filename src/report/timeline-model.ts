/**
 * The timeline: what was on the wire, as rows between lanes.
 *
 * This file says what a timeline is. `timeline.ts` makes one of wire events: `timeline-lanes.ts`
 * finds who took part, `stream-arrows.ts` joins what was written with what arrived,
 * `timeline-moments.ts` has everything that is no bytes, `tls-flights.ts` names what TLS sends,
 * `timeline-checks.ts` adds what steps expected, `timeline-limits.ts` keeps it small.
 * `timeline-html.ts` makes a page of it with the files in assets/.
 *
 * @source docs/report.md
 */
import type { AlignedRun } from './aligned-runs';

/** The version of the model that is made, and read by the page. */
export const timelineVersion = 1;

/** What a page draws: plain data, the same for the same events. */
export interface TimelineModel {
  readonly v: typeof timelineVersion;
  /** Version of Brine that made it. */
  readonly brine: string;
  readonly title: string;
  /** Where the scenario stands: `features/mail.feature:18`. */
  readonly feature?: string;
  readonly status: 'failed' | 'passed' | 'none';
  /** What went wrong, in one line. */
  readonly headline?: string;
  readonly network: 'real' | 'simulated';
  readonly seed?: number;
  /** When it ran, in words; given by who makes the model. */
  readonly when?: string;
  /** A command line that runs it again. */
  readonly replay?: string;
  /** Other files of the same run, relative. */
  readonly links: readonly TimelineLink[];
  readonly lanes: readonly TimelineLane[];
  readonly connections: readonly TimelineConnection[];
  readonly items: readonly TimelineItem[];
  readonly left: TimelineLeft;
  /** What whoever read the events had to say: a file that was cut, packets that were skipped. */
  readonly warnings: readonly string[];
}

/** A file beside the page. */
export interface TimelineLink {
  readonly label: string;
  readonly href: string;
}

/** What takes part, by its place: clients left, servers right. */
export type LaneRole = 'client' | 'command' | 'proxy' | 'listener' | 'mock' | 'peer' | 'others';

/** One participant: a vertical line of the page. */
export interface TimelineLane {
  readonly name: string;
  readonly role: LaneRole;
  /** Where it listens. */
  readonly address?: string;
}

/** One connection, whichever of its ends told of it. */
export interface TimelineConnection {
  /** `c1`, or `s1` where only the accepting end is known. */
  readonly id: string;
  /** Number in logs and scripts. */
  readonly number: number;
  /** Lane of the end that dialled, and of the one that accepted. */
  readonly a: number;
  readonly b: number;
  /** The other connection of a proxied pair. */
  readonly pair?: number;
}

/** What a row tells. */
export type ItemKind =
  | 'open'
  | 'refused'
  | 'data'
  | 'fin'
  | 'rst'
  | 'tls'
  | 'secured'
  | 'fault'
  | 'timeout'
  | 'error'
  | 'check'
  | 'mark'
  | 'note'
  | 'control'
  | 'pause'
  | 'internal'
  | 'left';

/** One row. Keys are short, since a page holds thousands of them. */
export interface TimelineItem {
  /** Index of the event in the trace. */
  readonly i: number;
  /** Microseconds of the world's clock. */
  readonly t: number;
  readonly k: ItemKind;
  /** Connection, an index into {@link TimelineModel.connections}; absent for none. */
  readonly c?: number;
  /** Lanes where it starts and ends; the same for what happens at one place. */
  readonly f: number;
  readonly o: number;
  /** Microseconds of its arrival, or of the end of a pause. */
  readonly e?: number;
  /** 1: written and never delivered, although the receiving end was watched. */
  readonly lost?: 1;
  /** Base64 of the bytes; their head where `z` is there. */
  readonly b?: string;
  /** Base64 of the last bytes of those that were cut. */
  readonly z?: string;
  /** Bytes, also where they are not kept. */
  readonly n?: number;
  /** From where to where bytes are masked. */
  readonly m?: readonly (readonly [from: number, to: number])[];
  /** Offset of the first byte in its direction. */
  readonly s?: number;
  /** The literal of a repetition, which is shorter than its bytes. */
  readonly l?: string;
  /** 1: went encrypted; the bytes are those on the wire. */
  readonly x?: 1;
  /** Number of the handshake that it belongs to. */
  readonly h?: number;
  /** Headline of the row, and its facts. */
  readonly p?: string;
  readonly q?: string;
  /** The row as a line of a script, without time and number; absent where bytes say it. */
  readonly y?: string;
  /** Rows of the faults that touched this one; rows that this fault touched. */
  readonly fault?: readonly number[];
  readonly on?: readonly number[];
  /** Row of what caused this one. */
  readonly why?: number;
  readonly check?: ItemCheck;
}

/** What a step expected, and how that differs from what came. */
export interface ItemCheck {
  readonly passed: boolean;
  readonly step?: string;
  /** `features/mail.feature:31`. */
  readonly where?: string;
  /** Base64 of the bytes around the first difference. */
  readonly want?: string;
  readonly got?: string;
  /** Offset of the first byte of both. */
  readonly from?: number;
  /** Offset of the first difference; absent where both are the same. */
  readonly at?: number;
  /** How the bytes of both lie beside each other. */
  readonly runs?: readonly AlignedRun[];
  /** The same by lines, for text of several lines. */
  readonly lines?: readonly AlignedRun[];
  /** Why, in words. */
  readonly hints?: readonly string[];
}

/** What limits left out. */
export interface TimelineLeft {
  readonly events: number;
  readonly bytes: number;
}

/** How large a timeline may become. */
export interface ReportLimits {
  /** Rows; default 10,000. What is far from problems, ends and openings goes first. */
  readonly events?: number;
  /** Bytes kept of one row; default 4 KiB: three quarters from its beginning, the rest from its end. */
  readonly bytesPerItem?: number;
  /** Bytes kept of all rows; default 2 MiB. Rows far from problems lose theirs first. */
  readonly bytes?: number;
}

/** Whether a row is a problem that a reader looks for. */
export function isProblem({ k, check }: Pick<TimelineItem, 'k' | 'check'>): boolean {
  if (k === 'check') return check?.passed === false;
  return ['fault', 'rst', 'refused', 'timeout', 'error'].includes(k);
}
