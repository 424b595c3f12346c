import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { printBytesShortened } from '../base/byte-literal-printer';
import { printIsoTime } from '../base/iso-time';
import type { JournalEntry } from '../mock/journal-entry';
import type { MockServer } from '../mock/mock-server';
import type { World } from '../network/world';
import type { Terminal } from './print';

/** Tells what happens, one JSON object a line on standard output. */
export class Lifecycle {
  readonly #world: World;
  readonly #terminal: Terminal;
  readonly #quiet: boolean;
  readonly #journal: string | undefined;

  constructor(
    world: World,
    terminal: Terminal,
    { quiet = false, journal }: { readonly quiet?: boolean; readonly journal?: string },
  ) {
    this.#world = world;
    this.#terminal = terminal;
    this.#quiet = quiet;
    this.#journal = journal === undefined ? undefined : resolve(terminal.folder, journal);
    if (this.#journal !== undefined) writeFileSync(this.#journal, '');
  }

  /** Tells one event. */
  tell(event: string, facts: Readonly<Record<string, unknown>>): void {
    if (this.#quiet) return;
    const time = printIsoTime(this.#world.clock.wallTime());
    this.#terminal.print(JSON.stringify({ v: 1, event, time, ...facts }));
  }

  /** Tells what happens on the connections of a mock. */
  follow(server: MockServer): void {
    server.onEntry((entry) => {
      this.#keep(entry);
      this.#tellEntry(server, entry);
    });
  }

  #tellEntry(server: MockServer, entry: JournalEntry): void {
    const { connection, kind, remote, bytes, reason, bytesIn, bytesOut } = entry;
    const facts = { mock: server.name, connection };
    if (kind === 'accept') this.tell('accepted', { ...facts, remote });
    if (kind === 'script-finished') this.tell('script-finished', facts);
    if (kind === 'closed') this.tell('closed', { ...facts, how: reason, bytesIn, bytesOut });
    if (kind !== 'unmatched' || bytes === undefined) return;
    const [nearest] = server.explain(bytes, { connection }).others;
    const words = nearest && `${nearest.rule}: ${nearest.reasons.join('; ')}`;
    this.tell('unmatched', { ...facts, bytes: printBytesShortened(bytes), nearest: words ?? null });
  }

  #keep({ bytes, ...entry }: JournalEntry): void {
    if (this.#journal === undefined) return;
    const base64 = bytes === undefined ? {} : { bytes: Buffer.from(bytes).toString('base64') };
    appendFileSync(this.#journal, `${JSON.stringify({ ...entry, ...base64 })}\n`);
  }
}
