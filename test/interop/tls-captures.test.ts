/** Whether others can read what is inside TLS, with nothing but the file. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { capture } from '../../src/capture/capture';
import type { CaptureOptions } from '../../src/capture/capture-options';
import { writePcapng } from '../../src/capture/write-pcapng';
import { realWorld } from '../../src/network/real/world';
import type { World } from '../../src/network/world';
import { simulatedWorld } from '../../src/simulation/world';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import { authority, keyOf } from '../support/test-certificates';
import { fieldsOf, missingTools, objections, runTool } from './wireshark';

const interop = { skip: missingTools, timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'brine-interop-tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function freshPath(): string {
  return join(folder, `${++files}.pcapng`);
}

async function onKernel(body: (world: World) => Promise<void>): Promise<World> {
  const world = realWorld({ trace: { mode: 'full' } });
  await body(world).finally(() => world.scope[Symbol.asyncDispose]());
  return world;
}

async function onSimulation(body: (world: World) => Promise<void>): Promise<World> {
  const world = simulatedWorld({ trace: 'full' });
  await world.run(body);
  return world;
}

const networks = { real: onKernel, simulated: onSimulation } as const;

interface Exchange {
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  /** Whose key log there is. */
  readonly keylog: 'client' | 'server' | 'both';
  readonly path?: string;
  readonly bodyBytes?: number;
}

/** An HTTP request and its answer inside TLS. */
async function httpOverTls(world: World, exchange: Exchange): Promise<void> {
  const { version, keylog, path = '/orders', bodyBytes = 5 } = exchange;
  const versions = [version];
  const listener = new Listener(0, {
    world,
    secureSocket: { key: keyOf('server'), protocol: { versions }, keylog: keylog !== 'client' },
  });
  const body = 'x'.repeat(bodyBytes);
  listener.attach(() => ({
    onBytes: (bytes) =>
      Buffer.from(bytes).toString('latin1').includes('\r\n\r\n')
        ? Buffer.from(`HTTP/1.1 201 Created\r\nContent-Length: ${bodyBytes}\r\n\r\n${body}`)
        : undefined,
  }));
  const { port } = await listener.start();
  const client = await Client.connect('localhost', port, {
    world,
    secureSocket: { cert: { pem: authority }, protocol: { versions }, keylog: keylog !== 'server' },
  });
  await client.writeBytes(Buffer.from(`POST ${path} HTTP/1.1\r\nHost: a\r\n\r\n`));
  const head = `HTTP/1.1 201 Created\r\nContent-Length: ${bodyBytes}\r\n\r\n`;
  await client.readBytes(head.length + bodyBytes);
  await client.close();
  await listener.gracefulStop();
}

/** Requests and answers that tshark finds, in order. */
async function httpIn(path: string): Promise<string[]> {
  const rows = await fieldsOf(path, ['http.request.uri', 'http.response.code'], 'http');
  return rows.map(([uri = '', code = '']) => uri || code);
}

for (const [network, run] of Object.entries(networks)) {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const keylog of ['client', 'server', 'both'] as const) {
      const whose = keylog === 'both' ? 'both ends' : `the ${keylog}`;
      test(
        `tshark reads ${version} of the ${network} network with the key log of ${whose}`,
        interop,
        async () => {
          const path = freshPath();
          let late = 0;
          const world = await run(async (world) => {
            const running = await capture(world, path, { secrets: true });
            await httpOverTls(world, { version, keylog });
            late = (await running.close()).lateSecrets;
          });
          const inMemory = freshPath();
          writeFileSync(inMemory, writePcapng(world, { secrets: true }));

          assert.deepEqual(await httpIn(path), ['/orders', '201']);
          assert.deepEqual(await httpIn(inMemory), ['/orders', '201']);
          assert.equal(late, 0);
          assert.equal(await objections(path), '');
        },
      );
    }
  }

  test(
    `without secrets tshark sees nothing inside TLS of the ${network} network`,
    interop,
    async () => {
      const path = freshPath();

      await run(async (world) => {
        const running = await capture(world, path);
        await httpOverTls(world, { version: 'TLSv1.3', keylog: 'both' });
        await running.close();
      });

      assert.deepEqual(await httpIn(path), []);
      const records = await fieldsOf(path, ['tls.record.version'], 'tls');
      assert.ok(records.length > 2);
    },
  );
}

/**
 * Several exchanges, one after the other.
 *
 * @param flush - after `exchanges`, or behind every `event`
 */
async function manyExchanges(path: string, flush: 'exchange' | 'event', options: CaptureOptions) {
  let summary: Awaited<ReturnType<Awaited<ReturnType<typeof capture>>['close']>> | undefined;
  await onKernel(async (world) => {
    const running = await capture(world, path, { secrets: true, ...options });
    if (flush === 'event') world.trace.subscribe(() => void running.flush());
    for (const name of ['/one', '/two', '/three', '/four']) {
      await httpOverTls(world, {
        version: 'TLSv1.3',
        keylog: 'server',
        path: name,
        bodyBytes: 3_000,
      });
      await running.flush();
    }
    summary = await running.close();
  });
  assert.ok(summary);
  return summary;
}

const everything = ['/one', '201', '/two', '201', '/three', '201', '/four', '201'];

test(
  'secrets that come late are in front of what they open once the capture is closed',
  interop,
  async () => {
    const path = freshPath();

    // Nothing may wait: packets are written before their secrets are known.
    const { lateSecrets } = await manyExchanges(path, 'event', { hold: { bytes: 0 } });

    assert.ok(lateSecrets > 0);
    assert.deepEqual(await httpIn(path), everything);
    assert.equal(await objections(path), '');
  },
);

test('files of a capture that rotates can be read one by one and merged', interop, async () => {
  const path = freshPath();

  const { paths, bytes } = await manyExchanges(path, 'exchange', {
    maxBytes: '24 KiB',
    whenFull: 'rotate',
  });

  assert.ok(paths.length > 1);
  for (const each of paths) assert.equal(await objections(each), '');
  const merged = freshPath();
  const { status } = await runTool('mergecap', ['-a', '-w', merged, ...paths]);
  assert.equal(status, 0);
  assert.equal(await objections(merged), '');
  assert.deepEqual(await httpIn(merged), everything);
  const rows = await fieldsOf(merged, ['tcp.stream', 'tcp.len'], 'tcp');
  assert.equal(new Set(rows.map(([stream]) => stream)).size, 4);
  const carried = rows.reduce((sum, [, length]) => sum + Number(length), 0);
  assert.equal(carried, bytes.out + bytes.in);
});
