/** Whole microseconds as a script holds them: `250 us`, `10 ms`, `1.5 s`; exact. */
export function printTime(us: number): string {
  if (us > 0 && us < 1_000) return `${us} us`;
  return us < 1_000_000 ? `${decimal(us, 3)} ms` : `${decimal(us, 6)} s`;
}

/** A whole number with its point moved, without zeros behind it. */
function decimal(value: number, places: number): string {
  const digits = String(value).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -places) : `${digits.slice(0, -places)}.${fraction}`;
}
