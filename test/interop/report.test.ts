/** What is drawn of captures that tcpdump has written. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writePcapng } from '../../src/capture/write-pcapng';
import { realWorld } from '../../src/network/real/world';
import type { World } from '../../src/network/world';
import { readRecordedEvents } from '../../src/report/recorded-events';
import { buildTimeline } from '../../src/report/timeline';
import type { TimelineModel } from '../../src/report/timeline-model';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import { missingTools, runTool } from './wireshark';

const interop = { skip: missingTools, timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'brine-report-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** The timeline of a run after tcpdump has read its capture and written one of its own. */
async function throughTcpdump(world: World): Promise<TimelineModel> {
  const [ours, theirs] = [++files, ++files].map((number) => join(folder, `${number}.pcap`));
  writeFileSync(ours ?? '', writePcapng(world));
  const run = await runTool('tcpdump', ['-r', ours ?? '', '-w', theirs ?? '']);
  assert.equal(run.status, 0, run.stderr);
  const { events, facts } = await readRecordedEvents(theirs ?? '');
  return buildTimeline(events, facts);
}

const certs = 'certs';

async function talk(world: World, secure: boolean): Promise<void> {
  const key = { certFile: `${certs}/server.pem`, keyFile: `${certs}/server.key` };
  const trust = { cert: `${certs}/ca.pem`, servername: 'localhost', verifyHostname: false };
  const listener = new Listener(0, { world, ...(secure && { secureSocket: { key } }) }).attach(
    () => ({ onBytes: (bytes) => bytes }),
  );
  const { host, port } = await listener.start();
  const options = { world, ...(secure && { secureSocket: trust }) };
  const orderly = await Client.connect(host, port, options);
  await orderly.writeBytes(Buffer.from('PING\r\n'));
  await orderly.readBytes(6);
  await orderly.close();
  const hasty = await Client.connect(host, port, options);
  await hasty.reset();
  await listener.gracefulStop();
}

function kindsOf({ items, connections }: TimelineModel, connection: string): readonly string[] {
  return items.flatMap(({ k, c }) => (connections[c ?? -1]?.id === connection ? [k] : []));
}

test('a capture of tcpdump shows bytes, FIN and RST where they were', interop, async () => {
  const world = realWorld({ trace: { mode: 'full' } });
  await talk(world, false);

  const model = await throughTcpdump(world);

  assert.deepEqual(kindsOf(model, 'c1'), ['open', 'data', 'data', 'fin', 'fin']);
  assert.deepEqual(kindsOf(model, 'c2'), ['open', 'rst']);
  const bytes = model.items.flatMap(({ k, b = '' }) =>
    k === 'data' ? [Buffer.from(b, 'base64')] : [],
  );
  assert.deepEqual(bytes.map(String), ['PING\r\n', 'PING\r\n']);
  assert.deepEqual(
    model.lanes.map(({ name, role }) => [name.replace(/\d+$/, 'n'), role]),
    [
      ['127.0.0.n', 'peer'],
      ['127.0.0.1:n', 'peer'],
    ],
  );
});

test('a capture of tcpdump shows a handshake by its messages', interop, async () => {
  const world = realWorld({ trace: { mode: 'full' } });
  await talk(world, true);

  const model = await throughTcpdump(world);

  const [hello, answer, finished] = model.items.filter(({ k }) => k === 'tls');
  assert.deepEqual(
    [hello?.p, answer?.p, finished?.p],
    ['ClientHello', 'ServerHello … Finished', 'Finished'],
  );
  assert.ok(
    model.items.some(({ k, x, p }) => k === 'data' && x === 1 && p?.startsWith('encrypted')),
  );
});
