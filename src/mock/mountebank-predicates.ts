import type { BytesDefinition } from './bytes-definition';
import type { Predicate, PredicateKeys } from './mock-model';
import { type ImportNotes, list, record } from './mountebank-notes';
import { bytesDefinition } from './recorded-talk';

/** How the data of an imposter is written. */
export type ImposterMode = 'text' | 'binary';

/** The bytes of `data`. */
export function dataOf(value: unknown, mode: ImposterMode): BytesDefinition {
  const text = typeof value === 'string' ? value : String(value ?? '');
  const bytes = Buffer.from(text, mode === 'binary' ? 'base64' : 'utf8');
  return mode === 'binary' ? { hex: bytes.toString('hex') } : bytesDefinition(bytes);
}

/** What the predicates of a stub are here; all of them must hold. */
export function predicateOf(
  predicates: readonly unknown[],
  mode: ImposterMode,
  where: string,
  notes: ImportNotes,
): Predicate {
  const all = predicates.map((one, at) =>
    oneOf(record(one), mode, `${where}.predicates[${at}]`, notes),
  );
  const [first] = all;
  if (first === undefined) return { any: true };
  return all.length === 1 ? first : { allOf: all };
}

function oneOf(
  predicate: Readonly<Record<string, unknown>>,
  mode: ImposterMode,
  where: string,
  notes: ImportNotes,
): Predicate {
  for (const key of ['jsonpath', 'xpath', 'except'] as const) {
    if (predicate[key] === undefined) continue;
    return { handler: notes.stub(where, `a predicate with ${key}`, predicate) };
  }
  const inner = (value: unknown): readonly Predicate[] =>
    list(value).map((one, at) => oneOf(record(one), mode, `${where}[${at}]`, notes));
  if (predicate['and'] !== undefined) return { allOf: inner(predicate['and']) };
  if (predicate['or'] !== undefined) return { anyOf: inner(predicate['or']) };
  const [not] = inner(predicate['not']);
  if (not !== undefined) return { not };
  if (predicate['inject'] !== undefined) {
    return { handler: notes.stub(where, 'code of a predicate', predicate['inject']) };
  }
  if (predicate['exists'] !== undefined) {
    const some: PredicateKeys = { length: { min: 1 } };
    return record(predicate['exists'])['data'] === false ? { not: some } : some;
  }
  return comparison(predicate, mode, where, notes);
}

const comparisons = ['equals', 'deepEquals', 'contains', 'startsWith', 'endsWith', 'matches'];

function comparison(
  predicate: Readonly<Record<string, unknown>>,
  mode: ImposterMode,
  where: string,
  notes: ImportNotes,
): Predicate {
  const kind = comparisons.find((key) => predicate[key] !== undefined);
  const data = record(predicate[kind ?? ''])['data'];
  if (kind === undefined || data === undefined) {
    return { handler: notes.stub(where, 'a predicate on more than data', predicate) };
  }
  const isExact = predicate['caseSensitive'] === true || predicate['keyCaseSensitive'] === true;
  if (kind === 'matches') return regexOf(String(data), isExact);
  if (mode === 'binary') {
    notes.warn('binary data is compared byte by byte now, not as text without case');
  } else if (!isExact) {
    notes.warn('text is compared without case, as before: a literal in place of /…/i is exact');
    return regexOf(expressionOf(kind, String(data)), false);
  }
  const bytes = dataOf(data, mode);
  if (kind === 'equals' || kind === 'deepEquals') return { equals: bytes };
  return { [kind]: bytes } as PredicateKeys;
}

/** Characters of more than one byte need the flag `u`. */
function regexOf(regex: string, isExact: boolean): PredicateKeys {
  const flags = `${isExact ? '' : 'i'}${/[^\0-\x7f]/.test(regex) ? 'u' : ''}`;
  return flags === '' ? { regex } : { regex, flags };
}

function expressionOf(kind: string, text: string): string {
  const written = text
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
  const from = kind === 'contains' || kind === 'endsWith' ? '' : '^';
  const to = kind === 'contains' || kind === 'startsWith' ? '' : '$';
  return `${from}${written}${to}`;
}
