/** Captures a conversation without end into the file it is told, and says how much was flushed, until it is killed. */
import { capture } from '../../src/capture/capture';
import { realWorld } from '../../src/network/real/world';

async function main(path: string): Promise<void> {
  const world = realWorld({ trace: { mode: 'off' } });
  const running = await capture(world, path, { overwrite: true });
  const endpoint = await world.network.listen({ port: 0 }, (peer) => peer.pipe(peer));
  const { host, port } = endpoint.address;
  const client = world.network.connect({ host, port });
  const piece = Buffer.alloc(5_000, 'brine');
  for (let sent = 0; ; ) {
    for (let turn = 0; turn < 20; turn++) {
      client.write(piece);
      sent += piece.length;
      await new Promise((resolve) => client.once('data', resolve));
    }
    await running.flush();
    process.stdout.write(`${sent}\n`);
  }
}

void main(process.argv[2] ?? '');
