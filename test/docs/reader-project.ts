import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/**
 * A temporary package as a reader of the documentation has it: `brine` and the packages beside it
 * are installed (linked to this repository), nothing else.
 */
export class ReaderProject {
  readonly folder: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'brine-docs-'));
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    for (const name of names) this.#link(name, resolve('node_modules', name));
    this.#link('brine', resolve('.'));
    this.write('package.json', '{ "name": "reader", "version": "1.0.0", "private": true }\n');
  }

  #link(name: string, target: string): void {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
  }

  /** Writes a file and returns its full path. */
  write(path: string, content: string): string {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Puts code on the same lines of a file as it has on its page, so that errors name the page's lines. */
export function onItsLines(line: number, code: string, before = ''): string {
  return `${'\n'.repeat(Math.max(0, line - 2))}${before}${line > 1 ? '\n' : ''}${code}`;
}
