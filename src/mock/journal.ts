/** What happened on the connections of a mock: a ring of entries, and counts that never forget. */
import type { JournalEntry, JournalInput, JournalQuery } from './journal-entry';
import type { Redactor } from './redactor';

/** Bytes of an entry that are kept. */
const keptBytes = 65_536;

/** Different short frames that are counted one by one, whatever the ring still holds. */
const mostTallied = 10_000;
const longestTallied = 256;

/** The journal of one mock. */
export class Journal {
  readonly #mock: string;
  readonly #now: () => number;
  readonly #mostEvents: number;
  readonly #mostBytes: number;
  readonly #redact: Redactor;
  readonly #listeners = new Set<(entry: JournalEntry) => void>();
  #entries: JournalEntry[] = [];
  /** Index of the oldest entry that counts; the ones before are cut off now and then. */
  #first = 0;
  #bytes = 0;
  #seq = 0;
  #tally = new Map<string, { bytes: Uint8Array; count: number }>();
  #tallyWhole = true;

  constructor(settings: {
    readonly mock: string;
    readonly now: () => number;
    readonly mostEvents: number;
    readonly mostBytes: number;
    readonly redact: Redactor;
  }) {
    this.#mock = settings.mock;
    this.#now = settings.now;
    this.#mostEvents = settings.mostEvents;
    this.#mostBytes = settings.mostBytes;
    this.#redact = settings.redact;
  }

  /** Entries that were pushed out. */
  get dropped(): number {
    return this.#seq - (this.#entries.length - this.#first);
  }

  add(input: JournalInput): JournalEntry {
    const { bytes } = input;
    if (input.kind === 'frame' && bytes !== undefined) this.#count(bytes);
    const kept =
      bytes === undefined
        ? {}
        : { length: bytes.length, bytes: Uint8Array.from(bytes.subarray(0, keptBytes)) };
    const entry = { ...input, ...kept, seq: ++this.#seq, t: this.#now(), mock: this.#mock };
    this.#entries.push(entry);
    this.#bytes += entry.bytes?.length ?? 0;
    while (this.#entries.length - this.#first > 0 && this.#isFull()) this.#dropOldest();
    if (this.#listeners.size > 0) {
      const shown = this.#masked(entry);
      for (const listener of this.#listeners) listener(shown);
    }
    return entry;
  }

  /** Calls back for each entry from now on; the returned function ends that. */
  subscribe(listener: (entry: JournalEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The entries kept, oldest first, with masks over what no output may show. */
  entries(query: JournalQuery = {}): readonly JournalEntry[] {
    return this.unmasked(query).map((entry) => this.#masked(entry));
  }

  /** The same without masks, for comparing. */
  unmasked({ after = 0, connection, kind }: JournalQuery = {}): readonly JournalEntry[] {
    return this.#entries
      .slice(this.#first)
      .filter(
        (entry) =>
          entry.seq > after &&
          (connection === undefined || entry.connection === connection) &&
          (kind === undefined || entry.kind === kind),
      );
  }

  /** Every different frame with its count; `undefined` when there were too many, or long ones, to count. */
  tally(): readonly { readonly bytes: Uint8Array; readonly count: number }[] | undefined {
    return this.#tallyWhole ? [...this.#tally.values()] : undefined;
  }

  clear(): void {
    this.#entries = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#seq = 0;
    this.#tally = new Map();
    this.#tallyWhole = true;
  }

  #masked(entry: JournalEntry): JournalEntry {
    const { bytes, direction = 'in' } = entry;
    return bytes === undefined ? entry : { ...entry, bytes: this.#redact(bytes, direction) };
  }

  #count(bytes: Uint8Array): void {
    if (!this.#tallyWhole) return;
    const key = bytes.length > longestTallied ? undefined : Buffer.from(bytes).toString('latin1');
    const seen = key === undefined ? undefined : this.#tally.get(key);
    if (seen !== undefined) seen.count++;
    else if (key === undefined || this.#tally.size >= mostTallied) this.#tallyWhole = false;
    else this.#tally.set(key, { bytes: Uint8Array.from(bytes), count: 1 });
  }

  #isFull(): boolean {
    return this.#entries.length - this.#first > this.#mostEvents || this.#bytes > this.#mostBytes;
  }

  #dropOldest(): void {
    this.#bytes -= this.#entries[this.#first]?.bytes?.length ?? 0;
    this.#first++;
    if (this.#first < 1_024 || this.#first * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
