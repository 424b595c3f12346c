/** A file that has to be written by hand: what stood there was code. */
export interface HandlerStub {
  /** Relative to the mock file: `handlers/1.cjs`. */
  readonly path: string;
  readonly text: string;
}

/** What an import could not take over as it was. */
export class ImportNotes {
  readonly warnings: Set<string> = new Set<string>();
  readonly stubs: HandlerStub[] = [];
  /** The one place that the proxies of an imposter lead to. */
  upstream: string | undefined;
  #copies = 0;

  /** A name that no other copy of a match has. */
  nextCopy(): string {
    return `copy${++this.#copies}`;
  }

  warn(text: string): void {
    this.warnings.add(text);
  }

  /**
   * A function to be written in place of something that Brine does not run.
   *
   * @returns what names it: `./handlers/1.cjs#todo`
   */
  stub(where: string, what: string, source: unknown): string {
    const path = `handlers/${this.stubs.length + 1}.cjs`;
    const code = typeof source === 'string' ? source : JSON.stringify(source, undefined, 2);
    const lines = code.split(/\r?\n/).map((line) => `// ${line}`.trimEnd());
    const text = [
      `// ${where}: ${what}. This was:`,
      ...lines,
      '//',
      '// context: { bytes, text, captures, state, vars, connection }',
      'exports.todo = (context) => undefined;',
      '',
    ].join('\n');
    this.stubs.push({ path, text });
    this.warn(`${where}: ${what} is not run; write it in ${path}`);
    return `./${path}#todo`;
  }
}

/** A JSON object, or nothing of one. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A list; one thing that stands alone is a list of one. */
export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}
