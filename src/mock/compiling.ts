import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { refusal, TcpError } from '../base/errors';

/** What is wrong with a definition, and where. */
export interface MockProblem {
  /** Such as `mocks[0].rules[2].when.regex`. */
  readonly path: string;
  readonly message: string;
}

/** Where one compilation stands: the path for messages, and what it may take from outside. */
export class Compiling {
  readonly path: string;
  /** Relative files are below this folder. */
  readonly folder: string;
  /** Names that templates may use. */
  readonly names: ReadonlySet<string>;
  /** Everything found wrong so far; shared by all places of one compilation. */
  readonly problems: MockProblem[];

  constructor(
    path: string,
    folder: string,
    names: ReadonlySet<string> = new Set(),
    problems: MockProblem[] = [],
  ) {
    this.path = path;
    this.folder = folder;
    this.names = names;
    this.problems = problems;
  }

  /** The place of a key, or of an item of a list. */
  at(key: string | number): Compiling {
    const step = typeof key === 'number' ? `[${key}]` : `${this.path === '' ? '' : '.'}${key}`;
    return new Compiling(this.path + step, this.folder, this.names, this.problems);
  }

  with(names: Iterable<string>): Compiling {
    return new Compiling(this.path, this.folder, new Set([...this.names, ...names]), this.problems);
  }

  /** Does a piece of work; what it refuses is kept, and a stand-in goes on so that the rest is looked at too. */
  attempt<T>(work: () => T, standIn: T): T {
    try {
      return work();
    } catch (error) {
      if (!TcpError.is(error)) throw error;
      this.problem(error.message);
      return standIn;
    }
  }

  problem(message: string): void {
    const own = message.startsWith(`${this.path}: `)
      ? message.slice(this.path.length + 2)
      : message;
    this.problems.push({ path: this.path, message: own });
  }

  /** @throws TcpError `ECONFIG` - there is no such file */
  readFile(name: string): Uint8Array {
    const path = resolve(this.folder, name);
    try {
      return readFileSync(path);
    } catch (error) {
      throw refusal(this.path, `file "${name}" not found (looked in ${this.folder})`, error);
    }
  }
}

/** Files with more mistakes than this name the first ones. */
const mostProblems = 50;

/** @throws TcpError `ECONFIG` - there are problems; one a line, each with its path */
export function throwProblems(problems: readonly MockProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const lines = problems.slice(0, mostProblems).map(({ path, message }) => `${path}: ${message}`);
  throw refusal(first.path, lines.join('\n'));
}
