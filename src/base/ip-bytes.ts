/** Literal IP addresses as the bytes that packets carry. */
import { familyOf } from './address';

const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/**
 * The 4 or 16 bytes of a literal address, in network order; `undefined` for what is none.
 *
 * A zone (`fe80::1%eth0`) is left out. An IPv4 address inside IPv6 (`::ffff:127.0.0.1`) is the four
 * bytes of the IPv4 one, since that is what travels.
 */
export function ipBytes(host: string): Uint8Array | undefined {
  const literal = host.replace(/%.*$/, '');
  const family = familyOf(literal);
  if (family === undefined) return undefined;
  if (family === 'IPv4') return Uint8Array.from(literal.split('.').map(Number));
  const bytes = ipv6Bytes(literal);
  const inside = bytes !== undefined && mapped.every((value, index) => bytes[index] === value);
  return inside ? bytes.subarray(12) : bytes;
}

/** 4 or 16 bytes as a literal address, IPv6 in its short form. @source RFC 5952 section 4 */
export function printIp(bytes: Uint8Array): string {
  if (bytes.byteLength === 4) return bytes.join('.');
  const groups: number[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  const [from, length] = longestZeros(groups);
  const words = groups.map((group) => group.toString(16));
  if (length < 2) return words.join(':');
  return `${words.slice(0, from).join(':')}::${words.slice(from + length).join(':')}`;
}

function ipv6Bytes(literal: string): Uint8Array | undefined {
  const halves = withoutDots(literal).split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups =
    right === undefined
      ? left
      : [
          ...left,
          ...Array<string>(Math.max(1, 8 - left.length - right.length)).fill('0'),
          ...right,
        ];
  if (groups.length !== 8 || !groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) {
    return undefined;
  }
  return Uint8Array.from(
    groups.flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    }),
  );
}

/** `::ffff:1.2.3.4` with the last four bytes as two groups. */
function withoutDots(literal: string): string {
  const [, head, dotted = ''] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(literal) ?? [];
  if (head === undefined || familyOf(dotted) !== 'IPv4') return literal;
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${head}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** Start and length of the longest run of zero groups, the first of equals. */
function longestZeros(groups: readonly number[]): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  for (let from = 0; from < groups.length; from++) {
    let to = from;
    while (groups[to] === 0) to++;
    if (to - from > best[1]) best = [from, to - from];
    if (to > from) from = to;
  }
  return best;
}
