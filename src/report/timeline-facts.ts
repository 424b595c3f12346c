import type { TimelineLink } from './timeline-model';

/** What is known of a run beside its events. */
export interface TimelineFacts {
  /** Default `Wire timeline`. */
  readonly title?: string;
  /** Where the scenario stands: `features/mail.feature:18`. */
  readonly feature?: string;
  /** Default: `failed` where a check has failed, else `none`. */
  readonly status?: 'failed' | 'passed' | 'none';
  /** What went wrong, in one line. Default: that of the first failed check. */
  readonly headline?: string;
  /** Default `real`; says whether times are virtual, and whose reports count. */
  readonly network?: 'real' | 'simulated';
  readonly seed?: number;
  /** When it ran, in words. */
  readonly when?: string;
  /** A command line that runs it again; it is shown, never run. */
  readonly replay?: string;
  /** Files beside the page; only relative ones of known kinds become links. */
  readonly links?: readonly TimelineLink[];
  /** What steps expected. */
  readonly checks?: readonly TimelineCheck[];
  /** Label or address → the name of its lane. */
  readonly names?: Readonly<Record<string, string>>;
  /**
   * Ids of connections that a proxy joins: `['c1', 'c2']`. Default: those that the trace leaves no
   * doubt about.
   */
  readonly pairs?: readonly (readonly [string, string])[];
  /** Shown under the header: what a reader of files had to say. */
  readonly warnings?: readonly string[];
}

/** The verdict of one step. */
export interface TimelineCheck {
  /** One line: `client "alice" received other bytes than expected`. */
  readonly headline: string;
  /** Default `false`. */
  readonly passed?: boolean;
  /** The text of the step. */
  readonly step?: string;
  /** `features/mail.feature:31`. */
  readonly where?: string;
  /** Id of the connection that was judged: `c1`. */
  readonly connection?: string;
  /** Label of who was asserted on. Default: the dialling end of the connection. */
  readonly label?: string;
  /** Index of the last event that had happened. Default: the last one there is. */
  readonly afterIndex?: number;
  readonly expected?: Uint8Array;
  readonly received?: Uint8Array;
  /** Why it may be so, in words. */
  readonly hints?: readonly string[];
}
