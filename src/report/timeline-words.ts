/** The words of rows, from what events tell in detail. */
import type { WireEvent } from '../network/wire-event';
import type { DraftItem } from './draft-item';

/** The type of a fault, and what it did; what the row shows anyway is left out. */
export function faultWords(event: WireEvent): Partial<DraftItem> {
  const { type = 'fault', ...facts } = event.detail ?? {};
  const { [String(type)]: same, proxy: _, proxied: __, fault, ...others } = facts;
  // The name that a fault has unless it is given one says nothing more.
  const isNamed = fault !== undefined && fault !== type && fault !== `${type}_${facts['stream']}`;
  const name = isNamed ? `"${fault}"` : undefined;
  const words = [name, same, wordsIn(others, [])].filter(
    (word) => word !== undefined && word !== '',
  );
  return { p: String(type), q: words.join(', ') };
}

/** What happened, named by one of its facts, and the others. */
export function wordsOf(
  detail: NonNullable<WireEvent['detail']>,
  name: string,
): Partial<DraftItem> {
  return { p: String(detail[name] ?? name), q: wordsIn(detail, [name]) };
}

/** Facts in words: `name value, name value`. */
export function wordsIn(
  detail: NonNullable<WireEvent['detail']>,
  without: readonly string[],
): string {
  return Object.entries(detail)
    .filter(([name]) => !without.includes(name))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
