import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { secretsBlock } from './pcapng-blocks';

/** Larger files are left as they are. */
export const rewritableBytes: number = 256 * 2 ** 20;

/**
 * Writes a capture anew with secrets in front of its packets, since readers decrypt in the order of
 * the file. The file is replaced at once: whoever opens it sees one or the other.
 *
 * @param headBytes - section header and interfaces, behind which the secrets go
 * @returns bytes by which the file has grown
 */
export async function putSecretsFirst(
  path: string,
  headBytes: number,
  lines: readonly string[],
): Promise<number> {
  const block = secretsBlock(lines);
  const temporary = `${path}.part`;
  const from = await open(path, 'r');
  try {
    const to = await open(temporary, 'w', 0o600);
    try {
      await copy(from, to, 0, headBytes);
      await to.writeFile(block);
      await copy(from, to, headBytes, Number.POSITIVE_INFINITY);
    } finally {
      await to.close();
    }
    await rename(temporary, path);
    return block.byteLength;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    await from.close();
  }
}

async function copy(from: FileHandle, to: FileHandle, start: number, end: number): Promise<void> {
  const memory = Buffer.alloc(Math.min(2 ** 20, end - start));
  for (let at = start; at < end; ) {
    const { bytesRead } = await from.read(memory, 0, Math.min(memory.length, end - at), at);
    if (bytesRead === 0) return;
    await to.writeFile(memory.subarray(0, bytesRead));
    at += bytesRead;
  }
}
