/**
 * Traffic of one world in this process, started as `recorded <off|seen|captured>`: unwatched, with
 * somebody who looks at each event, or captured into a file.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { capture } from '../../src/capture/capture';
import { realWorld } from '../../src/network/real/world';
import type { World } from '../../src/network/world';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import { answer, cpuUs } from './child';
import { content, pieceAt } from './content';

const way = process.argv[2] ?? 'off';
/** In memory where that can be had: what is measured is not the disk. */
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'brine-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'run.pcapng');

/** Does the work in a world that is watched as told; the time until the file is whole counts. */
async function watched(units: number, work: (world: World) => Promise<void>) {
  const world = realWorld({ trace: { mode: 'off' } });
  const before = cpuUs();
  const begin = performance.now();
  let seen = 0;
  const stop = way === 'seen' ? world.trace.subscribe(() => seen++) : undefined;
  const running = way === 'captured' ? await capture(world, path, { overwrite: true }) : undefined;
  await work(world);
  stop?.();
  const summary = await running?.close();
  const seconds = (performance.now() - begin) / 1_000;
  const turn = { units, seconds, cpuUs: cpuUs() - before };
  assert.equal(summary?.dropped ?? 0, 0, 'payloads were left out');
  await world.scope[Symbol.asyncDispose]();
  return turn;
}

async function exchange({ count }: { readonly count: number }) {
  const message = content.subarray(0, 64);
  return watched(4 * count, async (world) => {
    const listener = new Listener(0, { world }).attach(() => ({ onBytes: (data) => data }));
    const { port } = await listener.start();
    const client = await Client.connect('127.0.0.1', port, { world });
    for (let exchanged = 0; exchanged < count; exchanged++) {
      await client.writeBytes(message);
      assert.ok(message.equals(await client.readBytes(message.length)));
    }
    await client.close();
    await listener.gracefulStop();
  });
}

async function send({ mebibytes }: { readonly mebibytes: number }) {
  const total = mebibytes * 2 ** 20;
  return watched(mebibytes, async (world) => {
    const received = { bytes: 0, checksum: 0 };
    const listener = new Listener(0, { world }).attach(() => ({
      onBytes: (bytes) => {
        received.bytes += bytes.length;
        received.checksum = crc32(bytes, received.checksum);
      },
    }));
    const { port } = await listener.start();
    const client = await Client.connect('127.0.0.1', port, { world });
    let checksum = 0;
    for (let sent = 0; sent < total; ) {
      const piece = pieceAt(sent, total);
      checksum = crc32(piece, checksum);
      sent += piece.length;
      await client.writeBytes(piece);
    }
    await client.close();
    await listener.gracefulStop();
    assert.deepEqual(received, { bytes: total, checksum });
  });
}

answer({ exchange, send });
