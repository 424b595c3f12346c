/** Captures that tcpdump and dumpcap made, kept in test/fixtures/capture beside the script for it. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CaptureFile } from '../../../src/capture/capture-file';
import { conversationOf } from '../../../src/capture/conversation';
import { crlf } from '../../../src/framing/delimiter';
import { FrameReader } from '../../../src/framing/frame-reader';
import { streamsOf } from './read-back';

const folder = join(__dirname, '../../fixtures/capture');
const files = readdirSync(folder).filter((name) => name.includes('.pcap'));

function said(number: number): string {
  return Array.from(
    { length: 40 },
    (_, index) => `line ${index + 1} of conversation ${number}\r\n`,
  ).join('');
}

test('the captures of other programs are those that the script makes', () => {
  assert.deepEqual(files.sort(), [
    'big-endian.pcap',
    'cooked-v1.pcap',
    'cooked-v2.pcap',
    'dumpcap.pcapng',
    'ethernet.pcap',
    'nanoseconds.pcap',
    'null.pcap',
  ]);
});

for (const name of files) {
  test(`${name} holds two echoed conversations`, async () => {
    await using file = await CaptureFile.open(join(folder, name));
    const connections = [];
    for await (const connection of file.connections()) connections.push(connection);

    assert.deepEqual(file.warnings, []);
    assert.deepEqual(
      connections.map((connection) => {
        const { out, in: back } = streamsOf(connection);
        return { out: out.toString(), in: back.toString(), ended: connection.ended };
      }),
      [1, 2].map((number) => ({ out: said(number), in: said(number), ended: 'fin' })),
    );
    for (const { server, midstream, warnings } of connections) {
      assert.deepEqual([server.port, midstream, warnings], [47_001, false, []]);
    }
  });
}

test('the captures of other programs hold the same conversations as each other', async () => {
  for (const name of files) {
    await using file = await CaptureFile.open(join(folder, name));
    for await (const connection of file.connections()) {
      const framer = () => new FrameReader(crlf());
      const { turns, warnings } = conversationOf(connection, { framer });

      // How the kernel cut the bytes, and so the turns, differs between the runs of the script.
      const expected = said(connection.number).trimEnd().split('\r\n');
      for (const side of ['client', 'server'] as const) {
        const frames = turns.flatMap(({ from, frames }) => (from === side ? frames : []));
        assert.deepEqual(
          frames.map((frame) => Buffer.from(frame).toString()),
          expected,
          name,
        );
      }
      const ends = turns.flatMap(({ end }) => (end === undefined ? [] : [end]));
      assert.deepEqual([ends, warnings], [['fin', 'fin'], []], name);
    }
  }
});

test('a file that was closed gives no bytes any more', async () => {
  const file = await CaptureFile.open(join(folder, 'ethernet.pcap'));
  const { value: first } = await file.connections().next();
  assert.ok(first);

  await file[Symbol.asyncDispose]();

  assert.throws(() => first.out.bytes(), {
    code: 'ESTATE',
    message: /the capture file is closed/,
  });
});

test('a file that is not there, or is a folder, is refused', async () => {
  const nowhere = join(folder, 'nowhere.pcap');

  await assert.rejects(CaptureFile.open(nowhere), {
    code: 'ECAPTUREFILE',
    path: nowhere,
    message: `read capture ${nowhere}: no such file or folder`,
  });
  await assert.rejects(CaptureFile.open(folder), {
    code: 'ECAPTUREFILE',
    message: `read capture ${folder}: it is a folder`,
  });
});
