import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of this repository, from its top. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

/** Reads every file below the folders whose name ends so, in order of path. */
export function readFiles(folders: readonly string[], ending: RegExp): readonly RepositoryFile[] {
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && ending.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name)),
    )
    .sort()
    .map(read);
}

/** Reads the files at the top of the repository whose name ends so. */
export function readTop(ending: RegExp): readonly RepositoryFile[] {
  return readdirSync('.')
    .filter((name) => ending.test(name))
    .sort()
    .map(read);
}

function read(path: string): RepositoryFile {
  const text = readFileSync(path, 'utf8');
  return { path, text, lines: text.split('\n').length - 1 };
}

/** The places, as `path:line`, of lines that match. */
export function placesOf(files: readonly RepositoryFile[], pattern: RegExp): readonly string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [],
      ),
  );
}
