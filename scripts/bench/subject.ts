/**
 * The side that is compared: `net` is bare Node, `brine` the same work through Client and Listener.
 * Started as `subject <echo|sink|source|checked> <net|brine>`.
 */
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { crc32 } from 'node:zlib';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import { answer, cpuUs } from './child';
import { pieceAt, rightBytes } from './content';

const [role = '', maker = ''] = process.argv.slice(2);

/** What a sink behind a proxy waits for, and has got of it. */
const whole = { bytes: 0, right: 0, total: 0, done: (_right: number) => {} };

/** Compares with what was sent, which costs less than a checksum. */
function check(chunk: Buffer): void {
  if (whole.right === whole.bytes) whole.right += rightBytes(chunk, whole.bytes, whole.total);
  whole.bytes += chunk.length;
  if (whole.bytes >= whole.total) whole.done(whole.right);
}

/** Waits for so many bytes of the next connection; answers how many were right. */
function expectWhole({ bytes }: { readonly bytes: number }): void {
  Object.assign(whole, { bytes: 0, right: 0, total: bytes });
  arrived = new Promise((resolve) => {
    whole.done = resolve;
  });
}

let arrived: Promise<number> = Promise.resolve(0);

/** What a sink has taken, of the connection opened last. */
const received = { bytes: 0, checksum: 0 };

function take(chunk: Uint8Array): void {
  received.bytes += chunk.length;
  received.checksum = crc32(chunk, received.checksum);
}

function restart(): void {
  received.bytes = 0;
  received.checksum = 0;
}

const bare: Readonly<Record<string, () => Server>> = {
  echo: () =>
    createServer({ noDelay: true }, (socket) => {
      socket.on('data', (chunk) => socket.write(chunk));
      socket.on('error', () => socket.destroy());
    }),
  sink: () =>
    createServer({ noDelay: true }, (socket) => {
      restart();
      socket.on('data', take);
    }),
};

/** The sink of a proxy; it compares as it goes. */
const checked = (): Server =>
  createServer({ noDelay: true }, (socket) => {
    socket.on('data', check);
    socket.on('error', () => socket.destroy());
  });

const brine: Readonly<Record<string, () => Listener>> = {
  echo: () => new Listener(0).attach(() => ({ onBytes: (data) => data })),
  sink: () =>
    new Listener(0).attach(() => {
      restart();
      return { onBytes: take };
    }),
};

let listening: Promise<number> | undefined;

/** Listens when it is asked for the first time. */
function port(): Promise<number> {
  listening ??= maker === 'net' ? listenBare() : listenBrine();
  return listening;
}

async function listenBare(): Promise<number> {
  const server = role === 'checked' ? checked() : bare[role]?.();
  if (server === undefined) throw new Error(`no bare ${role}`);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function listenBrine(): Promise<number> {
  const listener = brine[role]?.();
  if (listener === undefined) throw new Error(`no ${role} with Brine`);
  return (await listener.start()).port;
}

interface Sending {
  readonly port: number;
  readonly bytes: number;
}

/** Sends much over one connection, as fast as the peer takes it. */
async function send({ port, bytes }: Sending) {
  const before = cpuUs();
  const begin = performance.now();
  const checksum = await (maker === 'net' ? sendBare : sendBrine)({ port, bytes });
  const seconds = (performance.now() - begin) / 1_000;
  return { units: bytes / 1e9, seconds, checksum, cpuUs: cpuUs() - before };
}

async function sendBare({ port, bytes }: Sending): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  socket.resume();
  let checksum = 0;
  for (let sent = 0; sent < bytes; ) {
    const piece = pieceAt(sent, bytes);
    checksum = crc32(piece, checksum);
    sent += piece.length;
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  socket.end();
  await once(socket, 'close');
  return checksum;
}

async function sendBrine({ port, bytes }: Sending): Promise<number> {
  const client = await Client.connect('127.0.0.1', port);
  let checksum = 0;
  for (let sent = 0; sent < bytes; ) {
    const piece = pieceAt(sent, bytes);
    checksum = crc32(piece, checksum);
    sent += piece.length;
    await client.writeBytes(piece);
  }
  await client.close();
  return checksum;
}

answer({
  port,
  send,
  cpu: cpuUs,
  received: () => received,
  expectWhole,
  arrived: () => arrived,
});
