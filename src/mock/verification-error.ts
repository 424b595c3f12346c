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

  /** @internal */
  constructor(message: string, failures: readonly string[], hints: readonly string[]) {
    super(message);
    this.failures = failures;
    this.hints = hints;
  }
}

Object.defineProperty(VerificationError.prototype, 'name', { value: 'VerificationError' });
