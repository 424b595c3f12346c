import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that whoever reads it finds all of it or none. */
export function writeAtomically(path: string, text: string): void {
  const half = `${path}.${process.pid}.part`;
  writeFileSync(half, text);
  renameSync(half, path);
}
