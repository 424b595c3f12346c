import { type BytePattern, compilePattern } from '../base/byte-pattern';
import { matchPattern } from '../base/byte-pattern-match';
import { compileByteRegex } from '../base/byte-regex';
import { readText } from '../base/byte-text';
import { configError, refusal } from '../base/errors';
import { readObject, refuseUnknownKeys } from '../base/option-reader';

/**
 * What is to be hidden in bytes.
 *
 * A mask is as long as what it hides. With a group only the group is hidden.
 *
 * @source docs/captures.md#redaction
 */
export type RedactionRule =
  | {
      /** Sees bytes as latin-1; with the flags `u` or `v` as UTF-8. */
      readonly regex: string | RegExp;
      /** Some of `d i m s u v`; not beside a RegExp, which has its own. */
      readonly flags?: string;
      /** Number or name. */
      readonly group?: number | string;
      /** One byte, or a character that is one; default `*`. */
      readonly with?: string | number;
    }
  | {
      /** Found anywhere in the stream. */
      readonly pattern: string;
      /** Name of a capture of bytes. */
      readonly group?: string;
      readonly with?: string | number;
    };

/** What a match hides, in offsets of the bytes searched. */
export interface HiddenSpan {
  /** Where the match begins and ends; the next search goes on behind it. */
  readonly start: number;
  readonly end: number;
  readonly hideFrom: number;
  readonly hideTo: number;
}

/** A rule that can be applied. */
export interface MaskRule {
  readonly maskByte: number;
  /** Whether what stands in front of a match counts for it, as in `^` and `(?<=`. */
  spans(bytes: Uint8Array, from: number): readonly HiddenSpan[];
}

/** @throws TcpError `ECONFIG` - no rules, or one that cannot be read */
export function readRules(field: string, value: unknown): readonly MaskRule[] {
  if (!Array.isArray(value)) throw configError(field, 'an array of rules', value);
  return value.map((rule, index) => readRule(`${field}[${index}]`, rule));
}

function readRule(field: string, value: unknown): MaskRule {
  const rule = readObject(field, value);
  const maskByte = readMaskByte(`${field}.with`, rule['with']);
  if ('regex' in rule) {
    refuseUnknownKeys(field, rule, ['regex', 'flags', 'group', 'with']);
    return regexRule(field, rule, maskByte);
  }
  refuseUnknownKeys(field, rule, ['pattern', 'group', 'with']);
  if (typeof rule['pattern'] !== 'string') {
    throw configError(field, 'a rule with regex or pattern', value);
  }
  return patternRule(field, rule['pattern'], rule['group'], maskByte);
}

function readMaskByte(field: string, value: unknown = '*'): number {
  const byte = typeof value === 'string' && value.length === 1 ? value.charCodeAt(0) : value;
  if (typeof byte !== 'number' || !Number.isInteger(byte) || byte < 0 || byte > 255) {
    throw configError(field, 'one byte', value);
  }
  return byte;
}

function regexRule(
  field: string,
  rule: Readonly<Record<string, unknown>>,
  maskByte: number,
): MaskRule {
  const { regex: given, flags, group = 0 } = rule;
  const isRegExp = given instanceof RegExp;
  const source = isRegExp ? given.source : given;
  if (typeof source !== 'string') throw configError(`${field}.regex`, 'text or a RegExp', given);
  const ownFlags = isRegExp ? given.flags.replace(/[gy]/g, '') : (flags ?? '');
  if (typeof ownFlags !== 'string') throw configError(`${field}.flags`, 'text', flags);
  const regex = compileByteRegex(source, ownFlags);
  const engine = new RegExp(source, `${ownFlags.replace('d', '')}dg`);
  refuseMissingGroup(field, engine, group);
  const isWide = regex.encoding === 'utf8';
  return {
    maskByte,
    spans: (bytes, from) => {
      const { characters, offsetOf } = readText(regex, bytes);
      // In UTF-8 an offset is no index: everything is looked at, and what was done before is found
      // again.
      engine.lastIndex = isWide ? 0 : from;
      const spans: HiddenSpan[] = [];
      for (let match = engine.exec(characters); match !== null; match = engine.exec(characters)) {
        if (match[0] === '') engine.lastIndex++;
        const [start = 0, end = 0] = match.indices?.[0] ?? [];
        const hidden =
          typeof group === 'number'
            ? match.indices?.[group]
            : match.indices?.groups?.[String(group)];
        if (hidden === undefined || (isWide && start === 0 && from > 0)) continue;
        spans.push({
          start: offsetOf(start),
          end: offsetOf(end),
          hideFrom: offsetOf(hidden[0]),
          hideTo: offsetOf(hidden[1]),
        });
      }
      return spans;
    },
  };
}

function refuseMissingGroup(field: string, engine: RegExp, group: unknown): void {
  // An alternative that matches everything shows which groups there are.
  const match = new RegExp(`${engine.source}|`, engine.flags).exec('');
  const exists =
    typeof group === 'number'
      ? Number.isInteger(group) && group >= 0 && group < (match?.length ?? 0)
      : typeof group === 'string' && Object.hasOwn(match?.groups ?? {}, group);
  if (!exists) throw configError(`${field}.group`, 'a group of the expression', group);
}

/** The name under which the bytes in front of a pattern are caught: no pattern can spell it. */
const before = ' ';

function patternRule(field: string, source: string, group: unknown, maskByte: number): MaskRule {
  const pattern = compilePattern(source);
  refuseNumbers(field, pattern, group);
  const anywhere: BytePattern = {
    elements: [{ kind: 'run', name: before }, ...pattern.elements],
  };
  return {
    maskByte,
    spans: (bytes, from) => {
      const spans: HiddenSpan[] = [];
      for (let at = from; at < bytes.byteLength; ) {
        const result = matchPattern(anywhere, bytes, { from: at, whole: false });
        if (!result.matched) break;
        const skipped = result.captures[before] as Uint8Array;
        const [start, end] = [at + skipped.byteLength, result.end];
        const caught = typeof group === 'string' ? result.captures[group] : undefined;
        const [hideFrom, hideTo] =
          caught instanceof Uint8Array
            ? [
                caught.byteOffset - bytes.byteOffset,
                caught.byteOffset - bytes.byteOffset + caught.byteLength,
              ]
            : [start, end];
        spans.push({ start, end, hideFrom, hideTo });
        at = Math.max(end, start + 1);
      }
      return spans;
    },
  };
}

function refuseNumbers(field: string, { elements }: BytePattern, group: unknown): void {
  if (group === undefined) return;
  const named = elements.find((element) => 'name' in element && element.name === group);
  if (named === undefined) throw configError(`${field}.group`, 'a name of the pattern', group);
  if (named.kind === 'number') {
    throw refusal(`${field}.group`, `${field}.group: "${String(group)}" is a number, not bytes`);
  }
}
