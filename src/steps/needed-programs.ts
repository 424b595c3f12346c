import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const tagForm = /^@needs\((.+)\)$/;

/**
 * The programs that a scenario needs by its tags, `@needs(redis-server)`, and that are not found.
 *
 * @param path - folders to look in, as in the environment variable PATH
 */
export function missingPrograms(tags: readonly string[], path: string): readonly string[] {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return tags
    .flatMap((tag) => tagForm.exec(tag)?.[1] ?? [])
    .filter((program) => !folders.some((folder) => isProgram(join(folder, program))));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
