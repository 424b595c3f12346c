import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What our own package.json says about this copy of Brine. */
export interface PackageInfo {
  readonly name: string;
  readonly version: string;
}

/** Reads name and version of this copy; the same from `src/` and from `dist/`. */
export function packageInfo(): PackageInfo {
  const { name, version } = JSON.parse(
    readFileSync(packageFile('package.json'), 'utf8'),
  ) as PackageInfo;
  return { name, version };
}

/** The full path of a file of this copy, from its top folder. */
export function packageFile(...names: readonly string[]): string {
  return join(__dirname, '..', '..', ...names);
}
