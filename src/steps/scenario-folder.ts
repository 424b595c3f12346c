import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** Which scenario this is. */
export interface ScenarioFacts {
  readonly name: string;
  /** Path of the feature, as the runner names it. */
  readonly uri: string;
  readonly line: number;
}

/** The folder of one scenario, for the programs it starts and the evidence it leaves. */
export class ScenarioFolder {
  /** Absolute path; the folder exists only once {@link path} was asked for. */
  readonly #path: string;
  readonly #feature: string;
  #made = false;

  constructor(parent: string, scenario: ScenarioFacts) {
    this.#path = ownPath(resolve(parent, folderName(scenario)), scenario);
    this.#feature = resolve(dirname(scenario.uri));
  }

  /** Absolute path; made, empty, on first use. */
  get path(): string {
    if (!this.#made) {
      rmSync(this.#path, { recursive: true, force: true });
      mkdirSync(this.#path, { recursive: true });
      this.#made = true;
    }
    return this.#path;
  }

  /** A path beside it that nothing else has; for what outlives it. */
  get beyond(): string {
    return this.#path;
  }

  /** Its own name, without where it is. */
  get name(): string {
    return basename(this.#path);
  }

  /** Its path for people, from the working folder; it is not made by this. */
  get shown(): string {
    return relative(process.cwd(), this.#path) || '.';
  }

  /** Whether anything asked for it. */
  get made(): boolean {
    return this.#made;
  }

  /** The folder of the feature file: where `file "x"` is looked for. */
  get feature(): string {
    return this.#feature;
  }

  /**
   * The absolute path of a file inside the scenario folder; its parent is made.
   *
   * @throws Error `the path "../x" leaves the scenario folder`
   */
  inside(name: string): string {
    const path = resolve(this.path, name);
    const way = relative(this.path, path);
    if (way === '' || way.startsWith('..') || isAbsolute(way)) {
      throw new Error(`the path "${name}" leaves the scenario folder`);
    }
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  /** The absolute path of a file beside the feature, whether or not it exists. */
  beside(name: string): string {
    return join(this.#feature, name);
  }

  /** Deletes it. */
  remove(): void {
    if (existsSync(this.#path)) rmSync(this.#path, { recursive: true, force: true });
    this.#made = false;
  }
}

/** Paths of this process, and which feature each belongs to. */
const taken = new Map<string, string>();

/** Scenarios of two features may have one name and one line; each keeps its folder. */
function ownPath(path: string, { uri }: ScenarioFacts): string {
  for (let number = 1; ; number++) {
    const own = number === 1 ? path : `${path}-${number}`;
    if ((taken.get(own) ?? uri) !== uri) continue;
    taken.set(own, uri);
    return own;
  }
}

/** `Server wants mail!` at line 12 → `server-wants-mail-12`. */
function folderName({ name, line }: ScenarioFacts): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const slug = words.replace(/^-|-$/g, '').slice(0, 60);
  return `${slug === '' ? 'scenario' : slug}-${line}`;
}
