import { printIp } from '../base/ip-bytes';
import { keyLogLines } from './key-log';
import { optionCodes, tlsKeyLog } from './pcapng-blocks';
import { optionsIn, textsOf } from './pcapng-options';

/** What a pcapng file tells beside its packets. */
export class CaptureFacts {
  /** Comments of the file. */
  readonly comments: string[] = [];
  /** What wrote it; empty where it does not say. */
  application = '';
  /** Literal address → names. */
  readonly names: Map<string, readonly string[]> = new Map();
  readonly warnings: string[] = [];
  readonly #secrets = new Set<string>();

  /** Lines of TLS key logs. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  /** Keeps a warning, once. */
  warn(text: string): void {
    if (!this.warnings.includes(text)) this.warnings.push(text);
  }

  /** Takes a section header block. */
  section(block: DataView, little: boolean): void {
    const options = [...optionsIn(block, 24, block.byteLength - 4, little)];
    this.comments.push(...textsOf(options, optionCodes.comment));
    this.application ||= textsOf(options, optionCodes.sectionApplication)[0] ?? '';
  }

  /** Takes a name resolution block. */
  addNames(block: DataView, little: boolean): void {
    const end = block.byteLength - 4;
    for (let at = 8; at + 4 <= end; ) {
      const type = block.getUint16(at, little);
      const length = block.getUint16(at + 2, little);
      if (type === 0 || at + 4 + length > end) return;
      const width = type === 1 ? 4 : 16;
      if (type <= 2 && length > width) {
        this.#addName(bytesOf(block, at + 4, length), width);
      }
      at += 4 + ((length + 3) & ~3);
    }
  }

  /** Takes a decryption secrets block. */
  addSecrets(block: DataView, little: boolean): void {
    if (block.byteLength < 20) return;
    const type = block.getUint32(8, little);
    if (type !== tlsKeyLog) {
      this.warn(`secrets of type 0x${type.toString(16)} are not read`);
      return;
    }
    const length = Math.min(block.getUint32(12, little), block.byteLength - 20);
    this.addKeyLog(Buffer.from(bytesOf(block, 16, length)).toString('latin1'));
  }

  /** Takes the text of a key log. */
  addKeyLog(text: string): void {
    for (const line of keyLogLines(text)) this.#secrets.add(line);
  }

  /** An address and its names, each ended by a zero. */
  #addName(record: Uint8Array, width: number): void {
    const address = printIp(record.subarray(0, width));
    const known = this.names.get(address) ?? [];
    const added = Buffer.from(record.subarray(width)).toString().split('\0').filter(Boolean);
    this.names.set(address, [...new Set([...known, ...added])]);
  }
}

function bytesOf(block: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(block.buffer, block.byteOffset + at, length);
}
