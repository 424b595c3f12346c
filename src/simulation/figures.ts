/** Microseconds for people: `1.204 s`. */
export function seconds(us: number): string {
  const text = (us / 1_000_000).toFixed(us % 1_000 === 0 ? 3 : 6);
  return `${text} s`;
}

/** `1 byte`, `20 bytes`. */
export function byteCount(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
