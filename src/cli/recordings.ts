import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { recordingKind } from '../report/recorded-events';

/** A file to draw. */
export interface Recording {
  /** As it was given, or found in a folder that was given. */
  readonly file: string;
  /** It was found, not named: what stands in its way is no reason to stop. */
  readonly found: boolean;
}

/**
 * The files that words name: files themselves, and of a folder all traces and captures below it. Of
 * a trace and a capture that differ in their ends alone, the trace.
 */
export async function findRecordings(
  folder: string,
  words: readonly string[],
): Promise<readonly Recording[]> {
  const lists = await Promise.all(
    words.map(async (word) =>
      isFolder(resolve(folder, word))
        ? (await recordingsBelow(folder, word)).map((file) => ({ file, found: true }))
        : [{ file: word, found: false }],
    ),
  );
  return lists.flat();
}

/** The name of a recording without the end that says what it is. */
export function stemOf(file: string): string {
  return file.replace(/\.(ndjson|pcapng|pcap|json)$/, '');
}

async function recordingsBelow(folder: string, word: string): Promise<readonly string[]> {
  const names = readdirSync(resolve(folder, word), { recursive: true, encoding: 'utf8' });
  const chosen = new Map<string, { readonly file: string; readonly kind: string }>();
  for (const name of names.sort()) {
    const file = join(word, name);
    const path = resolve(folder, file);
    const kind = isFolder(path) ? undefined : await recordingKind(path);
    if (kind === undefined) continue;
    const stem = stemOf(file);
    if (kind === 'trace' || !chosen.has(stem)) chosen.set(stem, { file, kind });
  }
  return [...chosen.values()].map(({ file }) => file);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
