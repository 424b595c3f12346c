/**
 * Imposters of mountebank that speak tcp → mocks. Nothing of them is ever run.
 *
 * `mountebank-predicates.ts` and `mountebank-responses.ts` take over what a stub says;
 * `mountebank-notes.ts` keeps what could not be.
 *
 * @source docs/mocks.md#mountebank
 */
import { refusal } from '../base/errors';
import { Compiling } from './compiling';
import type { Actions, MockDefinition, Predicate, RuleDefinition } from './mock-model';
import { type HandlerStub, ImportNotes, list, record } from './mountebank-notes';
import { dataOf, type ImposterMode, predicateOf } from './mountebank-predicates';
import { type ImportedResponse, responseOf, targetOf } from './mountebank-responses';
import { compileRules } from './rules';

export type { HandlerStub };

/** What an import makes. */
export interface ImportedMocks {
  readonly mocks: readonly MockDefinition[];
  /** What changed, or could not be taken over. */
  readonly warnings: readonly string[];
  /** Files that stand for code, to be written beside the mock file and then by hand. */
  readonly stubs: readonly HandlerStub[];
}

/** Whether a JSON value is a file of imposters, or one of them. */
export function isImposters(value: unknown): boolean {
  const { imposters, protocol, mocks } = record(value);
  return mocks === undefined && (Array.isArray(imposters) || typeof protocol === 'string');
}

/**
 * The mocks of saved imposters; those that do not speak tcp are left out with a warning.
 *
 * They are lenient, as imposters are: an unmatched frame fails nothing.
 *
 * @throws TcpError `ECONFIG` - this is no file of imposters, or none of them speaks tcp
 */
export function importMountebank(value: unknown): ImportedMocks {
  if (!isImposters(value)) throw refusal('imposters', 'this is no file of imposters');
  const { imposters = [value] } = record(value);
  const notes = new ImportNotes();
  const names = new Set<string>();
  const mocks = list(imposters).flatMap((one): readonly MockDefinition[] => {
    const imposter = record(one);
    const port = Number(imposter['port'] ?? 0);
    if (imposter['protocol'] !== 'tcp') {
      notes.warn(
        `the imposter on port ${port} speaks ${String(imposter['protocol'])} and is left out`,
      );
      return [];
    }
    return [mockOf(imposter, port, notes, names)];
  });
  if (mocks.length === 0) throw refusal('imposters', 'none of the imposters speaks tcp');
  return { mocks, warnings: [...notes.warnings], stubs: notes.stubs };
}

type Json = Readonly<Record<string, unknown>>;

function mockOf(
  imposter: Json,
  port: number,
  notes: ImportNotes,
  names: Set<string>,
): MockDefinition {
  const name = nameOf(imposter['name'], port, names);
  const host = imposter['host'];
  if (host === undefined) {
    notes.warn(`${name}: it listened on every interface, and does on loopback now`);
  }
  const mode: ImposterMode = imposter['mode'] === 'binary' ? 'binary' : 'text';
  const resolver = record(imposter['endOfRequestResolver'])['inject'];
  notes.warn(
    `${name}: framing is none, so that a frame is what comes at once${proposal(resolver)}`,
  );
  const answer = record(imposter['defaultResponse'])['data'];
  const stubs = list(imposter['stubs']).map(record);
  notes.upstream = upstreamOf(stubs);
  const rules = stubs.map((stub, at) => ruleOf(stub, mode, `${name}: stubs[${at}]`, notes));
  const { upstream } = notes;
  return {
    name,
    listen: host === undefined ? port : { host: String(host), port },
    mode: 'lenient',
    ...(rules.length > 0 && { rules: inOrder(rules) }),
    ...(answer !== undefined && answer !== '' && { unmatched: { send: dataOf(answer, mode) } }),
    ...(upstream !== undefined && { upstream }),
  };
}

function nameOf(given: unknown, port: number, names: Set<string>): string {
  const wanted = String(given ?? '').replace(/[^A-Za-z0-9_.-]+/g, '-') || `tcp-${port}`;
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted}-${number}`;
  names.add(name);
  return name;
}

/** The framing that the code of a resolver looks for, where that is evident. */
function proposal(resolver: unknown): string {
  if (typeof resolver !== 'string') return '';
  if (/\\r\\n/.test(resolver)) return '; its resolver looks for CR LF: try framing: crlf';
  if (/\\n/.test(resolver)) return '; its resolver looks for LF: try framing: line';
  const [, bits, endian] = /readU?Int(8|16|32)(BE|LE)?/i.exec(resolver) ?? [];
  if (bits === undefined) return '; its resolver is not run: choose the framing by hand';
  const type = `u${bits}${(endian ?? '').toLowerCase()}`;
  return `; its resolver reads a length: try framing: { kind: length-prefix, type: ${type} }`;
}

function ruleOf(stub: Json, mode: ImposterMode, where: string, notes: ImportNotes): RuleDefinition {
  const when = predicateOf(list(stub['predicates']), mode, where, notes);
  const given = list(stub['responses']);
  const responses = given.map((one, at) =>
    responseOf(one, mode, `${where}.responses[${at}]`, notes),
  );
  const copies = responses.flatMap((response) => response.copies);
  const all: Predicate = copies.length === 0 ? when : { allOf: [when, ...copies.map(copyOf)] };
  const answers = responses.flatMap(repeated);
  const [first = { silence: true }] = answers;
  if (answers.length < 2) return { when: all, then: first };
  return { when: all, sequence: answers, exhausted: 'loop' };
}

function copyOf({ regex, flags }: ImportedResponse['copies'][number]): Predicate {
  return flags === '' ? { regex } : { regex, flags };
}

function repeated({ actions, repeat }: ImportedResponse): readonly Actions[] {
  const [only = { silence: true }, ...others] = actions;
  return Array<Actions>(Math.max(1, repeat)).fill(others.length === 0 ? only : actions);
}

/** The one place that all proxies of an imposter lead to. */
function upstreamOf(stubs: readonly Json[]): string | undefined {
  const responses = stubs.flatMap((stub) => list(stub['responses'])).map(record);
  const targets = responses.flatMap((response) => {
    const { to } = record(response['proxy']);
    return to === undefined ? [] : [targetOf(to)];
  });
  const [only, ...others] = new Set(targets);
  return others.length === 0 ? only : undefined;
}

/** Stubs are tried as they stand; rules, which are sorted, need priorities where that differs. */
function inOrder(rules: readonly RuleDefinition[]): readonly RuleDefinition[] {
  const bare = rules.map(({ when }) => ({
    when: withoutHandlers(when),
    then: { silence: true as const },
  }));
  const tried = compileRules(bare, new Compiling('rules', process.cwd())).map(({ index }) => index);
  if (tried.every((index, at) => index === at)) return rules;
  return rules.map((rule, at) => ({ ...rule, priority: rules.length - at }));
}

/** A predicate whose files need not be there yet. */
function withoutHandlers(when: Predicate): Predicate {
  if (typeof when !== 'object' || !('handler' in when)) return when;
  return { ...when, handler: () => false };
}
