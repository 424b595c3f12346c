/** Captures of a part of a world: what has connections of its own. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RecentMap } from '../../../src/base/recent-map';
import { capture } from '../../../src/capture/capture';
import { CaptureFile } from '../../../src/capture/capture-file';
import type { CaptureOptions } from '../../../src/capture/capture-options';
import type { Capturable } from '../../../src/capture/capture-source';
import { startMock } from '../../../src/mock/start-mock';
import { realWorld } from '../../../src/network/real/world';
import type { World } from '../../../src/network/world';
import { Proxy } from '../../../src/proxy/proxy';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';
import { packetsOf } from './forge';
import { readConnections, streamsOf } from './read-back';

const folder = mkdtempSync(join(tmpdir(), 'brine-parts-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** Captures a part while something happens; gives what was on its connections. */
async function capturing(part: Capturable, body: () => Promise<void>, options?: CaptureOptions) {
  const path = join(folder, `part-${++files}.pcapng`);
  const running = await capture(part, path, options);
  await body();
  await running.close();
  const file = readFileSync(path);
  const said = (await readConnections(file)).map((connection) => {
    const { out, in: back } = streamsOf(connection);
    return `${out} ${back} ${connection.ended}`;
  });
  return { file, said, interfaces: CaptureFile.from(file).interfaces.map(({ name }) => name) };
}

function echoAt(world: World, port: number, label: string): Listener {
  return new Listener(port, { world, label }).attach(() => ({ onBytes: (bytes) => bytes }));
}

async function exchange(client: Client, text: string): Promise<void> {
  await client.writeBytes(Buffer.from(text));
  await client.readBytes(text.length);
}

async function conversation(world: World, port: number, text: string): Promise<void> {
  const client = await Client.connect('127.0.0.1', port, { world });
  await exchange(client, text);
  await client.close();
}

const onNetworks = {
  real: async (body: (world: World) => Promise<void>) => {
    const world = realWorld({ trace: { mode: 'off' } });
    await body(world).finally(() => world.scope[Symbol.asyncDispose]());
  },
  simulated: (body: (world: World) => Promise<void>) => simulatedWorld({ trace: 'off' }).run(body),
};

for (const [network, run] of Object.entries(onNetworks)) {
  test(`a capture of a listener has its connections, also one that was open (${network})`, () =>
    run(async (world) => {
      const [mine, other] = [echoAt(world, 0, 'mine'), echoAt(world, 0, 'other')];
      const { port } = await mine.start();
      const { port: otherPort } = await other.start();
      const early = await Client.connect('127.0.0.1', port, { world });
      await exchange(early, 'early');

      const { said, interfaces } = await capturing(mine, async () => {
        await conversation(world, otherPort, 'elsewhere');
        await conversation(world, port, 'new');
        await exchange(early, 'late');
      });

      assert.deepEqual(said.sort(), ['late late open', 'new new fin']);
      assert.deepEqual(interfaces, ['mine']);
      await early.close();
      await Promise.all([mine.gracefulStop(), other.gracefulStop()]);
    }));

  test(`a capture of a client has this one connection (${network})`, () =>
    run(async (world) => {
      const listener = echoAt(world, 0, 'echo');
      const { port } = await listener.start();
      const client = await Client.connect('127.0.0.1', port, { world, label: 'client "alice"' });

      const { said, interfaces } = await capturing(client, async () => {
        await conversation(world, port, 'another');
        await exchange(client, 'hello');
        await client.close();
      });

      assert.deepEqual(said, ['hello hello fin']);
      assert.deepEqual(interfaces, ['client "alice"']);
      await listener.gracefulStop();
    }));

  test(`a capture of a proxy has both of its legs, and says which belong together (${network})`, () =>
    run(async (world) => {
      const listener = echoAt(world, 0, 'echo');
      const { port } = await listener.start();
      const proxy = await Proxy.start({ name: 'edge', upstream: `127.0.0.1:${port}`, world });
      await conversation(world, proxy.listen.port, 'before');

      const { file, said, interfaces } = await capturing(proxy, async () => {
        await conversation(world, port, 'past it');
        await conversation(world, proxy.listen.port, 'one');
        await conversation(world, proxy.listen.port, 'two');
      });

      assert.deepEqual(said.sort(), ['one one fin', 'one one fin', 'two two fin', 'two two fin']);
      assert.deepEqual(interfaces, ['edge in', 'edge out']);
      const packets = await packetsOf(file);
      for (const leg of [0, 1]) {
        const comments = packets
          .filter((one) => one.interface === leg)
          .flatMap((one) => one.comments);
        const pairs = comments.filter((text) => text.startsWith('pair '));
        assert.deepEqual(pairs, ['pair 2', 'pair 3']);
      }
      await proxy.close();
      await listener.gracefulStop();
    }));
}

test('a capture of a mock is masked by the rules of the mock where it is asked to be', () =>
  onNetworks.simulated(async (world) => {
    const server = await startMock(
      {
        name: 'mail',
        redact: [{ regex: 'PASS (?<secret>\\S+)', group: 'secret' }],
        unmatched: { send: 'OK' },
      },
      { world },
    );
    const say = async () => {
      const client = await Client.connect(server.host, server.port, { world });
      await client.writeBytes(Buffer.from('PASS hunter2'));
      await client.readBytes(2);
      await client.close();
    };

    const bare = await capturing(server, say);
    const masked = await capturing(server, say, { redact: true });

    assert.deepEqual(bare.said, ['PASS hunter2 OK fin']);
    assert.ok(bare.file.includes('NOT REDACTED'));
    assert.deepEqual(masked.said, ['PASS ******* OK fin']);
    assert.deepEqual(masked.interfaces, ['mail']);
    await server.stop();
  }));

test('a listener that starts again is captured on', () =>
  onNetworks.simulated(async (world) => {
    const listener = echoAt(world, 7_000, 'echo');
    await listener.start();

    const { said } = await capturing(listener, async () => {
      await conversation(world, 7_000, 'first');
      await listener.gracefulStop();
      await listener.start();
      await conversation(world, 7_000, 'second');
    });

    assert.deepEqual(said, ['first first fin', 'second second fin']);
    await listener.gracefulStop();
  }));

test('what was released last is still found, and of many the oldest go', () => {
  const map = new RecentMap<string, number>(2);
  for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) map.set(key, at);

  map.release('nobody');
  for (const key of ['a', 'b', 'c']) map.release(key);

  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((key) => map.get(key)),
    [undefined, 1, 2, 3],
  );
  map.set('b', 9);
  map.release('d');
  assert.deepEqual(
    ['b', 'c', 'd'].map((key) => map.has(key)),
    [true, true, true],
  );
});
