import { compilePattern } from '../base/byte-pattern';
import { matchPattern } from '../base/byte-pattern-match';
import { compileByteRegex, matchByteRegex } from '../base/byte-regex';
import type { Compiling } from './compiling';
import type { RedactionDefinition } from './mock-model';

/** Masks what no output may show. The length stays the same. */
export type Redactor = (bytes: Uint8Array, direction: 'in' | 'out') => Uint8Array;

type Find = (
  bytes: Uint8Array,
  from: number,
) => { start: number; end: number; next: number } | undefined;

/** Compiles redactions. Problems are kept in `place.problems`. */
export function compileRedactor(
  definitions: readonly RedactionDefinition[],
  place: Compiling,
): Redactor {
  const masks = definitions.flatMap((definition, index) => {
    const own = place.at(index);
    const mask = own.attempt(() => compileMask(definition), undefined);
    return mask === undefined ? [] : [mask];
  });
  if (masks.length === 0) return (bytes) => bytes;
  return (bytes) => {
    const copy = Uint8Array.from(bytes);
    for (const mask of masks) mask(copy);
    return copy;
  };
}

function compileMask(definition: RedactionDefinition): (bytes: Uint8Array) => void {
  const find = compileFind(definition);
  const fill = (definition.with ?? '*').charCodeAt(0) & 0xff;
  return (bytes) => {
    for (let from = 0; from <= bytes.length; ) {
      const found = find(bytes, from);
      if (found === undefined) return;
      bytes.fill(fill, found.start, found.end);
      from = Math.max(found.next, from + 1);
    }
  };
}

function compileFind({ regex, flags, pattern, group }: RedactionDefinition): Find {
  if (regex === undefined) {
    const compiled = compilePattern(pattern ?? '');
    return (bytes) => {
      const match = matchPattern(compiled, bytes);
      if (!match.matched) return undefined;
      return spanOf(bytes, group === undefined ? undefined : match.captures[group], 0, match.end);
    };
  }
  const compiled = compileByteRegex(regex, flags);
  return (bytes, from) => {
    const match = matchByteRegex(compiled, bytes, { from });
    if (match === undefined) return undefined;
    const part =
      group === undefined ? undefined : (match.captures[group] ?? match.groups[Number(group) - 1]);
    return spanOf(bytes, part, match.start, match.end);
  };
}

/** Where a captured view lies in the bytes; the whole match without one. */
function spanOf(
  bytes: Uint8Array,
  part: unknown,
  start: number,
  end: number,
): { start: number; end: number; next: number } {
  if (!(part instanceof Uint8Array)) return { start, end, next: end };
  const from = part.byteOffset - bytes.byteOffset;
  return { start: from, end: from + part.length, next: end };
}
