import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { capture } from '../../../src/capture/capture';
import { CaptureFile } from '../../../src/capture/capture-file';
import type { CaptureOptions } from '../../../src/capture/capture-options';
import type { CaptureSource } from '../../../src/capture/capture-source';
import { writePcapng } from '../../../src/capture/write-pcapng';
import { realWorld } from '../../../src/network/real/world';
import type { WireEvent } from '../../../src/network/wire-event';
import type { World } from '../../../src/network/world';
import { createTrace } from '../../../src/network/world/trace';
import { simulatedWorld } from '../../../src/simulation/world';
import { packetsOf } from './forge';
import { readConnections, streamsOf } from './read-back';
import { anyRun, eventsOf } from './wire-arbitraries';

const folder = mkdtempSync(join(tmpdir(), 'brine-capture-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function freshPath(): string {
  return join(folder, `run-${++files}.pcapng`);
}

/** A client says something to an echo server and hears it back. */
async function echo(world: World, text: string): Promise<void> {
  const endpoint = await world.network.listen({ port: 0, allowHalfOpen: true }, (peer) => {
    peer.on('error', () => undefined);
    peer.pipe(peer);
  });
  const { host, port } = endpoint.address;
  const client = world.network.connect({ host, port, allowHalfOpen: true });
  client.end(text);
  const back = await client.toArray();
  assert.equal(Buffer.concat(back).toString(), text);
  await endpoint.close();
}

async function onKernel<T>(body: (world: World) => Promise<T>, trace = 'off' as const): Promise<T> {
  const world = realWorld({ trace: { mode: trace } });
  return body(world).finally(() => world.scope[Symbol.asyncDispose]());
}

function onSimulation<T>(body: (world: World) => Promise<T>): Promise<T> {
  return simulatedWorld({ trace: 'full' }).run(body);
}

async function readFile(path: string) {
  const found = [];
  for (const connection of await readConnections(readFileSync(path))) {
    const { out, in: back } = streamsOf(connection);
    found.push({ out: out.toString(), in: back.toString(), ended: connection.ended });
  }
  return found;
}

for (const [name, run] of [
  ['real', onKernel],
  ['simulated', onSimulation],
] as const) {
  test(`a capture of the ${name} network holds what was on the wire while it ran`, {
    timeout: 20_000,
  }, async () => {
    const path = freshPath();

    const summary = await run(async (world) => {
      await echo(world, 'before');
      const running = await capture(world, path);
      await echo(world, 'meanwhile');
      const summary = await running.close();
      await echo(world, 'after');
      return summary;
    });

    assert.deepEqual(await readFile(path), [{ out: 'meanwhile', in: 'meanwhile', ended: 'fin' }]);
    assert.deepEqual(summary.paths, [path]);
    assert.deepEqual(summary.warnings, []);
    assert.equal(summary.connections, 1);
    assert.deepEqual(summary.bytes, { out: 9, in: 9 });
    assert.equal(summary.fileBytes, statSync(path).size);
    assert.equal(summary.packets, (await packetsOf(readFileSync(path))).length);
    assert.deepEqual(CaptureFile.from(readFileSync(path)).warnings, []);
  });
}

test('a streamed capture of a simulated world is the file that its events make', async () => {
  const path = freshPath();
  const world = simulatedWorld({ trace: 'full' });

  await world.run(async (world) => {
    const running = await capture(world, path);
    await echo(world, 'x'.repeat(400_000));
    await running.close();
  });

  assert.ok(readFileSync(path).equals(writePcapng(world)));
});

test('a simulated world that runs twice has the same capture twice', async () => {
  const paths = [freshPath(), freshPath()];
  for (const path of paths) {
    await simulatedWorld({ seed: 7, trace: 'off' }).run(async (world) => {
      await capture(world, path);
      await echo(world, 'hello');
    });
  }

  const [first, second] = paths.map((path) => readFileSync(path));
  assert.ok(first !== undefined && second?.equals(first));
});

test('the end of a scope closes its captures, before its connections', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    await capture(world, path);
    const endpoint = await world.network.listen({ port: 0 }, (peer) => peer.write('hello'));
    const { host, port } = endpoint.address;
    const client = world.network.connect({ host, port });
    await new Promise((resolve) => client.once('data', resolve));
  });

  assert.deepEqual(await readFile(path), [{ out: '', in: 'hello', ended: 'open' }]);
  assert.deepEqual(CaptureFile.from(readFileSync(path)).warnings, []);
});

test('a capture that is left open is what its scope still holds', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    const running = await capture(world, path);

    const { others } = world.scope.leaks();
    await running.close();

    assert.deepEqual(others, [`capture ${path}`]);
    assert.equal(world.scope.leaks().clean, true);
  });
});

test('closing a capture twice gives the same summary', async () => {
  await onSimulation(async (world) => {
    const running = await capture(world, freshPath());

    assert.equal(await running.close(), await running.close());
  });
});

test('what was flushed is in the file for every reader', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    await using running = await capture(world, path);
    await echo(world, 'hello');
    await running.flush();

    assert.deepEqual(await readFile(path), [{ out: 'hello', in: 'hello', ended: 'fin' }]);
    assert.equal(running.counters.connections, 1);
  });
});

test('a connection that was open before goes on in a capture with its addresses and numbers', async () => {
  for (const trace of ['off', 'events'] as const) {
    const path = freshPath();
    await onKernel(async (world) => {
      const endpoint = await world.network.listen({ port: 0 }, (peer) => peer.pipe(peer));
      const { host, port } = endpoint.address;
      const client = world.network.connect({ host, port });
      const hear = () => new Promise((resolve) => client.once('data', resolve));
      // A capture that is over leaves nothing that a later one could miss.
      await (await capture(world, freshPath())).close();
      client.write('before');
      await hear();
      const running = await capture(world, path);
      client.write('meanwhile');
      await hear();
      await running.close();

      const [connection] = await readConnections(readFileSync(path), { port });
      assert.ok(connection);
      assert.deepEqual([connection.midstream, connection.server.port], [true, port]);
      assert.equal(connection.client.host, host);
      const { out, in: back } = streamsOf(connection);
      assert.deepEqual([out.toString(), back.toString()], ['meanwhile', 'meanwhile']);
      const packets = await packetsOf(readFileSync(path));
      // Six bytes each way were there before, and are acknowledged.
      const [first] = packets;
      const answer = packets.find(({ tcp }) => tcp?.from.port === port);
      assert.equal(answer?.tcp?.acknowledgement, ((first?.tcp?.sequence ?? 0) + 9) >>> 0);
    }, trace as 'off');
  }
});

/** Tells the trace of a world that a client sends pieces to a server that takes them. */
function tellTraffic(world: World, pieces: readonly string[], id = 1): void {
  const local = { host: '127.0.0.1', port: 40_000 + id, family: 'IPv4' } as const;
  const remote = { host: '127.0.0.1', port: 80, family: 'IPv4' } as const;
  const end = { connection: `c${id}`, from: 'client', to: 'server' } as const;
  world.trace.add({ ...end, direction: 'out', kind: 'syn', local, remote });
  world.trace.add({ ...end, direction: 'in', kind: 'established', local, remote });
  let stream = 0;
  for (const piece of pieces) {
    world.trace.add({ ...end, direction: 'out', kind: 'write', bytes: Buffer.from(piece), stream });
    stream += piece.length;
  }
}

/** A capture of what is told, closed. */
async function told(
  pieces: readonly string[],
  options: CaptureOptions = {},
  path: string = freshPath(),
) {
  return onKernel(async (world) => {
    const running = await capture(world, path, options);
    tellTraffic(world, pieces);
    return running.close();
  });
}

const pieces = Array.from({ length: 40 }, (_, index) => String(index % 10).repeat(1_000));

test('a capture that is full stops below its limit, says so, and goes on counting', async () => {
  const { paths, fileBytes, bytes } = await told(pieces, { maxBytes: '16 KiB' });

  assert.ok(fileBytes <= 16_384 && fileBytes > 12_000);
  assert.equal(bytes.out, 40_000);
  const file = readFileSync(paths[0] ?? '');
  assert.equal(file.length, fileBytes);
  assert.ok(file.includes('capture stopped: the file has reached 16 384 bytes'));
  const [connection] = await readConnections(file);
  assert.ok(connection && connection.out.length >= 10_000 && connection.out.length < 15_000);
  assert.deepEqual(CaptureFile.from(file).warnings, []);
});

test('a capture that is full may go on without payloads', async () => {
  const { paths, packets } = await told(pieces, { maxBytes: '16 KiB', whenFull: 'headers' });

  const read = await packetsOf(readFileSync(paths[0] ?? ''));
  assert.equal(read.length, packets);
  const lengths = read.flatMap(({ tcp }) => (tcp?.length ? [tcp.payload.length] : []));
  assert.equal(lengths.length, 40);
  assert.equal(lengths[0], 1_000);
  assert.equal(lengths.at(-1), 0);
});

test('a capture that rotates goes on in the next file, each of them complete', async () => {
  const { paths, files, bytes } = await told(pieces, { maxBytes: '16 KiB', whenFull: 'rotate' });

  assert.ok(files > 1);
  assert.equal(files, paths.length);
  assert.match(paths[1] ?? '', /run-\d+\.00002\.pcapng$/);
  let streamed = '';
  for (const path of paths) {
    const file = readFileSync(path);
    assert.ok(file.length <= 16_384);
    assert.deepEqual(CaptureFile.from(file).warnings, []);
    for (const connection of await readConnections(file, { port: 80 })) {
      streamed += streamsOf(connection).out.toString();
    }
  }
  assert.equal(streamed, pieces.join(''));
  assert.equal(bytes.out, 40_000);
  // Put one behind the other they are one capture again.
  const all = Buffer.concat(paths.map((path) => readFileSync(path)));
  const [whole, ...more] = await readConnections(all);
  assert.equal(more.length, 0);
  assert.ok(whole && streamsOf(whole).out.equals(Buffer.from(pieces.join(''))));
});

test('a capture that rotates keeps as many files as it was told', async () => {
  const path = join(folder, 'few', 'run.pcapng');
  const { paths } = await told(pieces, { maxBytes: '8 KiB', whenFull: 'rotate', files: 2 }, path);

  assert.equal(paths.length, 2);
  assert.deepEqual(
    readdirSync(join(folder, 'few'))
      .map((name) => join(folder, 'few', name))
      .sort(),
    [...paths].sort(),
  );
  assert.ok(!existsSync(path));
});

test('payloads that wait for the disk beyond the limit are left out and counted', async () => {
  const { paths, dropped, warnings } = await told(pieces, { queue: '4 KiB' });

  assert.ok(dropped > 0);
  assert.deepEqual(warnings, [`${dropped} packets without their payload: the disk was too slow`]);
  const read = await packetsOf(readFileSync(paths[0] ?? ''));
  const cut = read.filter(({ tcp }) => tcp && tcp.payload.length < tcp.length);
  assert.equal(cut.length, dropped);
  assert.ok(cut.every(({ tcp }) => tcp?.length === 1_000));
});

test('only the connections that are wanted are captured', async () => {
  const path = freshPath();
  for (const connections of [['s2'], (event: WireEvent) => event.connection === 'c2']) {
    await onKernel(async (world) => {
      const running = await capture(world, path, { connections, overwrite: true });
      tellTraffic(world, ['one'], 1);
      tellTraffic(world, ['two'], 2);
      await running.close();
    });

    assert.deepEqual(await readFile(path), [{ out: 'two', in: '', ended: 'open' }]);
  }
});

test('a part of a world has interfaces of its own, and leaves out what it does not own', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    const source: CaptureSource = {
      world,
      label: 'mail',
      legs: [
        { name: 'mail in', description: 'clients' },
        { name: 'mail out', description: 'upstream' },
      ],
      legOf: (connection) => (connection === 'c1' ? 0 : 1),
      owns: ({ connection }) => connection !== 'c3',
    };
    const running = await capture(source, path);
    for (const id of [1, 2, 3]) tellTraffic(world, [`to ${id}`], id);
    await running.close();
  });

  const file = CaptureFile.from(readFileSync(path));
  assert.deepEqual(
    file.interfaces.map(({ name, packets }) => [name, packets]),
    [
      ['mail in', 5],
      ['mail out', 5],
    ],
  );
});

test('a mark stands in the capture and in the trace; a step on the packet that follows it', async () => {
  const path = freshPath();
  await onSimulation(async (world) => {
    const running = await capture(world, path);
    running.mark('after login');
    running.step('step 5: When alice says hello');
    tellTraffic(world, []);
    running.step('step 6: Then nothing');
    await running.close();
    assert.ok(world.trace.events.some(({ detail }) => detail?.['mark'] === 'after login'));
  });

  const file = readFileSync(path);
  assert.ok(file.includes('MESSAGE=mark "after login"'));
  const [first] = await packetsOf(file);
  assert.deepEqual(first?.comments.slice(1), ['step 5: When alice says hello']);
  // No packet came behind it.
  assert.ok(file.includes('MESSAGE=step 6: Then nothing'));
});

test('a file that exists is replaced only when that was asked for', async () => {
  const path = freshPath();
  writeFileSync(path, 'mine');

  await assert.rejects(told([], {}, path), {
    code: 'ECAPTUREFILE',
    phase: 'config',
    path,
    message: `open capture ${path}: it exists already (overwrite: true replaces it)`,
  });
  assert.equal(readFileSync(path, 'utf8'), 'mine');
  await told(['x'], { overwrite: true }, path);

  assert.equal(CaptureFile.from(readFileSync(path)).format, 'pcapng');
});

test('a path that is a folder, or leads through a file, is refused', async () => {
  const file = freshPath();
  writeFileSync(file, '');

  await assert.rejects(told([], { overwrite: true }, folder), {
    code: 'ECAPTUREFILE',
    message: `open capture ${folder}: it is a folder`,
  });
  await assert.rejects(told([], {}, join(file, 'run.pcapng')), { code: 'ECAPTUREFILE' });
});

test('a disk that is full stops the capture and not the traffic', {
  timeout: 20_000,
}, async (t) => {
  // Only Linux has a device that is always full.
  if (!existsSync('/dev/full')) return t.diagnostic('no /dev/full on this system');

  await assert.rejects(
    onKernel(async (world) => capture(world, '/dev/full', { overwrite: true })),
    { code: 'ECAPTUREFILE', phase: 'write', message: 'write capture /dev/full: the disk is full' },
  );
  return undefined;
});

test('a capture that fails later says so in the trace, and only close rejects', async () => {
  await onKernel(async (world) => {
    const running = await capture(world, freshPath(), {
      connections: () => {
        throw new Error('a choice that throws');
      },
    });
    await echo(world, 'hello');
    const flushed = running.flush();

    await assert.rejects(flushed, { code: 'ECAPTUREFILE', phase: 'write' });
    await assert.rejects(running.close(), { message: /a choice that throws/ });
    const { detail } = world.trace.events.find(({ detail }) => detail?.['stopped']) ?? {};
    assert.match(String(detail?.['stopped']), /a choice that throws/);
    await echo(world, 'and on');
  }, 'events' as 'off');
});

for (const [options, message] of [
  [{ maxbytes: 1 }, /unknown key "maxbytes" \(did you mean "maxBytes"\?\)/],
  [{ maxBytes: 100 }, /maxBytes must be at least 4 KiB, got 100/],
  [{ whenFull: 'wrap' }, /whenFull must be one of "stop", "rotate", "headers"/],
  [{ files: 0 }, /files must be a whole number of 1 or more/],
  [{ segment: 70_000 }, /segment must be a whole number from 1 to 65483, got 70000/],
  [{ hold: { seconds: 1 } }, /hold: unknown key "seconds"/],
  [{ connections: ['mail'] }, /connections\[0\] must be an id like "c1"/],
  [{ redact: true }, /there are no rules/],
  [{ redact: [{ regex: '(' }] }, /invalid regular expression/],
  [
    { redact: [{ regex: 'a' }], secrets: true },
    /a redacted capture cannot carry TLS secrets: they open the records that were not masked/,
  ],
] as const) {
  test(`a capture with ${JSON.stringify(options)} is refused before a file is made`, async () => {
    const path = freshPath();

    await assert.rejects(told([], options as CaptureOptions, path), { code: 'ECONFIG', message });
    assert.ok(!existsSync(path));
  });
}

const rules = [{ regex: 'PASS (\\S+)', group: 1 }];

test('a redacted capture has the same packets, and no secret however it was cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 }), async (cuts) => {
      const text = 'USER alice\r\nPASS hunter2\r\nQUIT\r\n';
      const parts: string[] = [];
      let at = 0;
      for (const cut of [...cuts, text.length]) {
        if (at < text.length) parts.push(text.slice(at, at + cut));
        at += cut;
      }
      const [plain, masked] = await Promise.all([
        told(parts, { connections: ['c1'] }),
        told(parts, { connections: ['c1'], redact: rules }),
      ]);
      const [before, after] = await Promise.all(
        [plain, masked].map(({ paths }) => packetsOf(readFileSync(paths[0] ?? ''))),
      );

      assert.deepEqual(
        after?.map(({ tcp }) => [tcp?.sequence, tcp?.length, tcp?.flags]),
        before?.map(({ tcp }) => [tcp?.sequence, tcp?.length, tcp?.flags]),
      );
      const file = readFileSync(masked.paths[0] ?? '');
      const [connection] = await readConnections(file);
      assert.ok(connection);
      assert.equal(streamsOf(connection).out.toString(), text.replace('hunter2', '*******'));
      assert.ok(CaptureFile.from(file).comments.includes('redacted: 1 rule, equal length'));
    }),
    { numRuns: 25 },
  );
});

test('comments and marks of a redacted capture are masked too', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    const running = await capture(world, path, { redact: rules });
    running.mark('sent PASS hunter2');
    running.step('When alice sends PASS hunter2');
    tellTraffic(world, ['hello']);
    await running.close();
  });

  const file = readFileSync(path);
  assert.ok(!file.includes('hunter2'));
  assert.ok(file.includes('sent PASS ********'));
});

test('a capture says that rules exist which were not applied', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    const source = { world, label: 'mail', redaction: rules };
    await (await capture(source, path)).close();
    await (await capture(source, path, { redact: true, overwrite: true })).close();
  });
  const applied = CaptureFile.from(readFileSync(path)).comments;
  assert.ok(applied.includes('redacted: 1 rule, equal length'));

  await onKernel(async (world) => {
    const source = { world, label: 'mail', redaction: rules };
    await (await capture(source, path, { overwrite: true })).close();
  });
  const { comments } = CaptureFile.from(readFileSync(path));
  assert.ok(comments.includes('NOT REDACTED: rules exist and were not applied to this file'));
});

const line = `CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}`;
const tls = {
  connection: 'c1',
  from: 'client',
  to: 'server',
  direction: '-',
  kind: 'tls',
} as const;

/** Blocks of a file, by type, in order. */
function blockTypesOf(file: Buffer): number[] {
  const types: number[] = [];
  for (let at = 0; at < file.length; at += file.readUInt32LE(at + 4))
    types.push(file.readUInt32LE(at));
  return types;
}

test('packets of a handshake wait for its secrets, which stand in front of them', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    const running = await capture(world, path, { secrets: true });
    world.trace.add({ ...tls, detail: { event: 'start' } });
    tellTraffic(world, ['records']);
    await running.flush();
    assert.equal(running.counters.packets, 0);
    world.trace.add({ ...tls, detail: { event: 'keylog', line } });
    world.trace.add({ ...tls, connection: 's1', detail: { event: 'keylog', line } });
    world.trace.add({ ...tls, detail: { event: 'secured' } });
    await running.flush();
    assert.equal(running.counters.packets, 5);
    assert.equal((await running.close()).lateSecrets, 0);
  });

  const types = blockTypesOf(readFileSync(path));
  assert.equal(types.filter((type) => type === 10).length, 1);
  assert.ok(types.indexOf(10) < types.indexOf(6));
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('packets wait for secrets no longer than the limit, and late ones are put in front at the end', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    const running = await capture(world, path, { secrets: true, hold: { bytes: 10 } });
    world.trace.add({ ...tls, detail: { event: 'start' } });
    tellTraffic(world, ['more than ten bytes']);
    await running.flush();
    assert.equal(running.counters.packets, 5);
    world.trace.add({ ...tls, detail: { event: 'keylog', line } });
    const { lateSecrets, fileBytes } = await running.close();
    assert.deepEqual([lateSecrets, fileBytes], [1, statSync(path).size]);
  });

  const file = readFileSync(path);
  const types = blockTypesOf(file);
  assert.ok(types.indexOf(10) < types.indexOf(6));
  assert.deepEqual(CaptureFile.from(file).secrets, [line]);
  assert.deepEqual(await readFile(path), [{ out: 'more than ten bytes', in: '', ended: 'open' }]);
  assert.ok(!existsSync(`${path}.part`));
});

test('secrets are written only when they were asked for', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    const running = await capture(world, path);
    world.trace.add({ ...tls, detail: { event: 'keylog', line } });
    await running.close();
  });

  assert.ok(!readFileSync(path).includes('CLIENT_RANDOM'));
});

test('secrets may be asked for while a capture runs; its file is then for its owner alone', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    const running = await capture(world, path);
    assert.notEqual(statSync(path).mode & 0o777, 0o600);
    await running.includeSecrets();
    assert.equal(statSync(path).mode & 0o777, 0o600);
    world.trace.add({ ...tls, detail: { event: 'keylog', line } });
    await running.close();
  });

  assert.deepEqual(CaptureFile.from(readFileSync(path)).secrets, [line]);
});

test('a capture that masks refuses secrets, and goes on', async () => {
  const path = freshPath();
  await onKernel(async (world) => {
    const running = await capture(world, path, { redact: rules });
    await assert.rejects(running.includeSecrets(), { code: 'ECONFIG' });
    tellTraffic(world, ['PASS hunter2 ']);
    await running.close();
  });

  assert.deepEqual(await readFile(path), [{ out: 'PASS ******* ', in: '', ended: 'open' }]);
});

test('whatever was on the wire stands in the files of a capture, however it was flushed and rotated', {
  timeout: 60_000,
}, async () => {
  const drawn = {
    run: anyRun,
    kibibytes: fc.integer({ min: 4, max: 40 }),
    flushes: fc.array(fc.nat({ max: 60 }), { maxLength: 6 }),
  };
  await fc.assert(
    fc.asyncProperty(fc.record(drawn), async ({ run, kibibytes, flushes }) => {
      const events = eventsOf(run);
      const path = freshPath();
      // A part of a world that is only told of: its trace is what the run says.
      const trace = createTrace({ mode: 'off' });
      const real = realWorld();
      const world: World = { ...worldParts(real), kind: run.network, trace };
      const running = await capture(world, path, {
        maxBytes: kibibytes * 1_024,
        whenFull: 'rotate',
        files: 1_000,
        segment: 1_460,
      });
      for (const [index, { index: _, atUs: __, digest: ___, ...input }] of events.entries()) {
        if (flushes.includes(index)) await running.flush();
        trace.add(input);
      }
      const { paths, bytes } = await running.close();
      await real.scope[Symbol.asyncDispose]();

      const whole = Buffer.concat(paths.map((path) => readFileSync(path)));
      const connections = await readConnections(whole);
      const expected = await readConnections(writePcapng(events, { network: run.network }));
      const contentOf = (list: typeof connections) =>
        list.map((one) => ({ ...streamsOf(one), client: one.client, ended: one.ended }));
      assert.deepEqual(contentOf(connections), contentOf(expected));
      const carried = (direction: 'out' | 'in') =>
        connections.reduce((sum, one) => sum + one[direction].length, 0);
      assert.deepEqual(bytes, { out: carried('out'), in: carried('in') });
      for (const each of paths) {
        assert.deepEqual(CaptureFile.from(readFileSync(each)).warnings, []);
      }
    }),
    { numRuns: 40 },
  );
});

/** The members of a world, which a spread of the class would leave out. */
function worldParts({ clock, network, random, scope }: World) {
  return { clock, network, random, scope };
}
