import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeptBytes } from '../../../src/steps/kept-bytes';
import { findBytes, findText, ProcessOutput } from '../../../src/steps/process-output';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 });

test('within the limit everything is kept, whatever the chunks', () => {
  fc.assert(
    fc.property(chunks, (all) => {
      const kept = new KeptBytes(2_000);
      for (const chunk of all) kept.add(chunk);

      const [run, ...more] = kept.runs();
      assert.deepEqual(more, []);
      assert.equal(run?.start, 0);
      assert.deepEqual(run?.bytes, Buffer.concat(all));
      assert.equal(kept.dropped, 0);
    }),
  );
});

test('beyond the limit the first and the last half are kept, at their offsets', () => {
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 50 }), (all, half) => {
      const kept = new KeptBytes(2 * half);
      for (const chunk of all) kept.add(chunk);

      const whole = Buffer.concat(all);
      assert.equal(kept.total, whole.length);
      assert.equal(kept.dropped, Math.max(0, whole.length - 2 * half));
      for (const { start, bytes } of kept.runs()) {
        assert.deepEqual(bytes, whole.subarray(start, start + bytes.length));
      }
      const sizes = kept.runs().map((run) => run.bytes.length);
      assert.deepEqual(sizes, whole.length > 2 * half ? [half, half] : [whole.length]);
    }),
  );
});

test('runs from an offset are what was kept behind it', () => {
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 50 }), fc.nat(1_500), (all, half, from) => {
      const kept = new KeptBytes(2 * half);
      for (const chunk of all) kept.add(chunk);

      const expected = kept.runs().flatMap(({ start, bytes }) => {
        return [...bytes].map((byte, index) => [start + index, byte]);
      });
      const actual = kept.runs(from).flatMap(({ start, bytes }) => {
        return [...bytes].map((byte, index) => [start + index, byte]);
      });
      assert.deepEqual(
        actual,
        expected.filter(([offset = 0]) => offset >= from),
      );
    }),
  );
});

test('what is found is consumed with what lies before it', () => {
  const output = new ProcessOutput();
  output.add('stdout', bytes('one two one'));

  assert.equal(output.take('stdout', findBytes(bytes('two')))?.end, 7);
  assert.equal(output.take('stdout', findBytes(bytes('one')))?.end, 4);
  assert.equal(output.take('stdout', findBytes(bytes('one'))), undefined);
});

test('each channel has a cursor of its own, and output is both in order of arrival', () => {
  const output = new ProcessOutput();
  output.add('stdout', bytes('a'));
  output.add('stderr', bytes('b'));
  output.add('stdout', bytes('c'));

  assert.ok(output.take('stdout', findBytes(bytes('ac'))));
  assert.ok(output.take('output', findBytes(bytes('abc'))));
  assert.ok(output.take('stderr', findBytes(bytes('b'))));
  assert.equal(output.take('stdout', findBytes(bytes('a'))), undefined);
});

test('what straddles two chunks is found', () => {
  const output = new ProcessOutput();
  output.add('stderr', bytes('re'));
  output.add('stderr', bytes('ady'));

  assert.ok(output.take('stderr', findBytes(bytes('ready'))));
});

test('nothing is found across the gap of what was not kept', () => {
  const output = new ProcessOutput(8);
  output.add('stdout', bytes('abcd----efgh'));

  assert.equal(output.dropped('stdout'), 4);
  assert.equal(output.whole('stdout'), undefined);
  assert.equal(output.take('stdout', findBytes(bytes('cdef'))), undefined);
  assert.ok(output.take('stdout', findBytes(bytes('cd'))));
  assert.ok(output.take('stdout', findBytes(bytes('fgh'))));
});

for (const printed of ['x\na\r\nb\n', 'a\nb', 'a\r\nb\r\n']) {
  test(`text of two lines is found in ${JSON.stringify(printed)}`, () => {
    const output = new ProcessOutput();
    output.add('stdout', bytes(printed));

    assert.ok(output.take('stdout', findText('a\nb')));
  });
}

test('text is found as it is written: nothing in it is an expression', () => {
  const line = '(a|b)* [c] ^$ \\d . é €';
  const found = findText(line)(Buffer.from(`${line}!`));

  assert.equal(found?.end, Buffer.byteLength(line));
  assert.equal(findText('a.c')(bytes('abc')), undefined);
});
