/**
 * Reads `10%` or `2.5 %` as a share.
 *
 * @throws Error more than everything
 */
export function readPercentage(token: string): number {
  const share = Number(token.replace('%', '')) / 100;
  if (share <= 1) return share;
  throw new Error(`${token} is more than everything, expected at most 100%`);
}

/** A number in digits, without an exponent, that reads back as the same share of a hundred. */
export function plainDecimal(percent: number): string {
  return percent.toFixed(12).replace(/\.?0+$/, '');
}
