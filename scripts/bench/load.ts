/** The other side of every benchmark: bare `node:net`, in a process of its own. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { crc32 } from 'node:zlib';
import { answer } from './child';
import { content, pieceAt } from './content';

/** Several connections exchange messages for a time, each waiting for its echo. */
async function pingPong(work: {
  readonly port: number;
  readonly connections: number;
  readonly bytes: number;
  readonly seconds: number;
}) {
  const message = content.subarray(0, work.bytes);
  const sockets = await Promise.all(
    Array.from({ length: work.connections }, () => connected(work.port)),
  );
  let running = true;
  const begin = performance.now();
  const counts = Promise.all(sockets.map((socket) => echoes(socket, message, () => running)));
  setTimeout(() => {
    running = false;
  }, work.seconds * 1_000);
  const roundTrips = (await counts).reduce((sum, count) => sum + count, 0);
  const seconds = (performance.now() - begin) / 1_000;
  for (const socket of sockets) socket.destroy();
  return { units: roundTrips, seconds };
}

function echoes(socket: Socket, message: Buffer, running: () => boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    let missing = message.length;
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      const begin = message.length - missing;
      if (!message.subarray(begin, begin + chunk.length).equals(chunk)) {
        reject(new Error('the echo differs from what was sent'));
      }
      missing -= chunk.length;
      if (missing > 0) return;
      count++;
      missing = message.length;
      if (running()) socket.write(message);
      else resolve(count);
    });
    socket.write(message);
  });
}

/** Connects, exchanges one message and closes, with several such conversations under way. */
async function exchanges(work: {
  readonly port: number;
  readonly inFlight: number;
  readonly count: number;
}) {
  const message = content.subarray(0, 64);
  let left = work.count;
  const begin = performance.now();
  const lane = async () => {
    while (left-- > 0) {
      const socket = await connected(work.port);
      // No half-close before the echo: not every proxy passes one on.
      socket.write(message);
      let echo: Buffer = Buffer.alloc(0);
      for await (const chunk of socket) {
        echo = Buffer.concat([echo, chunk]);
        if (echo.length === message.length) socket.end();
      }
      if (!echo.equals(message)) throw new Error('the echo differs');
    }
  };
  await Promise.all(Array.from({ length: work.inFlight }, lane));
  return { units: work.count, seconds: (performance.now() - begin) / 1_000 };
}

/** As `exchanges`, but the client ends only when it has its answer. */
async function dialogues(work: {
  readonly port: number;
  readonly inFlight: number;
  readonly count: number;
}) {
  const message = content.subarray(0, 64);
  let left = work.count;
  const begin = performance.now();
  const lane = async () => {
    while (left-- > 0) {
      const socket = await connected(work.port);
      await echoes(socket, message, () => false);
      socket.end();
    }
  };
  await Promise.all(Array.from({ length: work.inFlight }, lane));
  return { units: work.count, seconds: (performance.now() - begin) / 1_000 };
}

/** Sends much over one connection; done when the peer has taken everything and ended. */
async function send({ port, bytes }: { readonly port: number; readonly bytes: number }) {
  const socket = await connected(port);
  socket.resume();
  const begin = performance.now();
  let checksum = 0;
  for (let sent = 0; sent < bytes; ) {
    const piece = pieceAt(sent, bytes);
    checksum = crc32(piece, checksum);
    sent += piece.length;
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  socket.end();
  await once(socket, 'close');
  return { units: bytes / 1e9, seconds: (performance.now() - begin) / 1_000, checksum };
}

/** Sends much over one connection to somebody who compares it. */
async function pour({ port, bytes }: { readonly port: number; readonly bytes: number }) {
  const socket = await connected(port);
  socket.resume();
  for (let sent = 0; sent < bytes; ) {
    const piece = pieceAt(sent, bytes);
    sent += piece.length;
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  socket.end();
}

async function connected(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Takes everything that comes and ends when the peer does. */
const received = { bytes: 0, checksum: 0 };
const sink = createServer({ noDelay: true }, (socket) => {
  received.bytes = 0;
  received.checksum = 0;
  socket.on('data', (chunk) => {
    received.bytes += chunk.length;
    received.checksum = crc32(chunk, received.checksum);
  });
});

async function sinkPort(): Promise<number> {
  if (!sink.listening) await once(sink.listen(0, '127.0.0.1'), 'listening');
  const address = sink.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

answer({ pingPong, exchanges, dialogues, send, pour, sinkPort, received: () => received });
