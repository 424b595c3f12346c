import type { WireEvent } from '../network/wire-event';
import { TraceHash } from '../network/world/event-hash';
import { type FilePlace, formatError } from './capture-errors';
import { readHeader, type TraceHeader } from './trace-header';
import { readEvent } from './trace-lines';

/** What a trace file holds. */
export interface TraceFile {
  readonly header: TraceHeader;
  readonly events: readonly WireEvent[];
  /** Whether the file has its last line: whoever wrote it had come to the end. */
  readonly complete: boolean;
  /** What is missing or not known here, in words. */
  readonly warnings: readonly string[];
}

const longestLine = 64 * 2 ** 20;

/** Reads a trace from chunks of any size. */
export class TraceParser {
  readonly #path: string | undefined;
  readonly #events: WireEvent[] = [];
  readonly #warnings: string[] = [];
  readonly #hash = new TraceHash();
  /** Kinds that only a later Brine knows; its hash counts them otherwise. */
  readonly #unknownKinds = new Set<string>();
  #header: TraceHeader | undefined;
  #rest: Uint8Array[] = [];
  #restLength = 0;
  #line = 0;
  #ended = false;

  constructor(path?: string) {
    this.#path = path;
  }

  /** @throws TcpError `ECAPTUREFORMAT` */
  push(chunk: Uint8Array): void {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, at));
      this.#take(this.#takeRest(), false);
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  /** The trace, once everything was pushed. @throws TcpError `ECAPTUREFORMAT` */
  end(): TraceFile {
    if (this.#restLength > 0) this.#take(this.#takeRest(), true);
    if (this.#header === undefined) {
      throw formatError('not a trace: the file is empty', { path: this.#path, line: 1 });
    }
    if (!this.#ended) this.#warnings.push('no end line: the writer did not finish');
    return {
      header: this.#header,
      events: this.#events,
      complete: this.#ended,
      warnings: this.#warnings,
    };
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    this.#restLength += bytes.byteLength;
    if (this.#restLength > longestLine) {
      throw formatError('longer than 64 MiB', { path: this.#path, line: this.#line + 1 });
    }
    this.#rest.push(new Uint8Array(bytes));
  }

  #takeRest(): string {
    const text = Buffer.concat(this.#rest).toString('utf8');
    this.#rest = [];
    this.#restLength = 0;
    return text;
  }

  #take(text: string, last: boolean): void {
    this.#line++;
    if (text.trim() === '') return;
    const place: FilePlace = { path: this.#path, line: this.#line };
    const value = parse(text);
    if (this.#header === undefined) {
      if (value === undefined) throw formatError('not a trace: the first line is not JSON', place);
      this.#header = readHeader(value, place);
      return;
    }
    if (value === undefined) {
      if (!last) throw formatError('not a JSON object', place);
      this.#warnings.push(`line ${this.#line} is cut: dropped`);
      return;
    }
    if (this.#ended) throw formatError('stands behind the end line', place);
    if (value['end'] === true) this.#finish(value, place);
    else this.#add(value, place);
  }

  #add(line: Readonly<Record<string, unknown>>, place: FilePlace): void {
    const { event, unknownKind } = readEvent(line, place);
    const before = this.#events.at(-1);
    const first = this.#header?.dropped ?? 0;
    const expected = before === undefined ? first : before.index + 1;
    if (event.index !== expected) {
      const after = before === undefined ? 'at the start' : `after ${before.index}`;
      throw formatError(`index ${event.index} ${after}`, place);
    }
    if (before !== undefined && event.atUs < before.atUs) {
      throw formatError(`time goes back from ${before.atUs} to ${event.atUs} µs`, place);
    }
    if (unknownKind !== undefined && !this.#unknownKinds.has(unknownKind)) {
      this.#unknownKinds.add(unknownKind);
      this.#warnings.push(
        `line ${this.#line}: kind "${unknownKind}" is not known here: kept as a note`,
      );
    }
    this.#hash.add(event);
    this.#events.push(event);
  }

  #finish(line: Readonly<Record<string, unknown>>, place: FilePlace): void {
    this.#ended = true;
    if (line['events'] !== this.#events.length) {
      const said = String(line['events']);
      throw formatError(`the file says ${said} events and holds ${this.#events.length}`, place);
    }
    const said = line['hash'];
    // Without every event, and those unchanged, there is no hash to compare with.
    const { dropped = 0, redacted = false } = this.#header ?? {};
    if (said === undefined || redacted || dropped > 0 || this.#unknownKinds.size > 0) return;
    const hash = this.#hash.print();
    if (said !== hash) {
      throw formatError(`hash differs: file says ${String(said)}, events give ${hash}`, place);
    }
  }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
