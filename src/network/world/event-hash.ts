import type { WireEvent } from '../wire-event';
import { eventKinds } from './event-kinds';

const kindNumbers = new Map(eventKinds.map((kind, index) => [kind, index]));
const directionNumbers = { '-': 0, out: 1, in: 2 };

/**
 * 128 bits over `(atUs, connection, direction, kind, length, digest)` of events, in order.
 *
 * The rounds are those of MurmurHash3 x86_128 over two blocks of four words an event: fast, well
 * mixed, and no protection against somebody who wants two traces to look equal.
 */
export class EventHash {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  #words = 0;

  /** @param bare - leaves out length and digest */
  add(event: WireEvent, bare = false): void {
    const { connection } = event;
    let first = 0x811c9dc5;
    let second = 0x9747b28c;
    for (let index = 0; index < connection.length; index++) {
      const unit = connection.charCodeAt(index);
      first = Math.imul(first ^ unit, 0x01000193);
      second = Math.imul(second + unit, 0x85ebca6b) ^ (second >>> 13);
    }
    this.#block(event.atUs, Math.floor(event.atUs / 0x1_0000_0000), first, second);

    const length = bare ? undefined : event.length;
    const digest = bare ? undefined : event.digest;
    const present = (length === undefined ? 0 : 0x10000) | (digest === undefined ? 0 : 0x20000);
    const kind = kindNumbers.get(event.kind) ?? 0xff;
    this.#block(
      kind | (directionNumbers[event.direction] << 8) | present,
      length ?? 0,
      Math.floor((length ?? 0) / 0x1_0000_0000),
      digest ?? 0,
    );
  }

  /** A hash over the same events, to which others may follow. */
  copy(): EventHash {
    const copy = new EventHash();
    copy.#a = this.#a;
    copy.#b = this.#b;
    copy.#c = this.#c;
    copy.#d = this.#d;
    copy.#words = this.#words;
    return copy;
  }

  /** 32 hex digits; more events may follow. */
  print(): string {
    let a = this.#a ^ this.#words;
    let b = this.#b ^ this.#words;
    let c = this.#c ^ this.#words;
    let d = this.#d ^ this.#words;
    a = (a + b + c + d) | 0;
    b = (b + a) | 0;
    c = (c + a) | 0;
    d = (d + a) | 0;
    a = finish(a);
    b = finish(b);
    c = finish(c);
    d = finish(d);
    a = (a + b + c + d) | 0;
    return [a, b + a, c + a, d + a].map(hexWord).join('');
  }

  #block(w1: number, w2: number, w3: number, w4: number): void {
    this.#words++;
    this.#a ^= scramble(w1, 0x239b961b, 15, 0xab0e9789);
    this.#a = (Math.imul(rotate(this.#a, 19) + this.#b, 5) + 0x561ccd1b) | 0;
    this.#b ^= scramble(w2, 0xab0e9789, 16, 0x38b34ae5);
    this.#b = (Math.imul(rotate(this.#b, 17) + this.#c, 5) + 0x0bcaa747) | 0;
    this.#c ^= scramble(w3, 0x38b34ae5, 17, 0xa1e38b93);
    this.#c = (Math.imul(rotate(this.#c, 15) + this.#d, 5) + 0x96cd1c35) | 0;
    this.#d ^= scramble(w4, 0xa1e38b93, 18, 0x239b961b);
    this.#d = (Math.imul(rotate(this.#d, 13) + this.#a, 5) + 0x32ac3b17) | 0;
  }
}

/**
 * The two hashes of a trace: over everything, and without lengths and digests of connections on
 * which TLS has started, whose bytes differ from run to run. Until the first TLS they are one.
 */
export class TraceHash {
  readonly #all = new EventHash();
  #withoutCiphertext: EventHash | undefined;
  /** Connections on which TLS has started. */
  readonly #secured = new Set<string>();

  add(event: WireEvent): void {
    const { kind, connection } = event;
    this.#all.add(event);
    this.#withoutCiphertext?.add(event, this.#secured.has(connection));
    if (kind === 'tls') {
      this.#withoutCiphertext ??= this.#all.copy();
      this.#secured.add(connection);
    } else if (kind === 'close') this.#secured.delete(connection);
  }

  /** 32 hex digits; more events may follow. */
  print(options: { readonly withoutCiphertext?: boolean } = {}): string {
    const other = options.withoutCiphertext ? this.#withoutCiphertext : undefined;
    return (other ?? this.#all).print();
  }
}

function scramble(word: number, first: number, by: number, second: number): number {
  return Math.imul(rotate(Math.imul(word, first), by), second);
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function finish(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function hexWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
