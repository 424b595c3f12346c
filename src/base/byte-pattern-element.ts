import { type NumberType, readNumber, widthOf } from './number-field';

/** One element of a pattern. */
export type PatternElement =
  /** A byte whose bits under `mask` are those of `value`: `02`, `1?`, `?f`, `??`. */
  | { readonly kind: 'byte'; readonly value: number; readonly mask: number }
  /** One byte inside (or, negated, outside) the ranges: `[00-7f]`, `[0a 0d]`, `[^00]`. */
  | {
      readonly kind: 'set';
      readonly ranges: readonly (readonly [from: number, to: number])[];
      readonly negated: boolean;
    }
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  /** Any run, also empty; with a name its bytes are captured: `*`, `(rest:*)`. */
  | { readonly kind: 'run'; readonly name?: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly length: number }
  | { readonly kind: 'number'; readonly name: string; readonly type: NumberType };

/** Bytes that an element takes at an offset; else how far it got and whether the bytes ran out. */
export function elementLength(
  element: PatternElement,
  bytes: Uint8Array,
  at: number,
): number | { readonly matched: number; readonly short: boolean } {
  const left = bytes.byteLength - at;
  switch (element.kind) {
    case 'byte':
    case 'set':
      if (left < 1) return { matched: 0, short: true };
      return acceptsByte(element, bytes[at] ?? 0) ? 1 : { matched: 0, short: false };
    case 'text': {
      const { length } = element.bytes;
      for (let index = 0; index < Math.min(length, left); index++) {
        if (bytes[at + index] !== element.bytes[index]) return { matched: index, short: false };
      }
      return length <= left ? length : { matched: left, short: true };
    }
    case 'bytes':
      return element.length <= left ? element.length : { matched: left, short: true };
    case 'number': {
      const field = readNumber(bytes, at, element.type);
      if (typeof field === 'object') return field.length;
      return field === 'short' ? { matched: left, short: true } : { matched: 0, short: false };
    }
    case 'run':
      return 0;
  }
}

/** The least and the most bytes that an element can take. */
export function widthRange(element: PatternElement): readonly [number, number] {
  if (element.kind === 'text') return [element.bytes.length, element.bytes.length];
  if (element.kind === 'bytes') return [element.length, element.length];
  if (element.kind !== 'number') return [1, 1];
  if (element.type === 'varint') return [1, 10];
  return [widthOf(element.type), widthOf(element.type)];
}

function acceptsByte(
  element: Extract<PatternElement, { kind: 'byte' | 'set' }>,
  byte: number,
): boolean {
  if (element.kind === 'byte') return (byte & element.mask) === (element.value & element.mask);
  return element.negated !== element.ranges.some(([from, to]) => byte >= from && byte <= to);
}
