import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What our own package.json says about this copy of Brine. */
export interface PackageInfo {
  readonly name: string;
  readonly version: string;
}

/** Reads name and version of this copy; the same from `src/` and from `dist/`. */
export function packageInfo(): PackageInfo {
  const text = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  const { name, version } = JSON.parse(text) as PackageInfo;
  return { name, version };
}
