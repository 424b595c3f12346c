/** What is said below the claims that do not hold, part by part. */
export interface VerificationReport {
  /** The frames that came, and what became of them. */
  readonly frames: readonly string[];
  /** The rule or the frame that was nearest to what was wanted, with what keeps it from fitting. */
  readonly nearest: string | undefined;
  /** The last events of the wire, below a heading. */
  readonly wire: readonly string[];
  /** Entries that limits pushed out of the journal. */
  readonly dropped: number;
}

/**
 * What a mock met is not what was claimed.
 *
 * The message says what, which frames came and what became of them, the nearest rule with the
 * reason why it did not match, hints, the last events of the wire, and the seed.
 *
 * @source docs/mocks.md#verification
 */
export class VerificationError extends Error {
  declare readonly name: 'VerificationError';
  /** Each claim that does not hold, in one line. */
  readonly failures: readonly string[];
  /** What may be the reason; only what was found to be true. */
  readonly hints: readonly string[];
  readonly report: VerificationReport;

  /** @internal */
  constructor(
    failures: readonly string[],
    hints: readonly string[],
    report: VerificationReport,
    seed: number,
  ) {
    const { frames, nearest, wire, dropped } = report;
    const lines = [
      ...frames,
      ...(nearest === undefined ? [] : [`nearest: ${nearest}`]),
      ...hints.map((hint) => `hint: ${hint}`),
      ...wire,
      ...(dropped === 0 ? [] : [`the journal dropped ${dropped} entries`]),
      `seed ${seed}`,
    ];
    super([...failures, ...lines.map((line) => `  ${line}`)].join('\n'));
    this.failures = failures;
    this.hints = hints;
    this.report = report;
  }
}

Object.defineProperty(VerificationError.prototype, 'name', { value: 'VerificationError' });
