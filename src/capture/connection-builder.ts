import type { Address } from '../base/address';
import type { ByteSource } from './byte-source';
import type { CapturedConnection, CapturedEnding, CapturedMoment } from './captured-connection';
import { FileStream } from './captured-stream';
import { clientRandomOf } from './client-hello';
import type { FoundSegment } from './ip-packet';
import type { PacketRecord } from './packet-record';
import { StreamAssembly } from './reassembly';
import { tcpFlags } from './segment';

/** What a connection is made with. */
export interface BuilderParts {
  readonly number: number;
  client: CapturedEnd;
  server: CapturedEnd;
  midstream: boolean;
  /** Pieces up to PSH belong together. */
  readonly joined: boolean;
}

/** One end, and what stands for it in tables. */
export interface CapturedEnd {
  readonly address: Address;
  readonly key: string;
}

/** Later SYNs are of another connection. */
const farthestSyn = 4 * 2 ** 20;
/** After so much silence a SYN with another number begins a new connection. */
const silenceUs = 120_000_000;

const { fin, syn, rst, psh, ack } = tcpFlags;

/** Collects the packets of one connection. */
export class ConnectionBuilder {
  readonly parts: BuilderParts;
  out: StreamAssembly;
  in: StreamAssembly;
  /** Time of the last packet. */
  #lastUs = 0;
  /** FIN from both sides, or RST. */
  #isOver = false;
  /** Initial number of the client's SYN. */
  #initial: number | undefined;
  readonly #source: ByteSource;
  #moments: CapturedMoment[] = [];
  readonly #comments: { atUs: number; text: string }[] = [];
  #answered = false;
  #wasReset = false;
  #refused = false;
  #clientRandom: string | undefined;
  #records = false;

  constructor(source: ByteSource, parts: BuilderParts) {
    this.#source = source;
    this.parts = parts;
    this.out = new StreamAssembly(source);
    this.in = new StreamAssembly(source);
  }

  /** Whether a packet begins another connection between the same ends. */
  isBehind({ atUs }: PacketRecord, { flags, sequence }: Readonly<FoundSegment>): boolean {
    if (!(flags & syn) || flags & ack || sequence === this.#initial) return false;
    if (this.#isOver || atUs - this.#lastUs > silenceUs) return true;
    if (this.#initial !== undefined) return !this.#answered && this.out.next === 0;
    // SYN may have been overtaken by what follows it.
    const behind = this.out.behind((sequence + 1) % 0x1_0000_0000);
    return behind < 0 || behind > farthestSyn;
  }

  add(packet: PacketRecord, found: Readonly<FoundSegment>, from: string): void {
    const { atUs, comments } = packet;
    this.#lastUs = atUs;
    for (const text of comments) this.#comments.push({ atUs, text });
    const { flags } = found;
    const isDial = (flags & syn) !== 0 && !(flags & ack);
    if (isDial && from !== this.parts.client.key) this.#exchangeSides();
    const isOut = from === this.parts.client.key;
    const direction = isOut ? 'out' : 'in';
    if (flags & syn) this.#open(packet, found, isOut);
    else if (flags & rst) this.#reset(packet, direction);
    // Who has been reset says no more; what comes late is not heard.
    if (this.#wasReset) return;
    this.#carry(packet, found, direction);
    // The third packet of the handshake says that the second has come.
    if (!isOut && flags & ack && !(flags & syn) && !this.#answered) this.#answered = true;
  }

  /** What came of it. @param keyLog - lines of the file */
  finish(keyLog: readonly string[]): CapturedConnection {
    const { number, client, server, midstream, joined } = this.parts;
    this.out.end();
    this.in.end();
    const random = this.#clientRandom;
    const moments = this.#moments;
    return {
      number,
      client: client.address,
      server: server.address,
      openedUs: moments.find(({ kind }) => kind === 'syn')?.atUs ?? null,
      closedUs: moments.findLast(({ kind }) => /fin|rst|refused/.test(kind))?.atUs ?? null,
      midstream,
      ended: this.#ending(),
      out: new FileStream(this.#source, this.out.pieces, joined),
      in: new FileStream(this.#source, this.in.pieces, joined),
      tls: this.#records,
      secrets: random === undefined ? [] : keyLog.filter((line) => line.split(' ')[1] === random),
      comments: this.#comments,
      warnings: [...this.out.warnings, ...this.in.warnings],
      moments,
    };
  }

  #open(
    { atUs, offset }: PacketRecord,
    { sequence, flags }: Readonly<FoundSegment>,
    isOut: boolean,
  ): void {
    (isOut ? this.out : this.in).start((sequence + 1) % 0x1_0000_0000);
    if (isOut && !(flags & ack)) {
      if (this.#initial === undefined) this.#note('syn', 'out', atUs, offset);
      this.#initial = sequence;
      this.parts.midstream = false;
    } else if (!isOut && flags & ack && !this.#answered) {
      this.#answered = true;
      this.#note('established', 'in', atUs, offset);
    }
  }

  /** The side that was taken for the server dials. */
  #exchangeSides(): void {
    const { client, server } = this.parts;
    this.parts.client = server;
    this.parts.server = client;
    [this.out, this.in] = [this.in, this.out];
    this.#moments = this.#moments.map((moment) => ({
      ...moment,
      direction: moment.direction === 'out' ? 'in' : 'out',
    }));
  }

  #reset({ atUs, offset }: PacketRecord, direction: 'out' | 'in'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wasReset = true;
    this.#refused = direction === 'in' && !this.#answered && !this.parts.midstream;
    this.#note(this.#refused ? 'refused' : 'rst', direction, atUs, offset);
  }

  #carry(packet: PacketRecord, found: Readonly<FoundSegment>, direction: 'out' | 'in'): void {
    const { length, captured, payloadAt, flags } = found;
    const isFin = (flags & fin) !== 0;
    if (length === 0 && !isFin) return;
    const stream = this[direction];
    const wasFinished = stream.finished;
    if (length > 0) this.#lookForTls(packet, found, direction);
    stream.add({
      // SYN takes the number in front of its bytes.
      sequence: flags & syn ? (found.sequence + 1) % 0x1_0000_0000 : found.sequence,
      length,
      captured,
      fileAt: packet.offset + payloadAt,
      atUs: packet.atUs,
      push: (flags & psh) !== 0,
      fin: isFin,
    });
    if (wasFinished || !stream.finished) return;
    this.#note('fin', direction, packet.atUs, packet.offset);
    this.#isOver ||= this.out.finished && this.in.finished;
  }

  #lookForTls(packet: PacketRecord, found: Readonly<FoundSegment>, direction: 'out' | 'in'): void {
    if (this.#records || direction !== 'out') return;
    const payload = packet.bytes.subarray(found.payloadAt, found.payloadAt + found.captured);
    const random = clientRandomOf(payload);
    if (random === undefined) return;
    this.#records = true;
    this.#clientRandom = random;
  }

  #note(kind: CapturedMoment['kind'], direction: 'out' | 'in', atUs: number, place: number): void {
    this.#moments.push({ kind, direction, atUs, place });
  }

  #ending(): CapturedEnding {
    if (this.#refused) return 'refused';
    if (this.out.hasGap || this.in.hasGap) return 'gap';
    if (this.#wasReset) return 'rst';
    if (this.out.finished && this.in.finished) return 'fin';
    if (this.out.finished || this.in.finished) return 'half';
    const isSilent = !this.#answered && !this.parts.midstream;
    return isSilent && this.out.next === 0 && !this.in.started ? 'no-answer' : 'open';
  }
}
