import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RecordReader, type TlsRecord } from '../../../src/base/tls-record-reader';

function recordOf(type: number, body: Uint8Array): Buffer {
  const header = Buffer.from([type, 3, 3, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([header, body]);
}

function read(chunks: readonly Uint8Array[]): { records: TlsRecord[]; reader: RecordReader } {
  const reader = new RecordReader();
  const records: TlsRecord[] = [];
  for (const chunk of chunks) reader.feed(chunk, (record) => records.push(record));
  return { records, reader };
}

test('records are found however the stream is cut', () => {
  const body = fc.uint8Array({ maxLength: 60 });
  const records = fc.array(fc.tuple(fc.integer({ min: 20, max: 23 }), body), { minLength: 1 });
  fc.assert(
    fc.property(records, fc.integer({ min: 1, max: 9 }), (wanted, size) => {
      const stream = Buffer.concat(wanted.map(([type, bytes]) => recordOf(type, bytes)));
      const chunks: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));

      const found = read(chunks);

      assert.deepEqual(
        found.records.map(({ index, type, version, length, start }) => ({
          index,
          type,
          version,
          length,
          start: start.toString('hex'),
        })),
        wanted.map(([type, bytes], index) => ({
          index,
          type,
          version: '3.3',
          length: bytes.length,
          start: Buffer.from(bytes.subarray(0, type === 22 ? undefined : 8)).toString('hex'),
        })),
      );
      assert.equal(found.reader.foreign, false);
      assert.equal(found.reader.count, wanted.length);
    }),
  );
});

test('a stream that is no TLS is known by its first bytes', () => {
  const cases: readonly [string, boolean][] = [
    ['220 mail', true],
    ['\x16', false],
    ['\x16\x02\x00', true],
    ['\x18\x03', true],
    ['', false],
  ];
  for (const [text, foreign] of cases) {
    assert.equal(read([Buffer.from(text, 'latin1')]).reader.foreign, foreign, text);
  }
});

test('a record that is not complete is not told', () => {
  const { records, reader } = read([recordOf(22, Buffer.alloc(9)).subarray(0, 13)]);

  assert.deepEqual([records, reader.count], [[], 0]);
});
