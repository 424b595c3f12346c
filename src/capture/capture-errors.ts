/** Errors about files: what was read or written, and where in it the fault is. */
import { TcpError } from '../base/errors';

/** Where in a file; a path only where there is one. */
export interface FilePlace {
  readonly path?: string | undefined;
  /** Bytes from the start. */
  readonly offset?: number;
  /** From 1. */
  readonly line?: number;
}

/** A file whose content cannot be read as what it has to be. */
export function formatError(what: string, place: FilePlace = {}, cause?: unknown): TcpError {
  const { path, offset, line } = place;
  const where = line === undefined ? '' : `line ${line}: `;
  return new TcpError(`${path === undefined ? '' : `${path}: `}${where}${what}`, {
    code: 'ECAPTUREFORMAT',
    phase: 'read',
    ...(path !== undefined && { path }),
    ...(offset !== undefined && { offset }),
    ...(line !== undefined && { line }),
    ...(cause !== undefined && { cause }),
  });
}

/** A file that cannot be opened or written; what the system said is the cause. */
export function fileError(
  what: string,
  path: string,
  phase: 'config' | 'write',
  cause?: unknown,
): TcpError {
  return new TcpError(`${what} ${path}: ${reasonOf(cause)}`, {
    code: 'ECAPTUREFILE',
    phase,
    path,
    ...(cause !== undefined && { cause }),
  });
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'it exists already (overwrite: true replaces it)',
  ENOENT: 'no such file or folder',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'the disk is full',
  EFBIG: 'the file would be too large',
};

function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (Object.hasOwn(reasons, code)) return reasons[code] ?? code;
  return cause instanceof Error ? cause.message : String(cause);
}
