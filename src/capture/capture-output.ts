import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import type { TcpError } from '../base/errors';
import { fileError } from './capture-errors';
import type { Batch, Slab } from './packet-memory';
import type { PacketOutput } from './pcapng-writer';

/** How files are written. */
export interface OutputSettings {
  readonly overwrite: boolean;
  /** Files kept; the oldest goes first. */
  readonly files: number;
  /** Only the owner may read them. */
  readonly isSecret: boolean;
  /** Takes slabs back whose bytes are written. */
  readonly release: (slabs: readonly Slab[]) => void;
  /** Hears of the first failure; nothing is written after it. */
  readonly failed: (error: TcpError) => void;
}

/** The system takes no more parts at a time. */
const mostParts = 1_024;

/**
 * Writes batches into a file, one after the other, and goes on in the next file when told to.
 *
 * Nothing here waits for the disk: what comes is queued.
 */
export class CaptureOutput implements PacketOutput {
  /** Files that are kept, in order. */
  readonly paths: string[];
  /** Bytes that are not written yet. */
  waiting = 0;
  readonly #path: string;
  readonly #settings: OutputSettings;
  #file: FileHandle;
  /** What waits for the file that is written now. */
  #batches: Batch[] = [];
  #number = 1;
  #isSecret: boolean;
  #tail: Promise<void> = Promise.resolve();
  #failure: TcpError | undefined;

  private constructor(path: string, file: FileHandle, settings: OutputSettings) {
    this.#path = path;
    this.paths = [path];
    this.#file = file;
    this.#settings = settings;
    this.#isSecret = settings.isSecret;
  }

  /** Opens the first file; missing folders are made. @throws TcpError `ECAPTUREFILE` */
  static async open(path: string, settings: OutputSettings): Promise<CaptureOutput> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await openFile(path, settings.overwrite, settings.isSecret);
      return new CaptureOutput(path, file, settings);
    } catch (cause) {
      throw fileError('open capture', path, 'config', cause);
    }
  }

  /** What went wrong, if anything did. */
  get failure(): TcpError | undefined {
    return this.#failure;
  }

  write(batch: Batch): void {
    this.waiting += batch.bytes;
    const batches = this.#batches;
    batches.push(batch);
    void this.#then(() => this.#writeBatches(batches));
  }

  next(): void {
    this.#batches = [];
    void this.#then(async () => {
      await this.#file.close();
      const path = numbered(this.#path, ++this.#number);
      this.#file = await openFile(path, this.#settings.overwrite, this.#isSecret);
      this.paths.push(path);
      if (this.paths.length > this.#settings.files) await unlink(this.paths.shift() ?? '');
    });
  }

  /** What is written from now on is for the owner of the file alone. */
  protect(): void {
    this.#isSecret = true;
    void this.#then(() => this.#file.chmod(0o600));
  }

  /** Resolves when everything so far is in the file, or could not be written. */
  flush(): Promise<void> {
    return this.#tail;
  }

  /** Closes the file behind everything that waits. */
  close(): Promise<void> {
    this.#tail = this.#tail
      .then(() => this.#file.close())
      .catch((cause) => this.#fail(cause))
      .then(() => undefined);
    return this.#tail;
  }

  /**
   * Writes all batches of a file that have come meanwhile at once: a process that is busy gets to its
   * files rarely, and must not fall behind for that.
   */
  async #writeBatches(batches: Batch[]): Promise<void> {
    const taken = batches.splice(0);
    if (taken.length === 0) return;
    try {
      const parts = taken.flatMap((batch) => batch.parts);
      for (let from = 0; from < parts.length; from += mostParts) {
        await writeAll(this.#file, parts.slice(from, from + mostParts));
      }
    } finally {
      for (const { bytes, slabs } of taken) {
        this.waiting -= bytes;
        this.#settings.release(slabs);
      }
    }
  }

  /** Runs something behind everything else; not at all behind a failure. */
  #then(work: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail
      .then(() => (this.#failure === undefined ? work() : undefined))
      .catch((cause) => this.#fail(cause));
    return this.#tail;
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    const path = this.paths.at(-1) ?? this.#path;
    this.#failure = fileError('write capture', path, 'write', cause);
    this.#settings.failed(this.#failure);
  }
}

function openFile(path: string, overwrite: boolean, isSecret: boolean): Promise<FileHandle> {
  return open(path, overwrite ? 'w' : 'wx', isSecret ? 0o600 : 0o666);
}

/** One write may take less than it was given. */
async function writeAll(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  let left = parts;
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left);
    let done = 0;
    for (const part of left) {
      if (bytesWritten < part.byteLength) break;
      bytesWritten -= part.byteLength;
      done++;
    }
    const [first, ...rest] = left.slice(done);
    left = first === undefined ? [] : [first.subarray(bytesWritten), ...rest];
  }
}

/** `run.pcapng` → `run.00002.pcapng` */
function numbered(path: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}.${String(number).padStart(5, '0')}${ext}`);
}
