/** The same conversations, captured by us and by others. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { capture } from '../../src/capture/capture';
import { CaptureFile } from '../../src/capture/capture-file';
import { conversationOf } from '../../src/capture/conversation';
import { crlf } from '../../src/framing/delimiter';
import { FrameReader } from '../../src/framing/frame-reader';
import { realWorld } from '../../src/network/real/world';
import type { World } from '../../src/network/world';
import { simulatedWorld } from '../../src/simulation/world';
import { missingTools, runTool } from './wireshark';

const interop = { skip: missingTools, timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'brine-interop-others-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A mail server says hello, answers three lines, and both say goodbye. */
async function mail(world: World): Promise<void> {
  const endpoint = await world.network.listen({ port: 0, allowHalfOpen: true }, (peer) => {
    peer.write('220 ready\r\n');
    peer.on('data', (bytes: Buffer) => peer.write(`250 ${bytes}`));
    peer.on('end', () => peer.end());
  });
  const { host, port } = endpoint.address;
  const client = world.network.connect({ host, port, allowHalfOpen: true });
  const hear = () => new Promise((resolve) => client.once('data', resolve));
  await hear();
  for (const line of ['EHLO me\r\n', 'NOOP\r\n', 'QUIT\r\n']) {
    const heard = hear();
    client.write(line);
    await heard;
  }
  client.end();
  await client.toArray();
  await endpoint.close();
}

async function onKernel(body: (world: World) => Promise<void>): Promise<void> {
  const world = realWorld();
  await body(world).finally(() => world.scope[Symbol.asyncDispose]());
}

async function onSimulation(body: (world: World) => Promise<void>): Promise<void> {
  await simulatedWorld().run(body);
}

/** The one conversation of a file, without its times. */
async function conversationIn(path: string): Promise<unknown> {
  const found = [];
  await using file = await CaptureFile.open(path);
  for await (const connection of file.connections()) {
    const { turns, warnings } = conversationOf(connection, {
      framer: () => new FrameReader(crlf()),
    });
    const said = turns.map(({ from, frames, end }) => ({
      from,
      frames: frames.map((frame) => Buffer.from(frame).toString()),
      end,
    }));
    found.push({ said, warnings });
  }
  assert.equal(found.length, 1);
  return found[0];
}

const expected = {
  said: [
    { from: 'server', frames: ['220 ready'], end: undefined },
    { from: 'client', frames: ['EHLO me'], end: undefined },
    { from: 'server', frames: ['250 EHLO me'], end: undefined },
    { from: 'client', frames: ['NOOP'], end: undefined },
    { from: 'server', frames: ['250 NOOP'], end: undefined },
    { from: 'client', frames: ['QUIT'], end: undefined },
    { from: 'server', frames: ['250 QUIT'], end: undefined },
    { from: 'client', frames: [], end: 'fin' },
    { from: 'server', frames: [], end: 'fin' },
  ],
  warnings: [],
};

const copies = [
  ['editcap', (from: string, to: string) => ['-F', 'nsecpcap', from, to]],
  ['tcpdump', (from: string, to: string) => ['-r', from, '-w', to]],
] as const;

for (const [network, run] of [
  ['real', onKernel],
  ['simulated', onSimulation],
] as const) {
  test(
    `a capture of the ${network} network holds its conversation, also as ${copies.map(([tool]) => tool).join(' and ')} write it`,
    interop,
    async () => {
      const own = join(folder, `${network}.pcapng`);
      await run(async (world) => {
        const running = await capture(world, own);
        await mail(world);
        await running.close();
      });
      const others = copies.map(([tool]) => join(folder, `${network}-${tool}.pcap`));
      for (const [index, [tool, words]] of copies.entries()) {
        const { status, stderr } = await runTool(tool, words(own, others[index] ?? ''));
        assert.equal(status, 0, stderr);
      }

      for (const path of [own, ...others]) assert.deepEqual(await conversationIn(path), expected);
    },
  );
}
