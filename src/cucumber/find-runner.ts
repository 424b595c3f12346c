import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import type { Runner } from './runner';

/** A package that runs features. */
export interface RunnerPackage {
  /** `@cucumber/cucumber`. */
  readonly name: string;
  /** The door that needs it: `brine/cucumber`. */
  readonly door: string;
  /** How it is installed: `@cucumber/cucumber`, `cucumber@6`. */
  readonly install: string;
}

/**
 * The runner of the project in the working folder.
 *
 * It is looked for from there and not from Brine's own place, where a second copy may lie: steps
 * that join another copy than the one that runs are never found by it.
 *
 * @param loaded - files loaded in this process; for tests
 * @throws Error it is not installed there, or another copy of it is running
 */
export function findRunner(
  wanted: RunnerPackage,
  folder: string = process.cwd(),
  loaded: readonly string[] = Object.keys(require.cache),
): Runner {
  const from = createRequire(join(folder, 'package.json'));
  let path: string;
  try {
    path = from.resolve(wanted.name);
  } catch {
    throw new Error(
      `${wanted.door} needs ${wanted.name} in this project (npm install --save-dev ${wanted.install})`,
    );
  }
  const found = copyOf(wanted.name, path);
  const other = loaded
    .map((file) => copyOf(wanted.name, file))
    .find((copy) => copy !== undefined && copy !== found);
  if (other !== undefined) {
    throw new Error(
      `two copies of ${wanted.name}: ${other} is running, ${found ?? path} is the one of this project`,
    );
  }
  return from(wanted.name) as Runner;
}

/** The folder of the copy of a package that a file belongs to. */
function copyOf(name: string, file: string): string | undefined {
  const folder = `${sep}node_modules${sep}${name.split('/').join(sep)}`;
  const at = file.lastIndexOf(`${folder}${sep}`);
  return at < 0 ? undefined : file.slice(0, at + folder.length);
}
