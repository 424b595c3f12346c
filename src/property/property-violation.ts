/** Says that a property does not hold for a case. */
export class PropertyViolation extends Error {
  override readonly name: string = 'PropertyViolation';
  readonly code: string = 'EPROPERTY';
  /** What was expected and what came, where the two are compared. */
  readonly expected: string | undefined;
  readonly actual: string | undefined;

  constructor(
    message: string,
    comparison: { readonly expected?: string; readonly actual?: string } = {},
  ) {
    super(message);
    this.expected = comparison.expected;
    this.actual = comparison.actual;
  }
}
