import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { TcpError } from '../base/errors';
import { fileError } from './capture-errors';

/** Bytes that can be read at any place, again and again. */
export interface ByteSource {
  readonly size: number;
  /** At most `length` bytes from `offset` on; a view of memory that nobody changes. */
  read(offset: number, length: number): Uint8Array;
  /** Brings what stands at `offset` and behind it into memory, without holding the program up. */
  prefetch(offset: number): Promise<void>;
  close(): void;
}

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    prefetch: () => Promise.resolve(),
    close: () => undefined,
  };
}

/** So much is read at a time, since what is asked for next mostly stands behind it. */
const windowSize = 2 ** 20;

/**
 * A file.
 *
 * @throws TcpError `ECAPTUREFILE` - it cannot be opened
 */
export function fileSource(path: string): ByteSource {
  try {
    return new FileSource(path);
  } catch (cause) {
    throw fileError('read capture', path, 'config', cause);
  }
}

const readAt = promisify(read);

class FileSource implements ByteSource {
  readonly size: number;
  readonly #path: string;
  readonly #file: number;
  #window: Uint8Array = new Uint8Array(0);
  #windowAt = 0;
  #closed = false;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'r');
    const status = fstatSync(this.#file);
    if (!status.isFile()) {
      closeSync(this.#file);
      throw Object.assign(new Error('not a file'), {
        code: status.isDirectory() ? 'EISDIR' : 'EINVAL',
      });
    }
    this.size = status.size;
  }

  read(offset: number, length: number): Uint8Array {
    const start = offset - this.#windowAt;
    if (start >= 0 && start + length <= this.#window.byteLength) {
      return this.#window.subarray(start, start + length);
    }
    this.#refuseWhenClosed();
    const memory = this.#memoryAt(offset, length);
    let filled = 0;
    while (filled < memory.byteLength) {
      const count = readSync(
        this.#file,
        memory,
        filled,
        memory.byteLength - filled,
        offset + filled,
      );
      if (count === 0) break;
      filled += count;
    }
    return this.#keep(memory.subarray(0, filled), offset).subarray(0, length);
  }

  async prefetch(offset: number): Promise<void> {
    this.#refuseWhenClosed();
    const memory = this.#memoryAt(offset, windowSize);
    const { bytesRead } = await readAt(this.#file, memory, 0, memory.byteLength, offset);
    this.#keep(memory.subarray(0, bytesRead), offset);
  }

  #memoryAt(offset: number, length: number): Uint8Array {
    const left = Math.max(0, this.size - offset);
    return new Uint8Array(Math.min(left, Math.max(length, windowSize)));
  }

  #keep(window: Uint8Array, offset: number): Uint8Array {
    this.#window = window;
    this.#windowAt = offset;
    return window;
  }

  #refuseWhenClosed(): void {
    if (!this.#closed) return;
    throw new TcpError(`read of ${this.#path}: the capture file is closed`, {
      code: 'ESTATE',
      phase: 'config',
      path: this.#path,
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#window = new Uint8Array(0);
    closeSync(this.#file);
  }
}
