import type { ByteRegex } from '../base/byte-regex';

/** How the time of an expression may grow with what it looks at. */
export interface RegexCost {
  /** A repeated group that can be split in several ways: time may double with every byte. */
  readonly isExponential: boolean;
  /** Else time grows at most with this power of the length. */
  readonly degree: number;
}

const costs = new WeakMap<ByteRegex, RegexCost>();

/** The cost of an expression; looked at once. */
export function regexCost(regex: ByteRegex): RegexCost {
  const known = costs.get(regex);
  if (known !== undefined) return known;
  const cost = costOf(regex.source, regex.flags);
  costs.set(regex, cost);
  return cost;
}

/** Escapes and sets are one character, names and kinds of groups none. */
function skeletonOf(source: string): string {
  return source
    .replace(/\\(?:[xu][0-9a-fA-F]+|[\s\S])/g, 'a')
    .replace(/\[[^\]]*\]/g, 'a')
    .replace(/\(\?(?:<?[=!]|<[^>]*>|:)/g, '(');
}

function costOf(source: string, flags: string): RegexCost {
  const skeleton = skeletonOf(source);
  const endless = /[*+]|\{\d+,\}/g;
  const quantifiers = skeleton.match(endless)?.length ?? 0;
  const isAnchored = skeleton.startsWith('^') && !flags.includes('m') && !skeleton.includes('|');
  return {
    isExponential: repeatsChoice(skeleton),
    degree: Math.max(1, quantifiers + (isAnchored ? 0 : 1)),
  };
}

/** Whether a group that is repeated holds a repetition or a choice. */
function repeatsChoice(skeleton: string): boolean {
  const open: boolean[] = [];
  const repeated = /^(?:[*+]|\{\d+,\d*\})/;
  for (let at = 0; at < skeleton.length; at++) {
    const character = skeleton[at] ?? '';
    const rest = skeleton.slice(at + 1);
    if (character === '(') open.push(false);
    else if (character === ')') {
      const holds = open.pop() === true;
      if (holds && repeated.test(rest)) return true;
      // What a group holds, those around it hold, too.
      if (holds && open.length > 0) open[open.length - 1] = true;
    } else if (/[*+|{?]/.test(character) && open.length > 0) open[open.length - 1] = true;
  }
  return false;
}

/** Whether an expression has a quantifier or a choice inside a repeated group. */
export function hasNestedQuantifier(source: string): boolean {
  return repeatsChoice(skeletonOf(source));
}
