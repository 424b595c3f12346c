/**
 * Reads into memory that is used again, for those who only pass bytes on.
 *
 * Node offers that for sockets that are dialled (`onread`) and not for those that are accepted. The
 * parts it is made of are on every socket, so they are set up here, for both kinds alike. They are
 * no promise of Node: where one of them is missing nothing is lent, and bytes come as `data` events.
 */
import type { Socket } from 'node:net';
import type { ByteTaker } from '../connection';
import type { ConnectionFacts, Lent, RealConnection } from './connection-facts';
import { tellData } from './wire-teller';

/** The parts of a socket that reads into given memory. */
interface Parts {
  readonly buffer: symbol;
  readonly callback: symbol;
  readonly next: symbol;
}

interface Handle {
  useUserBuffer?(memory: Uint8Array): void;
}

/** Several readers share this: what they read here is copied before anybody sees it. */
const shared = Buffer.allocUnsafeSlow(65_536);
const sizes = [262_144, 524_288];
/** How much memory all readers of this process may have of their own. */
const mostOwned = 67_108_864;
/** How many reads must have been small before a reader gives its own memory back. */
const patience = 4;

let owned = 0;
let known: Parts | undefined | null = null;

/**
 * Hands what a connection reads to a taker, from now on.
 *
 * @returns whether that is possible; otherwise nothing has changed
 */
export function lend(connection: RealConnection, taker: ByteTaker): boolean {
  known ??= partsOf(connection);
  const { _handle: handle } = connection as unknown as { readonly _handle?: Handle | null };
  if (known === undefined || typeof handle?.useUserBuffer !== 'function') return false;
  const reads = new LentReads(connection.facts, taker);
  connection.facts.lent = reads;
  const parts = connection as unknown as Record<symbol, unknown>;
  parts[known.buffer] = shared;
  parts[known.callback] = read;
  parts[known.next] = () => reads.memory;
  handle.useUserBuffer(shared);
  return true;
}

/** Called by the socket with what it has read. */
function read(this: RealConnection, count: number, memory: Uint8Array): boolean {
  return this.facts.lent?.read(count, memory) ?? true;
}

/** Finds the parts by their names, all of them or none. */
function partsOf(socket: Socket): Parts | undefined {
  const symbols = Object.getOwnPropertySymbols(socket);
  const named = (name: string) => symbols.find(({ description }) => description === name);
  const [buffer, callback, next] = ['kBuffer', 'kBufferCb', 'kBufferGen'].map(named);
  if (buffer === undefined || callback === undefined || next === undefined) return undefined;
  return { buffer, callback, next };
}

/**
 * How much one connection reads at a time: what all share while little comes, memory of its own
 * while reads fill it, less again when they stay small.
 */
class LentReads implements Lent {
  memory: Buffer = shared;
  readonly #facts: ConnectionFacts;
  readonly #taker: ByteTaker;
  /** Index of the size of its own memory; -1 while it has none. */
  #level = -1;
  #small = 0;

  constructor(facts: ConnectionFacts, taker: ByteTaker) {
    this.#facts = facts;
    this.#taker = taker;
  }

  read(count: number, memory: Uint8Array): boolean {
    const bytes = memory.subarray(0, count);
    if (this.#facts.watched) tellData(this.#facts, 'data', bytes, false);
    if (this.#level < 0 || this.#taker.keeps) this.#taker.takeBytes(Buffer.from(bytes));
    // What waits to be sent is still being read from.
    else if (!this.#taker.takeBytes(bytes)) this.#renew();
    if (count === memory.length) this.#grow();
    else if (count >= memory.length / 4) this.#small = 0;
    else if (this.#level >= 0 && ++this.#small >= patience) this.giveBack();
    return true;
  }

  /** Reads into what all share. */
  giveBack(): void {
    if (this.#level >= 0) owned -= this.memory.length;
    this.#level = -1;
    this.#small = 0;
    this.memory = shared;
  }

  #grow(): void {
    const size = sizes[this.#level + 1];
    const before = this.#level < 0 ? 0 : this.memory.length;
    this.#small = 0;
    if (size === undefined || owned - before + size > mostOwned) return;
    owned += size - before;
    this.#level++;
    this.#renew();
  }

  #renew(): void {
    this.memory = Buffer.allocUnsafeSlow(sizes[this.#level] ?? shared.length);
  }
}
