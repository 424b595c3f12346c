import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { abortError, configError } from '../base/errors';
import type { Scope } from '../network/scope';

/** Where files go: a path, or a scope, which has a folder for temporary files made and removes it. */
export type Folder = string | Scope;

/** The folder of each scope: all files of one scope lie in one. */
const folders = new WeakMap<Scope, Promise<string>>();

/** The path of a folder, which exists afterwards. @throws TcpError `ECONFIG` - neither path nor scope */
export async function folderPath(folder: Folder): Promise<string> {
  if (typeof folder === 'string' && folder !== '') {
    await mkdir(folder, { recursive: true });
    return folder;
  }
  if (typeof folder !== 'object' || typeof folder?.own !== 'function') {
    throw configError('folder', 'a path or a scope', folder);
  }
  if (folder.signal.aborted) {
    throw abortError(
      'writing into a folder of a scope that is over',
      'config',
      folder.signal.reason,
    );
  }
  const known = folders.get(folder) ?? temporaryFolder(folder);
  folders.set(folder, known);
  return await known;
}

/** A folder that nobody else may enter, until the scope ends. */
async function temporaryFolder(scope: Scope): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'brine-certs-'));
  scope.own(
    { kind: 'other', dispose: () => rm(path, { recursive: true, force: true }) },
    `folder ${path}`,
  );
  return path;
}

/** Writes a file that anybody may read. @returns its path */
export async function writePublic(folder: Folder, name: string, text: string): Promise<string> {
  const path = join(await folderPath(folder), name);
  await writeFile(path, text);
  return path;
}

/** Writes a file beside another that only its owner may read. @returns its path */
export async function writePrivate(
  beside: string,
  name: string,
  content: string | Uint8Array,
): Promise<string> {
  const path = join(dirname(beside), name);
  // The mode counts only for a new file, and an old one must not be readable for a moment either.
  await rm(path, { force: true });
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
  await chmod(path, 0o600);
  return path;
}
