import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fragmentsOf, RecordSplitter, recordOf } from '../../../src/faults/tls-records';

const body = fc.uint8Array({ maxLength: 90 });
const records = fc.array(fc.tuple(fc.integer({ min: 20, max: 23 }), body), { minLength: 1 });

test('records come whole and in order, however the stream is cut', () => {
  fc.assert(
    fc.property(records, fc.integer({ min: 1, max: 40 }), (wanted, size) => {
      const whole = wanted.map(([type, bytes]) => recordOf(type, bytes));
      const stream = Buffer.concat(whole);
      const splitter = new RecordSplitter();
      const found: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) {
        for (const { bytes } of splitter.feed(stream.subarray(at, at + size))) found.push(bytes);
      }

      assert.deepEqual(found, whole);
      assert.equal(splitter.rest().length, 0);
    }),
  );
});

test('what is not complete, or no TLS, is left as it came', () => {
  const half = new RecordSplitter();
  assert.deepEqual(half.feed(recordOf(22, Buffer.alloc(9)).subarray(0, 8)), []);
  assert.equal(half.rest().length, 8);

  const other = new RecordSplitter();
  assert.deepEqual(other.feed(Buffer.from('220 mail\r\n')), []);
  assert.deepEqual([other.foreign, String(other.rest())], [true, '220 mail\r\n']);
});

test('fragments of a record carry the same bytes under the same header', () => {
  fc.assert(
    fc.property(body, fc.integer({ min: 1, max: 20 }), (bytes, size) => {
      const [record] = new RecordSplitter().feed(recordOf(22, bytes, 0x0301));
      assert.ok(record);
      const parts = fragmentsOf(record, size).flatMap((part) => new RecordSplitter().feed(part));

      assert.ok(Buffer.concat(parts.map((part) => part.bytes.subarray(5))).equals(bytes));
      for (const { type, version, length } of parts) {
        assert.deepEqual([type, version, length <= size], [22, '3.1', true]);
      }
    }),
  );
});
