import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../base/write-atomically';
import { caseHash, readStoredCase, type StoredCase } from './stored-case';

/** Campaigns in a row that a stored failure must pass to count as fixed. */
const passesUntilFixed = 3;

/** A failure in its file. */
export interface KeptFailure {
  readonly path: string;
  readonly stored: StoredCase & KeptFacts;
}

interface KeptFacts {
  /** A regression test: it stays where it is, also when it passes. */
  readonly pinned?: boolean;
  /** Campaigns in a row that it has passed. */
  readonly passed?: number;
}

/** Failures found before, one file each, which every campaign tries first. */
export class FailureDatabase {
  readonly #folder: string;
  /** Files that could not be read, in words. */
  readonly warnings: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Failures of one property in one target. What cannot be read is left out, with a warning. */
  of(property: string, target: string): readonly KeptFailure[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .flatMap((name) => this.#read(join(this.#folder, name)))
      .filter(({ stored }) => stored.property === property && stored.target === target);
  }

  /** Keeps a failure; returns where. */
  keep(stored: StoredCase): string {
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, `${caseHash(stored)}.json`);
    // What somebody has pinned stays pinned.
    const pinned = existsSync(path) && this.#read(path)[0]?.stored.pinned === true;
    write(path, { ...stored, ...(pinned && { pinned }) });
    return path;
  }

  /** Takes note that a failure did not happen again; returns whether it counts as fixed now. */
  pass({ path, stored }: KeptFailure): boolean {
    if (stored.pinned === true) return false;
    const passed = (stored.passed ?? 0) + 1;
    write(path, { ...stored, passed });
    if (passed < passesUntilFixed) return false;
    const fixed = join(this.#folder, '..', 'out', 'fixed');
    mkdirSync(fixed, { recursive: true });
    renameSync(path, join(fixed, `${caseHash(stored)}.json`));
    return true;
  }

  /** Takes note that a failure has happened again. */
  fail({ path, stored }: KeptFailure): void {
    if (stored.passed !== undefined) write(path, { ...stored, passed: 0 });
  }

  #read(path: string): KeptFailure[] {
    try {
      return [{ path, stored: readStoredCase(readFileSync(path, 'utf8'), path) }];
    } catch (error) {
      this.warnings.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  }
}

function write(path: string, stored: StoredCase & KeptFacts): void {
  writeAtomically(path, `${JSON.stringify(stored, undefined, 2)}\n`);
}
