import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** What was tried. */
export interface StartAttempt {
  readonly label: string;
  readonly file: string;
  /** An absolute path. */
  readonly directory: string;
}

/**
 * A program that could not be started: `command "server" could not start: "servr" not found …`.
 *
 * The system says ENOENT for a missing program, a missing interpreter and a missing folder alike;
 * the text tells them apart.
 */
export class StartError extends Error {
  declare readonly name: string;
  /** The system's word for it, such as `ENOENT`. */
  readonly code: string | undefined;
  /** Only what is true. */
  readonly hints: readonly string[];

  constructor(attempt: StartAttempt, cause: unknown) {
    const code = codeOf(cause);
    super(`${attempt.label} could not start: ${reason(attempt, code, cause)}`, { cause });
    this.code = code;
    this.hints = hints(attempt, code);
  }
}

Object.defineProperty(StartError.prototype, 'name', { value: 'StartError', configurable: true });

function reason(
  { file, directory }: StartAttempt,
  code: string | undefined,
  cause: unknown,
): string {
  if (file === '') return 'the name of the program is empty';
  if (!existsSync(directory)) return `the folder ${directory} does not exist`;
  if (!statSync(directory).isDirectory()) return `${directory} is not a folder`;
  if (code === 'E2BIG') return 'its arguments and environment are too long for the system';
  if (code !== 'ENOENT' && code !== 'EACCES') {
    return cause instanceof Error ? cause.message : String(cause);
  }
  if (isBare(file)) {
    return code === 'ENOENT'
      ? `"${file}" not found (looked in the folders of PATH)`
      : `"${file}" may not be executed (found in a folder of PATH)`;
  }
  const path = resolve(directory, file);
  if (!existsSync(path)) return `"${file}" not found (looked for ${path})`;
  if (statSync(path).isDirectory()) return `"${file}" is a folder (${path})`;
  if (!isExecutable(path)) return `"${file}" is not executable (${path})`;
  return `"${file}" needs an interpreter, named in its first line, that was not found (${path})`;
}

function hints({ file, directory }: StartAttempt, code: string | undefined): string[] {
  if (code !== 'ENOENT' || !isBare(file) || file === '') return [];
  const path = resolve(directory, file);
  if (!existsSync(path) || !statSync(path).isFile()) return [];
  return [
    isExecutable(path)
      ? `the folder it starts in has one: write ./${file}`
      : `the folder it starts in has a file of that name, but it is not executable`,
  ];
}

/** A name without a slash is looked for in PATH. */
function isBare(file: string): boolean {
  return !/[/\\]/.test(file);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function codeOf(cause: unknown): string | undefined {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
