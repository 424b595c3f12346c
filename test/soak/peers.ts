/**
 * Both ends of the connections of a soak, in a process of their own: many clients, and the server
 * behind the proxy. Every byte has its place: it is a function of the connection, the direction and
 * the offset, so that one that is lost, added, changed or out of order shows.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { seededRandom } from '../../src/base/random';
import type { Ask, EndReport, PeersReport } from './peers-talk';

/** What one end of a connection did and saw. */
class End {
  sent = 0;
  received = 0;
  /** Offset of the first byte that was not the one that was sent. */
  wrongAt: number | undefined;
  ended: EndReport['ended'] = 'open';
  finished = false;
  readonly socket: Socket;
  readonly #id: number;
  readonly #own: number;
  readonly #other: number;

  constructor(socket: Socket, id: number, side: 'client' | 'server') {
    this.socket = socket;
    this.#id = id;
    this.#own = side === 'client' ? 0 : 1;
    this.#other = 1 - this.#own;
  }

  write(length: number): void {
    if (this.finished || this.socket.destroyed || this.socket.writableLength > 0) return;
    this.socket.write(contentOf(this.#id, this.#own, this.sent, length));
    this.sent += length;
  }

  finish(): void {
    if (this.finished) return;
    this.finished = true;
    this.socket.end();
  }

  take(chunk: Buffer): void {
    const right = contentOf(this.#id, this.#other, this.received, chunk.length);
    if (this.wrongAt === undefined && !right.equals(chunk)) this.wrongAt = this.received;
    this.received += chunk.length;
  }

  report(): EndReport {
    const { sent, received, ended } = this;
    return {
      sent,
      received,
      ended,
      ...(this.wrongAt === undefined ? {} : { wrongAt: this.wrongAt }),
    };
  }
}

const period = 8_191;
const noise = Buffer.from(seededRandom(11).bytes(period));
/** Long enough for any chunk from any place of the period. */
const content = Buffer.concat(Array.from({ length: 130 }, () => noise));
const headLength = 4;

/** The bytes of a connection: its number, then noise that starts at a place of its own. */
function contentOf(id: number, direction: number, from: number, length: number): Buffer {
  const at = (id * 37 + direction * 4_099 + from) % period;
  const bytes = content.subarray(at, at + length);
  if (from >= headLength || direction === 1) return bytes;
  const head = Buffer.alloc(headLength);
  head.writeUInt32BE(id);
  const own = Buffer.from(bytes);
  head.copy(own, 0, from, Math.min(headLength, from + length));
  return own;
}

interface Pair {
  readonly id: number;
  readonly port: number;
  readonly client: End;
  server: End | undefined;
}

const pairs = new Map<number, Pair>();
const sockets = new Set<Socket>();
let next = 1;
let target = 0;
let proxyPort = 0;
/** No byte is written any more, and everybody ends. */
let ending = false;
let timer: NodeJS.Timeout | undefined;
let random = seededRandom(1);

const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  let head: Buffer = Buffer.alloc(0);
  let end: End | undefined;
  note(socket, () => end);
  socket.on('data', (chunk: Buffer) => {
    if (end === undefined) {
      head = Buffer.concat([head, chunk]);
      if (head.length < headLength) return;
      const id = head.readUInt32BE();
      end = new End(socket, id, 'server');
      const pair = pairs.get(id);
      if (pair !== undefined) pair.server = end;
      end.take(head);
    } else end.take(chunk);
  });
  socket.on('end', () => {
    // A client may have left before it told its number.
    if (end === undefined) socket.end();
    else end.finish();
  });
});

function note(socket: Socket, end: () => End | undefined): void {
  sockets.add(socket);
  socket.on('error', () => {
    const known = end();
    if (known !== undefined) known.ended = 'rst';
  });
  socket.on('end', () => {
    const known = end();
    if (known?.ended === 'open') known.ended = 'fin';
  });
  socket.on('close', () => sockets.delete(socket));
}

async function dial(): Promise<void> {
  const id = next++;
  const socket = connect({
    port: proxyPort,
    host: '127.0.0.1',
    allowHalfOpen: true,
    noDelay: true,
  });
  const client = new End(socket, id, 'client');
  note(socket, () => client);
  socket.on('data', (chunk: Buffer) => client.take(chunk));
  // A fault has ended it: another one takes its place.
  socket.on('end', () => client.finish());
  socket.on('close', () => {
    if (!ending) void dial();
  });
  try {
    await once(socket, 'connect');
  } catch {
    return;
  }
  pairs.set(id, { id, port: socket.localPort ?? 0, client, server: undefined });
  client.write(headLength + random.below(2_000));
  if (ending) client.finish();
}

/** Some of the connections write in every turn. */
function turn(): void {
  for (const { client, server: other } of pairs.values()) {
    if (random.below(40) === 0) client.write(1 + random.below(6_000));
    if (random.below(40) === 0) other?.write(1 + random.below(6_000));
  }
}

async function run(ask: Ask): Promise<unknown> {
  switch (ask.do) {
    case 'listen': {
      await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }), 'listening');
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    }
    case 'begin': {
      ({ connections: target, port: proxyPort } = ask);
      random = seededRandom(ask.seed);
      ending = false;
      pairs.clear();
      for (let count = 0; count < target; count++) await dial();
      timer = setInterval(turn, 30);
      return pairs.size;
    }
    case 'finish': {
      clearInterval(timer);
      ending = true;
      for (const { client } of pairs.values()) client.finish();
      while (sockets.size > 0) await once([...sockets][0] as Socket, 'close');
      return report();
    }
  }
}

function report(): PeersReport {
  return {
    pairs: [...pairs.values()].map(({ id, port, client, server: other }) => ({
      id,
      port,
      client: client.report(),
      ...(other === undefined ? {} : { server: other.report() }),
    })),
  };
}

process.on('message', (ask: Ask) => {
  void run(ask).then((answer) => process.send?.({ answer }));
});
process.on('disconnect', () => process.exit());
process.send?.({ answer: 'ready' });
