/** What a {@link StepFailure} carries beside its text. */
export interface StepFailureDetails {
  /** One sentence: who, what, how long, and why waiting stopped. */
  readonly headline: string;
  /** Lines below the headline, already indented: difference, output, nearest match. */
  readonly body?: readonly string[];
  /** Only what is true. */
  readonly hints?: readonly string[];
  /** Lines below the hints: wire events, reproduction. */
  readonly tail?: readonly string[];
  readonly code?: string;
  readonly phase?: string;
  readonly cause?: unknown;
  readonly expected?: unknown;
  readonly actual?: unknown;
  /** The connection involved, such as `c1`: its last wire events join the message. */
  readonly connection?: string;
  /** Name → path of a file. */
  readonly evidence?: Readonly<Record<string, string>>;
}

/**
 * A step that found something else than it asked for.
 *
 * The message is complete text; the same facts are fields. Neither depends on colour.
 */
export class StepFailure extends Error {
  declare readonly name: string;
  /** Keeps runners from adding a difference of their own below ours. */
  declare readonly showDiff: false;
  readonly headline: string;
  readonly code: string;
  readonly phase: string | undefined;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly connection: string | undefined;
  readonly hints: readonly string[];
  readonly evidence: Readonly<Record<string, string>>;
  readonly body: readonly string[];

  constructor(details: StepFailureDetails) {
    const hints = details.hints ?? [];
    const body = details.body ?? [];
    const lines = [details.headline, ...body, ...hints.map((hint) => `  hint: ${hint}`)];
    lines.push(...(details.tail ?? []));
    super(lines.join('\n'), 'cause' in details ? { cause: details.cause } : undefined);
    // Frames of Brine say nothing to the reader of a scenario; the step is named above.
    this.stack = `${this.name}: ${this.message}`;
    this.headline = details.headline;
    this.code = details.code ?? 'EEXPECTATION';
    this.phase = details.phase;
    this.expected = details.expected;
    this.actual = details.actual;
    this.connection = details.connection;
    this.hints = hints;
    this.evidence = details.evidence ?? {};
    this.body = body;
  }
}

Object.defineProperties(StepFailure.prototype, {
  name: { value: 'StepFailure', configurable: true, writable: true },
  showDiff: { value: false },
});
