import type { BytesDefinition } from './bytes-definition';
import type { Action } from './mock-model';
import { type ImportNotes, list, record } from './mountebank-notes';
import { dataOf, type ImposterMode } from './mountebank-predicates';

/** An answer, and how often it is given in a row. */
export interface ImportedResponse {
  readonly actions: readonly Action[];
  readonly repeat: number;
  /** Expressions whose groups the answer uses. */
  readonly copies: readonly { readonly regex: string; readonly flags: string }[];
}

type Json = Readonly<Record<string, unknown>>;

/** What a response of a stub is here. */
export function responseOf(
  value: unknown,
  mode: ImposterMode,
  where: string,
  notes: ImportNotes,
): ImportedResponse {
  const response = record(value);
  const behaviors = behaviorsOf(response);
  const repeat = Number(response['repeat'] ?? one(behaviors, 'repeat') ?? 1);
  const code = codeOf(response, behaviors);
  if (code !== undefined) {
    const [what, source] = code;
    return { actions: [{ handler: notes.stub(where, what, source) }], repeat, copies: [] };
  }
  const copies = behaviors.flatMap((behavior) => list(behavior['copy'])).map(record);
  const wait = Number(one(behaviors, 'wait') ?? 0);
  const waits: readonly Action[] = wait > 0 ? [{ wait }] : [];
  const { actions, used } = answerOf(response, copies, { mode, where, notes });
  return { actions: [...waits, ...actions], repeat, copies: used };
}

/** Old files have one object `_behaviors`, new ones a list. */
function behaviorsOf(response: Json): readonly Json[] {
  return [...list(response['_behaviors']), ...list(response['behaviors'])].map(record);
}

function one(behaviors: readonly Json[], key: string): unknown {
  return behaviors.find((behavior) => behavior[key] !== undefined)?.[key];
}

/** What of a response would have to be run, and its source. */
function codeOf(
  response: Json,
  behaviors: readonly Json[],
): readonly [string, unknown] | undefined {
  if (response['inject'] !== undefined) return ['code of a response', response['inject']];
  for (const key of ['decorate', 'shellTransform', 'lookup'] as const) {
    if (one(behaviors, key) !== undefined) return [`a response with ${key}`, response];
  }
  const wait = one(behaviors, 'wait');
  const isNumber = wait === undefined || Number.isFinite(Number(wait));
  return isNumber ? undefined : ['a wait that is code', response];
}

interface Place {
  readonly mode: ImposterMode;
  readonly where: string;
  readonly notes: ImportNotes;
}

interface Answer {
  readonly actions: readonly Action[];
  readonly used: ImportedResponse['copies'];
}

function answerOf(response: Json, copies: readonly Json[], place: Place): Answer {
  const { mode, where, notes } = place;
  const plain = (...actions: readonly Action[]): Answer => ({ actions, used: [] });
  if (response['fault'] === 'CONNECTION_RESET_BY_PEER') return plain({ close: 'reset' });
  if (response['fault'] === 'RANDOM_DATA_THEN_CLOSE') {
    return plain({ send: { random: 64 } }, { close: 'end' });
  }
  if (response['fault'] !== undefined) {
    notes.warn(`${where}: fault ${String(response['fault'])} is unknown and left out`);
    return plain({ silence: true });
  }
  const proxy = record(response['proxy']);
  if (proxy['to'] !== undefined) {
    if (proxy['mode'] !== 'proxyTransparent') {
      notes.warn(`${where}: what a proxy hears is not kept; use brine mock record for that`);
    }
    const to = targetOf(proxy['to']);
    return plain({ forward: to === notes.upstream ? 'upstream' : to });
  }
  const data = record(response['is'])['data'];
  if (data === undefined || data === '') return plain({ silence: true });
  if (copies.length === 0 || mode === 'binary') return plain({ send: dataOf(data, mode) });
  return filled(String(data), copies, place);
}

/** `host:port` of the target of a proxy. */
export function targetOf(to: unknown): string {
  return String(to).replace(/^tcp:\/\//, '');
}

/** Tokens of `copy` become templates. */
function filled(data: string, copies: readonly Json[], { mode, where, notes }: Place): Answer {
  const used: { regex: string; flags: string }[] = [];
  let parts: readonly (string | { readonly name: string })[] = [data];
  for (const copy of copies) {
    const using = record(copy['using']);
    const into = String(copy['into'] ?? '');
    if (using['method'] !== 'regex' || data.includes(`${into}[`)) {
      const handler = notes.stub(where, 'a copy of more than a whole match', copy);
      return { actions: [{ handler }], used: [] };
    }
    const name = notes.nextCopy();
    const options = record(using['options']);
    const flags = `${options['ignoreCase'] === true ? 'i' : ''}${options['multiline'] === true ? 'm' : ''}`;
    // A frame without it is answered, too, with nothing in its place.
    used.push({ regex: `(?:[\\s\\S]*?(?<${name}>${String(using['selector'])}))?`, flags });
    parts = parts.flatMap((part) =>
      typeof part === 'string'
        ? part.split(into).flatMap((text, at) => (at === 0 ? [text] : [{ name }, text]))
        : [part],
    );
  }
  const text = parts.map((part) =>
    typeof part === 'string' ? plainText(part, mode) : `\${${part.name}}`,
  );
  return { actions: [{ send: { text: text.join(''), template: true } }], used };
}

/** Text with escapes in which nothing is a template. */
function plainText(part: string, mode: ImposterMode): string {
  const bytes: BytesDefinition = dataOf(part, mode);
  const text =
    typeof bytes === 'string'
      ? bytes
      : Array.from(
          Buffer.from(part, 'utf8'),
          (byte) => `\\x${byte.toString(16).padStart(2, '0')}`,
        ).join('');
  return text.replaceAll('${', '$${');
}
