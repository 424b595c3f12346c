import { suggestion } from '../base/closest-word';

/** `${mock "mail" port}`: what stands for a value. */
export interface Reference {
  /** `mock`, `port`, `match`, … */
  readonly kind: string;
  /** The quoted name, if there is one. */
  readonly name?: string;
  /** The word at the end, if there is one: `port`, `host`, `pid`. */
  readonly part?: string;
  /** As it was written, with its braces. */
  readonly source: string;
}

/** Text with references in it, in order. Neighbouring texts are one. */
export type Template = readonly (string | Reference)[];

/** Gives the value of a reference. */
export type Resolve = (reference: Reference) => string;

const opening = '${';
const form = /\$\{\s*([A-Za-z]+)(?:\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?(?:\s+(\w+))?\s*\}/y;

/**
 * Reads text in which `${…}` stands for a value and `$${` for a literal `${`.
 *
 * @throws Error a `${` that no reference follows
 * @source docs/processes.md#command-lines
 */
export function parseTemplate(text: string): Template {
  const builder = new TemplateBuilder();
  for (let at = 0; at < text.length; ) {
    const special = readSpecial(text, at);
    builder.add(special === undefined ? text.charAt(at) : special.part);
    at = special === undefined ? at + 1 : special.end;
  }
  return builder.template;
}

/** Puts the values in. */
export function fillTemplate(template: Template, resolve: Resolve): string {
  return template.map((part) => (typeof part === 'string' ? part : resolve(part))).join('');
}

/** Reads text and puts the values in at once. */
export function interpolate(text: string, resolve: Resolve): string {
  return fillTemplate(parseTemplate(text), resolve);
}

/** Writes text so that {@link parseTemplate} gives it back unchanged. */
export function escapeTemplate(text: string): string {
  return text.replaceAll(opening, () => '$${');
}

/**
 * Reads `$${` or a reference at a place; `undefined` when there is neither.
 *
 * @internal
 * @throws Error a `${` that no reference follows
 */
export function readSpecial(
  text: string,
  at: number,
): { readonly part: string | Reference; readonly end: number } | undefined {
  if (text.startsWith('$${', at)) return { part: opening, end: at + 3 };
  if (!text.startsWith(opening, at)) return undefined;
  form.lastIndex = at;
  const match = form.exec(text);
  if (match === null) throw new Error(malformed(text, at));
  const [source, kind = '', quoted, part] = match;
  return {
    part: {
      kind,
      source,
      ...(quoted === undefined ? {} : { name: unquote(quoted) }),
      ...(part === undefined ? {} : { part }),
    },
    end: at + source.length,
  };
}

/** Collects parts, joining neighbouring texts. */
export class TemplateBuilder {
  readonly #parts: (string | Reference)[] = [];

  add(part: string | Reference): void {
    const last = this.#parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') {
      this.#parts[this.#parts.length - 1] = last + part;
    } else if (part !== '') {
      this.#parts.push(part);
    }
  }

  get template(): Template {
    return this.#parts;
  }
}

/**
 * The refusal of a reference to something that is not there.
 *
 * @param known - names, or kinds, that would have been right
 */
export function nothingCalled(what: string, word: string, known: Iterable<string>): Error {
  const subject = what === '' ? word : `${what} "${word}"`;
  return new Error(`nothing called ${subject} to put here${suggestion(word, known)}`);
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/g, '$1');
}

function malformed(text: string, at: number): string {
  const rest = text.slice(at, at + 24);
  return (
    `"${rest}" is no reference such as \${mock "mail"} or \${env HOME}, ` +
    `at column ${at + 1} (write $\${ for a literal \${)`
  );
}
