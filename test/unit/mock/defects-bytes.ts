/** Mistakes that mock servers are known for, each shown not to be made here. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Compiling } from '../../../src/mock/compiling';
import { mock } from '../../../src/mock/mock-builder';
import { readMockText } from '../../../src/mock/mock-file';
import type { Predicate } from '../../../src/mock/mock-model';
import { compilePredicate } from '../../../src/mock/predicates';
import type { Subject } from '../../../src/mock/subject';
import { shows } from './defect-list';

function matches(predicate: Predicate, bytes: Uint8Array): boolean {
  const place = new Compiling('when', '.');
  const compiled = compilePredicate(predicate, place);
  assert.deepEqual(place.problems, []);
  const subject: Subject = {
    bytes,
    state: 'start',
    connection: 1,
    secured: false,
    clientCert: [],
    regexLimit: { limitMs: 50, exceeded: () => undefined },
    context: () => assert.fail('no handler is asked'),
  };
  return compiled.match(subject) !== undefined;
}

const hexOf = (...bytes: readonly number[]): { hex: string } => ({
  hex: Buffer.from(bytes).toString('hex'),
});

shows([1], 'bytes match themselves and no other byte, for all pairs of values', () => {
  const wrong: string[] = [];
  for (let left = 0; left < 256; left++) {
    const place = new Compiling('when', '.');
    const compiled = ['equals', 'contains', 'startsWith', 'endsWith'].map((key) =>
      compilePredicate({ [key]: hexOf(left) }, place),
    );
    for (let right = 0; right < 256; right++) {
      const subject = { bytes: Uint8Array.of(right), state: '' } as unknown as Subject;
      for (const predicate of compiled) {
        if ((predicate.match(subject) !== undefined) !== (left === right))
          wrong.push(`${left} ${right}`);
      }
    }
  }

  assert.deepEqual(wrong, []);
});

shows(
  [1],
  'equals, contains, startsWith and endsWith say what bytes say, whatever the bytes',
  () => {
    const bytes = fc.uint8Array({ maxLength: 6 });
    fc.assert(
      fc.property(bytes, bytes, (left, right) => {
        const [needle, hay] = [Buffer.from(left), Buffer.from(right)];
        const form = hexOf(...left);
        assert.equal(matches({ equals: form }, right), needle.equals(hay));
        assert.equal(matches({ contains: form }, right), hay.includes(needle));
        assert.equal(
          matches({ startsWith: form }, right),
          hay.subarray(0, needle.length).equals(needle),
        );
        const tail = hay.subarray(Math.max(0, hay.length - needle.length));
        assert.equal(matches({ endsWith: form }, right), tail.equals(needle));
      }),
    );
  },
);

shows([2], 'an expression sees bytes, not characters', () => {
  assert.equal(matches({ regex: '^\\xff\\x00' }, Uint8Array.of(0xff, 0x00)), true);
  assert.equal(matches({ regex: '^\\xff\\x00' }, Uint8Array.of(0xc3, 0xbf, 0x00)), false);
});

shows([21], 'one frame is the same in every form of bytes', () => {
  const frame = Buffer.from('A\u00ff\r\n', 'latin1');
  const forms: Predicate[] = [
    'A\\xff\\r\\n',
    { text: 'A\\xff\\r\\n' },
    { line: 'A\\xff' },
    { hex: '41 ff 0d 0a' },
    { base64: frame.toString('base64') },
    { concat: ['A', { hex: 'ff' }, { repeat: { of: '\\r\\n', size: 2 } }] },
    {
      fields: [
        { type: 'u16be', value: 0x41ff },
        { type: 'bytes', value: '\\r\\n' },
      ],
    },
  ];

  for (const form of forms) assert.equal(matches(form, frame), true, JSON.stringify(form));
});

shows([21], 'lengths and checksums of fields are those of the bytes', () => {
  const fields = [
    { type: 'u8' as const, value: 1 },
    { type: 'u16be' as const, lengthOf: 'body' },
    { name: 'body', type: 'bytes' as const, value: 'abc' },
    { type: 'bytes' as const, crc: 'sum8' as const, over: 'body' },
  ];

  assert.equal(matches({ fields }, Buffer.from('01000361626326', 'hex')), true);
});

shows([14], 'code in a file is refused', () => {
  const inject = `version: 1\nmocks:\n  - name: x\n    rules:\n      - { when: { inject: 'true' }, then: a }\n`;

  assert.match(readMockText(inject).problems[0]?.message ?? '', /^unknown property/);
});

shows([18], 'a mock listens on loopback unless another address is written', async () => {
  await using server = await mock('plain').start();

  assert.equal(server.host, '127.0.0.1');
});
