/** What steps say about rules, as definitions of the mock engine. */
import { printBytes } from '../base/byte-literal-printer';
import { type BytePattern, printPattern, printQuotedPattern } from '../base/byte-pattern';
import { type ByteRegex, printByteRegex } from '../base/byte-regex';
import { asBuffer } from '../base/bytes';
import type { BytesDefinition } from '../mock/bytes-definition';
import type { Predicate, RuleDefinition } from '../mock/mock-model';

/** A rule that steps make has a name, so that failures and a second rule for the same can say it. */
export type NamedRule = RuleDefinition & { readonly name: string };

/** The name of a rule for these bytes: `LIST`, or `hex "01 02"`. */
export function ruleNameOf(bytes: Uint8Array): string {
  const printed = printBytes(bytes);
  return printed.startsWith('"') ? printed.slice(1, -1) : printed;
}

/** A rule for frames that equal some bytes. */
export function ruleForBytes(bytes: Uint8Array, then: RuleDefinition['then']): NamedRule {
  return ruleOf(ruleNameOf(bytes), bytes, then);
}

const startsTls = { startTls: true } as const;

/** The same rules, of which the one for some bytes starts TLS behind its answer. */
export function withUpgrade(
  rules: readonly RuleDefinition[],
  bytes: Uint8Array,
): readonly RuleDefinition[] {
  const name = ruleNameOf(bytes);
  const known = rules.find((rule) => rule.name === name);
  const then = [known?.then ?? [], startsTls].flat();
  const upgraded = { ...(known ?? { name, when: bytes }), then };
  return [...rules.filter((rule) => rule !== known), upgraded];
}

/** A rule for frames like a pattern. */
export function ruleForPattern(pattern: BytePattern, reply: Uint8Array): NamedRule {
  const when = { pattern: printPattern(pattern) };
  return ruleOf(printQuotedPattern(pattern), when, { send: reply });
}

/** A rule for frames that match an expression; `$1` and `$<name>` in the reply are what it caught. */
export function ruleForRegex(regex: ByteRegex, reply: Uint8Array): NamedRule {
  const { parts, numbers } = splitReply(reply);
  const { source, names } = numbers
    ? nameGroups(regex.source)
    : { source: regex.source, names: [] };
  const pieces = parts.map((part): BytesDefinition => {
    if (typeof part !== 'string') return part;
    const name = /^\d+$/.test(part) ? names[Number(part) - 1] : part;
    if (name !== undefined) return { text: `\${${name}}`, template: true };
    throw new Error(`$${part}: ${printByteRegex(regex)} has ${names.length} groups`);
  });
  const flags = regex.flags === '' ? {} : { flags: regex.flags };
  const send = pieces.length === 1 ? (pieces[0] ?? reply) : { concat: pieces };
  return ruleOf(printByteRegex(regex), { regex: source, ...flags }, { send });
}

function ruleOf(name: string, when: Predicate, then: RuleDefinition['then']): NamedRule {
  return then === undefined ? { name, when } : { name, when, then };
}

/** Bytes and, between them, what stands for a group: its number or its name. `$$` is a `$`. */
function splitReply(reply: Uint8Array): {
  readonly parts: readonly (Uint8Array | string)[];
  readonly numbers: boolean;
} {
  const text = asBuffer(reply).toString('latin1');
  const parts: (Uint8Array | string)[] = [];
  let literal = '';
  let from = 0;
  let numbers = false;
  const flush = (): void => {
    if (literal !== '') parts.push(Buffer.from(literal, 'latin1'));
    literal = '';
  };
  for (const match of text.matchAll(/\$(?:(\$)|([1-9]\d?)|<([A-Za-z_]\w*)>)/g)) {
    literal += text.slice(from, match.index) + (match[1] ?? '');
    from = match.index + match[0].length;
    const group = match[2] ?? match[3];
    if (group === undefined) continue;
    numbers ||= match[2] !== undefined;
    flush();
    parts.push(group);
  }
  literal += text.slice(from);
  flush();
  return { parts, numbers };
}

/** The same expression with a name for every group, and the names in the order of the groups. */
function nameGroups(source: string): {
  readonly source: string;
  readonly names: readonly string[];
} {
  const names: string[] = [];
  // Escapes and classes are passed over as wholes: no group begins in them.
  const named = source.replace(
    /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?<([A-Za-z_$][\w$]*)>|(?!\?))/g,
    (found, name: string | undefined) => {
      if (!found.startsWith('(')) return found;
      names.push(name ?? `group${names.length + 1}`);
      return name === undefined ? `(?<${names.at(-1)}>` : found;
    },
  );
  return { source: named, names };
}
