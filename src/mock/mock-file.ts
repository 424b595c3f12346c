/**
 * Mock files: YAML or JSON → definitions and plans, with the place of everything that is wrong.
 *
 * `mock-file-check.ts` holds the data to the schema, `mock-plan.ts` compiles it. `yaml` is loaded with
 * the first file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { Document, LineCounter, Node, Pair } from 'yaml';
import { TcpError } from '../base/errors';
import { Compiling } from './compiling';
import { checkMockFile } from './mock-file-check';
import type { MockDefinition, MockFile } from './mock-model';
import { compileMock, type MockPlan } from './mock-plan';
import { warningsOf } from './mock-warnings';
import { type DataPath, printDataPath } from './schema-reasons';

/** Something about a file that is wrong, or that looks wrong. */
export interface FileProblem {
  /** As it was named, or as it was included. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Such as `mocks[0].rules[2].thne`. */
  readonly path: string;
  readonly message: string;
}

/** A mock of a file. */
export interface FileMock {
  readonly definition: MockDefinition;
  /** @internal */
  readonly plan: MockPlan;
  readonly file: string;
  readonly line: number;
}

/** What a file holds. */
export interface MockFileReport {
  /** Empty when there are problems. */
  readonly mocks: readonly FileMock[];
  /** At most 50; the file cannot be used when there are any. */
  readonly problems: readonly FileProblem[];
  readonly warnings: readonly FileProblem[];
  /** The file and those it includes, as absolute paths. */
  readonly files: readonly string[];
}

const mostProblems = 50;

/** Reads a file and those it includes. Never throws for what is in them. */
export function readMockFile(path: string): MockFileReport {
  const reading = new Reading();
  reading.read(path, resolve(path), []);
  reading.checkNames();
  const { mocks, problems, warnings, files } = reading;
  return {
    mocks: problems.length > 0 ? [] : mocks,
    problems: problems.slice(0, mostProblems),
    warnings,
    files,
  };
}

/**
 * Reads the text of a file that is not on disk.
 *
 * @param folder - relative files are below it; default: the working folder
 */
export function readMockText(
  text: string,
  name: string = 'mocks.yaml',
  folder: string = '.',
): MockFileReport {
  const reading = new Reading();
  reading.readText(text, name, resolve(folder, name), []);
  reading.checkNames();
  const { mocks, problems, warnings, files } = reading;
  return { mocks: problems.length > 0 ? [] : mocks, problems, warnings, files };
}

/** `mail.yaml:21:7  mocks[0].rules[2].thne: unknown property (did you mean "then"?)` */
export function printProblem({ file, line, column, path, message }: FileProblem): string {
  return `${file}:${line}:${column}  ${path === '' ? '' : `${path}: `}${message}`;
}

/**
 * The mocks of a file that must be right.
 *
 * @throws TcpError `ECONFIG` - there are problems; each on a line of its own, with its place
 */
export function requireMocks(report: MockFileReport): readonly FileMock[] {
  const [first] = report.problems;
  if (first === undefined) return report.mocks;
  throw new TcpError(report.problems.map(printProblem).join('\n'), {
    code: 'ECONFIG',
    phase: 'config',
    field: first.path,
    path: first.file,
    line: first.line,
  });
}

/** The text of definitions as YAML. */
export function printMocks(mocks: readonly MockDefinition[]): string {
  return yaml().stringify({ version: 1, mocks }, { lineWidth: 0, singleQuote: true });
}

function yaml(): typeof import('yaml') {
  return require('yaml') as typeof import('yaml');
}

class Reading {
  readonly mocks: FileMock[] = [];
  readonly problems: FileProblem[] = [];
  readonly warnings: FileProblem[] = [];
  readonly files: string[] = [];

  read(name: string, path: string, from: readonly string[]): void {
    if (!existsSync(path)) {
      this.problems.push({
        file: name,
        line: 1,
        column: 1,
        path: '',
        message: 'there is no such file',
      });
      return;
    }
    this.readText(readFileSync(path, 'utf8'), name, path, from);
  }

  readText(text: string, name: string, path: string, from: readonly string[]): void {
    this.files.push(path);
    const { parseDocument, LineCounter } = yaml();
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const places = new Places(document, lines, name);
    for (const { pos, message, code } of document.errors) {
      const { line, col } = lines.linePos(pos[0]);
      const words = code === 'DUPLICATE_KEY' ? 'this key stands here twice' : message.toLowerCase();
      this.problems.push({ file: name, line, column: col, path: '', message: words });
    }
    if (document.errors.length > 0) return;
    const data: unknown = document.toJS();
    const reasons = checkMockFile(data);
    for (const { path: at, message } of reasons) this.problems.push(places.problem(at, message));
    if (reasons.length > 0) return;
    const { mocks, include = [] } = data as MockFile;
    for (const [index, definition] of mocks.entries()) {
      this.#addMock(definition, index, places, dirname(path));
    }
    for (const [index, other] of include.entries()) {
      const next = resolve(dirname(path), other);
      if (next === path || from.includes(next)) {
        this.problems.push(
          places.problem(['include', index], `"${other}" includes this file again`),
        );
      } else if (!this.files.includes(next)) {
        this.read(relative(process.cwd(), next), next, [...from, path]);
      }
    }
  }

  checkNames(): void {
    const seen = new Map<string, FileMock>();
    for (const mock of this.mocks) {
      const { name } = mock.definition;
      const other = seen.get(name);
      if (other === undefined) seen.set(name, mock);
      else {
        const where = `${basename(other.file)}:${other.line}`;
        const { file, line } = mock;
        const message = `mock "${name}" already exists (defined at ${where})`;
        this.problems.push({ file, line, column: 1, path: 'mocks', message });
      }
    }
  }

  #addMock(definition: MockDefinition, index: number, places: Places, folder: string): void {
    const place = new Compiling(`mocks[${index}]`, folder);
    const plan = compileMock(definition, place);
    for (const { path, message } of place.problems) {
      this.problems.push(places.problem(readDataPath(path), message));
    }
    const at = places.problem(['mocks', index, 'name'], '');
    this.mocks.push({ definition, plan, file: at.file, line: at.line });
    for (const warning of warningsOf(definition, plan)) {
      this.warnings.push(places.problem(['mocks', index, ...warning.path], warning.message));
    }
    for (const found of places.doubleQuoted(['mocks', index])) this.warnings.push(found);
  }
}

/** `mocks[0].rules[2]` → its steps. */
function readDataPath(path: string): DataPath {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key = '']) =>
    index === undefined ? key : Number(index),
  );
}

/** Where things stand in a file. */
class Places {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #file: string;

  constructor(document: Document, lines: LineCounter, file: string) {
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
  }

  problem(path: DataPath, message: string): FileProblem {
    const { line, col } = this.#lines.linePos(this.#offsetOf(path));
    return { file: this.#file, line, column: col, path: printDataPath(path), message };
  }

  /** Texts in double quotes with characters that a byte reader may take for bytes. */
  doubleQuoted(path: DataPath): readonly FileProblem[] {
    const { visit } = yaml();
    const found: FileProblem[] = [];
    const node = this.#document.getIn(path, true) as Node | undefined;
    if (node === undefined) return [];
    visit(node, {
      Scalar: (_key, scalar) => {
        if (scalar.type !== 'QUOTE_DOUBLE' || typeof scalar.value !== 'string') return;
        const match = /[\u0080-\u00ff]/.exec(scalar.value);
        if (match === null) return;
        const { line, col } = this.#lines.linePos(scalar.range?.[0] ?? 0);
        const code = match[0].charCodeAt(0).toString(16);
        const message = `in double quotes "\\x${code}" is a character of two bytes; write '\\x${code}' or { hex: ${code} } for the byte`;
        found.push({ file: this.#file, line, column: col, path: printDataPath(path), message });
      },
    });
    return found;
  }

  /** The offset of the deepest thing on a path that is there; of a key where the path ends with one. */
  #offsetOf(path: DataPath): number {
    const { isMap, isSeq, isScalar, isNode } = yaml();
    let node: unknown = this.#document.contents;
    let offset = 0;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(
          ({ key }: Pair) => isScalar(key) && String(key.value) === String(step),
        );
        if (pair === undefined) return offset;
        if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        if (isNode(node)) offset = node.range?.[0] ?? offset;
      } else return offset;
    }
    return offset;
  }
}
