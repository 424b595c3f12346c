/** What Wireshark's tools and tcpdump make of our captures. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { CaptureFile } from '../../src/capture/capture-file';
import { type PcapngOptions, writePcapng } from '../../src/capture/write-pcapng';
import type { Endpoint } from '../../src/network/network';
import { realWorld } from '../../src/network/real/world';
import type { WireEvent } from '../../src/network/wire-event';
import type { World } from '../../src/network/world';
import { simulatedWorld } from '../../src/simulation/world';
import { fieldsOf, followed, missingTools, objections, runTool, tshark } from './wireshark';

const interop = { skip: missingTools, timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'brine-interop-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function fileOf(bytes: Uint8Array): string {
  const path = join(folder, `${++files}.pcapng`);
  writeFileSync(path, bytes);
  return path;
}

function captured(source: World | Iterable<WireEvent>, options: PcapngOptions = {}): string {
  return fileOf(writePcapng(source, options));
}

/** Pieces whose memory begins at odd places, of lengths around those where code changes its way. */
const lengths = [
  1, 2, 3, 63, 64, 65, 66, 67, 101, 1_459, 1_460, 4_095, 4_096, 4_097, 5_000, 65_480,
];
const memory = Buffer.alloc(70_000 + lengths.length);
for (let at = 0; at < memory.length; at++) memory[at] = (at * 31 + (at >> 8)) & 0xff;
const pieces = lengths.map((length, index) => memory.subarray(index, index + length));

/** Connections that end in every way, over IPv4 and IPv6, with bytes of many lengths. */
async function manyEndings(world: World): Promise<void> {
  for (const host of ['127.0.0.1', '::1']) {
    const endpoint = await world.network.listen({ host, port: 0, allowHalfOpen: true }, (peer) => {
      peer.on('error', () => undefined);
      peer.pipe(peer);
    });
    const echo = world.network.connect({ ...portOf(endpoint), allowHalfOpen: true });
    for (const piece of pieces) echo.write(piece);
    echo.end();
    await echo.toArray();

    const reset = world.network.connect(portOf(endpoint));
    reset.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      reset.once('data', () => reset.resetAndDestroy()).once('close', () => resolve());
      reset.write('hello');
    });

    const half = world.network.connect({ ...portOf(endpoint), allowHalfOpen: true });
    half.write('first');
    half.destroySoon();
    half.resume();
    await new Promise((resolve) => half.once('close', resolve));
    await endpoint.close();
    const refused = world.network.connect(portOf(endpoint));
    await new Promise((resolve) => refused.on('error', () => undefined).once('close', resolve));
  }
}

function portOf({ address }: Endpoint): { host: string; port: number } {
  return { host: address.host, port: address.port };
}

async function onSimulation(body: (world: World) => Promise<void>): Promise<World> {
  const world = simulatedWorld({ trace: 'full' });
  await world.run(body);
  return world;
}

async function onKernel(body: (world: World) => Promise<void>): Promise<World> {
  const world = realWorld({ trace: { mode: 'full' } });
  await body(world).finally(() => world.scope[Symbol.asyncDispose]());
  return world;
}

const networks = { simulated: onSimulation, real: onKernel } as const;

for (const [network, run] of Object.entries(networks)) {
  for (const segment of [1_460, 65_480]) {
    test(
      `tshark finds nothing wrong with a capture of the ${network} network in segments of ${segment}`,
      interop,
      async () => {
        const world = await run(manyEndings);

        assert.equal(await objections(captured(world, { segment })), '');
      },
    );
  }

  test(
    `tshark counts the bytes and connections of a capture of the ${network} network`,
    interop,
    async () => {
      const world = await run(manyEndings);
      const path = captured(world);

      const rows = await fieldsOf(path, ['tcp.stream', 'tcp.len'], 'tcp');
      assert.equal(new Set(rows.map(([stream]) => stream)).size, 8);
      const { stdout } = await tshark(path, '-q', '-z', 'conv,tcp');
      assert.equal(stdout.split('\n').filter((line) => line.includes('<->')).length, 8);
      const sent = rows.reduce((sum, row) => sum + Number(row[1]), 0);
      // Simulated: what was delivered; real: what the dialling ends wrote and read.
      const told = world.trace.events.filter(({ kind, connection }) =>
        network === 'simulated'
          ? kind === 'data'
          : /write|data/.test(kind) && connection[0] === 'c',
      );
      assert.equal(
        sent,
        told.reduce((sum, { length = 0 }) => sum + length, 0),
      );
    },
  );

  test(`tshark follows a stream of the ${network} network byte for byte`, interop, async () => {
    const world = await run(manyEndings);
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

    const { out, in: back } = await followed(captured(world), 0);

    assert.equal(hash(out), hash(Buffer.concat(pieces)));
    assert.equal(hash(back), hash(Buffer.concat(pieces)));
  });
}

test('tshark finds nothing wrong with a capture that began late', interop, async () => {
  const world = await onSimulation(manyEndings);
  const all = world.trace.events;

  for (const share of [0.2, 0.4, 0.6]) {
    const late = all.slice(Math.floor(all.length * share));
    assert.equal(await objections(captured(late, { network: 'simulated' })), '');
  }
});

test('capinfos and tcpdump read what was written', interop, async () => {
  const world = await onSimulation(manyEndings);
  const path = captured(world, { comments: ['scenario: many endings'] });

  const { stdout, status } = await runTool('capinfos', [path]);
  const dump = await runTool('tcpdump', ['-nr', path]);

  assert.equal(status, 0);
  for (const line of [
    /File encapsulation: +Ethernet$/m,
    /timestamp precision: +nanoseconds/,
    /First packet time: +2023-11-14 /,
    /Capture hardware: +simulated network/,
    /Capture application: +brine \d/,
    /Capture comment: +scenario: many endings/,
    /Capture comment: +plan: \{"v":1\}/,
    /Number of interfaces in file: 1/,
    /Name = wire/,
    /Number of stat entries = 1/,
  ]) {
    assert.match(stdout, line);
  }
  const packets = Number(/Number of packets = (\d+)/.exec(stdout)?.[1]);
  assert.equal(dump.status, 0);
  assert.equal(dump.stdout.split('\n').filter((line) => line !== '').length, packets);
});

test('no two packets of a capture have the same time', interop, async () => {
  const world = await onSimulation(async (world) => {
    const endpoint = await world.network.listen({ port: 80 }, (peer) =>
      peer.end('x'.repeat(9_000)),
    );
    const clients = [1, 2, 3].map(() => world.network.connect(portOf(endpoint)));
    await Promise.all(clients.map((client) => client.toArray()));
  });

  const { stdout } = await runTool('capinfos', [captured(world, { segment: 7 })]);

  assert.match(stdout, /Strict time order: +True/);
});

test('names, comments and marks stand where they belong', interop, async () => {
  const world = await onSimulation(async (world) => {
    const endpoint = await world.network.listen({ port: 80 }, (peer) => peer.end('hello'));
    const client = world.network.connect({ host: 'localhost', port: 80 });
    await client.toArray();
    const nobody = { connection: '', from: '', to: '', direction: '-' } as const;
    world.trace.add({ ...nobody, kind: 'note', detail: { mark: 'after login' } });
    await endpoint.close();
    const next = world.network.connect({ host: 'localhost', port: 80 });
    await new Promise((resolve) => next.on('error', () => undefined).once('close', resolve));
  });
  const path = captured(world);

  const { stdout } = await tshark(path, '-N', 'nN');
  const lines = stdout.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /localhost → localhost .*\[SYN\]/);
  const mark = lines.findIndex((line) => line.includes('mark "after login"'));
  assert.match(lines[mark + 1] ?? '', /\[SYN\]/);
  const refused = await fieldsOf(path, ['frame.comment'], 'tcp.flags.reset == 1');
  assert.match(refused[0]?.[0] ?? '', /^#\d+,refused$/);
  const { status } = await runTool('tcpdump', ['-nr', path]);
  assert.equal(status, 0);
});

/** One piece of memory, told again and again: what goes over the wire need not be in memory. */
function* longConversation(total: number): Generator<WireEvent> {
  const piece = Buffer.alloc(65_483, 'x');
  const client = { host: '127.0.0.1', port: 40_000, family: 'IPv4' } as const;
  const server = { host: '127.0.0.1', port: 80, family: 'IPv4' } as const;
  const end = { connection: 'c1', from: 'client', to: 'server' } as const;
  const ends = { local: client, remote: server };
  yield { ...end, ...ends, index: 0, atUs: 0, direction: 'out', kind: 'syn' };
  yield { ...end, ...ends, index: 1, atUs: 1, direction: 'in', kind: 'established' };
  for (let stream = 0, index = 2; stream < total; stream += piece.length, index++) {
    const bytes = piece.subarray(0, Math.min(piece.length, total - stream));
    const { length } = bytes;
    yield { ...end, index, atUs: index, direction: 'out', kind: 'write', length, bytes, stream };
  }
}

test('a connection longer than its numbers reach is counted exactly', interop, async () => {
  const total = 4_831_859_604;
  const path = captured(longConversation(total), { packetBytes: 0 });

  const { stdout } = await tshark(path, '-Y', 'tcp.analysis.flags');
  assert.equal(stdout, '');
  const rows = await fieldsOf(path, ['tcp.len'], 'tcp.len > 0');
  const counted = rows.reduce((sum, [length]) => sum + Number(length), 0);
  assert.equal(counted, total);
});

test('a writer that is killed leaves what it had flushed', interop, async () => {
  const path = join(folder, 'killed.pcapng');
  const child = spawn(
    process.execPath,
    ['-r', './scripts/register-typescript.js', 'test/interop/killed-writer.ts', path],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'exit');
  let flushed = 0;
  for await (const line of lines) {
    flushed = Number(line);
    // Somewhere in the middle of the writing that goes on.
    if (flushed > 500_000) break;
  }
  child.kill('SIGKILL');
  await exited;

  const { status, stderr } = await tshark(path, '-q');
  assert.ok(status === 0 || /cut short/.test(stderr), `status ${status}: ${stderr}`);
  assert.equal(await objections(path), '');
  const rows = await fieldsOf(path, ['tcp.len'], 'tcp.len > 0');
  const carried = rows.reduce((sum, [length]) => sum + Number(length), 0);
  assert.ok(carried >= flushed, `${carried} of ${flushed}`);
  await using file = await CaptureFile.open(path);
  assert.match(file.warnings.join(), /the writer did not finish|cut at byte \d+/);
});
