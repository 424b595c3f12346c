/** Mistakes that mock servers are known for, each shown not to be made here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { send } from '../../../src/mock/builder-steps';
import { Compiling } from '../../../src/mock/compiling';
import type { JournalKind } from '../../../src/mock/journal-entry';
import { mock } from '../../../src/mock/mock-builder';
import { readMockText } from '../../../src/mock/mock-file';
import type { Predicate } from '../../../src/mock/mock-model';
import type { MockServer } from '../../../src/mock/mock-server';
import { compilePredicate } from '../../../src/mock/predicates';
import { startMock } from '../../../src/mock/start-mock';
import type { Subject } from '../../../src/mock/subject';
import { exactly } from '../../../src/mock/times';
import { Client } from '../../../src/tcp/client';
import { networks } from '../../support/networks';

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

function entryOf(server: MockServer, kind: JournalKind): Promise<unknown> {
  return new Promise((resolve) => {
    server.onEntry((entry) => entry.kind === kind && resolve(entry));
  });
}

test('bytes match themselves and no other byte, for all pairs of values', () => {
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

test('equals, contains, startsWith and endsWith say what bytes say, whatever the bytes', () => {
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
});

test('an expression sees bytes, not characters', () => {
  assert.equal(matches({ regex: '^\\xff\\x00' }, Uint8Array.of(0xff, 0x00)), true);
  assert.equal(matches({ regex: '^\\xff\\x00' }, Uint8Array.of(0xc3, 0xbf, 0x00)), false);
});

test('one frame is the same in every form of bytes', () => {
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

test('lengths and checksums of fields are those of the bytes', () => {
  const fields = [
    { type: 'u8' as const, value: 1 },
    { type: 'u16be' as const, lengthOf: 'body' },
    { name: 'body', type: 'bytes' as const, value: 'abc' },
    { type: 'bytes' as const, crc: 'sum8' as const, over: 'body' },
  ];

  assert.equal(matches({ fields }, Buffer.from('01000361626326', 'hex')), true);
});

test('code in a file is refused', () => {
  const inject = `version: 1\nmocks:\n  - name: x\n    rules:\n      - { when: { inject: 'true' }, then: a }\n`;

  assert.match(readMockText(inject).problems[0]?.message ?? '', /^unknown property/);
});

test('a mock listens on loopback unless another address is written', async () => {
  await using server = await mock('plain').start();

  assert.equal(server.host, '127.0.0.1');
});

for (const { network, run } of networks) {
  test(
    `${network}: two requests in one segment, or cut anywhere, get two replies in order`,
    { timeout: 60_000 },
    () =>
      run(async (world) => {
        const server = await mock('m', { framing: 'crlf' })
          .when('A')
          .reply(send('1').after(2))
          .when('B')
          .reply('2')
          .start(world);
        const bytes = Buffer.from('A\r\nB\r\n');
        for (let cut = 0; cut < bytes.length; cut++) {
          const client = await Client.connect(server, { world });
          await client.writeBytes(bytes.subarray(0, cut));
          await client.writeBytes(bytes.subarray(cut));
          assert.equal(String(await client.readBytes(6)), '1\r\n2\r\n', `cut at ${cut}`);
          await client.close();
        }
        await server.stop();
        server.verify().received('A', exactly(6)).received('B', exactly(6)).all();
      }),
  );

  test(`${network}: each way to end is what the client sees`, { timeout: 20_000 }, () =>
    run(async (world) => {
      const server = await startMock(
        {
          name: 'ends',
          framing: 'line',
          rules: [
            { when: 'END', then: { send: 'bye', close: 'end' } },
            { when: 'HALF', then: { send: 'bye', close: 'half' } },
            { when: 'RESET', then: { send: 'bye', close: 'reset' } },
          ],
        },
        { world },
      );
      for (const [word, code] of [
        ['END', 'EPEERCLOSED'],
        ['HALF', 'EPEERCLOSED'],
        ['RESET', 'ECONNRESET'],
      ] as const) {
        const client = await Client.connect(server, { world });
        await client.writeBytes(Buffer.from(`${word}\n`));
        assert.equal(String(await client.readBytes(4)), 'bye\n');
        await assert.rejects(client.readBytes(), { code }, word);
        await client.close();
      }
      await server.stop();
    }),
  );

  test(`${network}: all byte values pass through a mock unchanged`, { timeout: 20_000 }, () =>
    run(async (world) => {
      const server = await startMock(
        {
          name: 'echo',
          framing: { kind: 'length-prefix', type: 'u16be' },
          rules: [{ when: { any: true }, then: { echo: true, chunks: 7 } }],
        },
        { world },
      );
      const client = await Client.connect(server, { world });
      const all = Buffer.from([
        1,
        0,
        ...Array.from({ length: 256 }, (_, value) => (value * 167) & 0xff),
      ]);

      await client.writeBytes(all);

      assert.deepEqual(Buffer.from(await client.readBytes(258)), all);
      await client.close();
      await server.stop();
    }),
  );

  test(
    `${network}: an expectation that is not used fails, also in a lenient mock`,
    { timeout: 20_000 },
    () =>
      run(async (world) => {
        const server = await startMock(
          {
            name: 'm',
            mode: 'lenient',
            framing: 'line',
            rules: [{ name: 'quit', when: 'QUIT', then: { close: 'end' }, times: { min: 1 } }],
          },
          { world },
        );
        await server.stop();

        assert.throws(
          () => server.verify().all(),
          /rule "quit" matched 0 times, expected at least once/,
        );
      }),
  );

  test(
    `${network}: a frame cut by FIN and one cut by RST are told apart`,
    { timeout: 20_000 },
    () =>
      run(async (world) => {
        const server = await startMock(
          { name: 'm', framing: 'line', rules: [{ when: 'X', then: 'x' }] },
          { world },
        );
        for (const how of ['close', 'reset'] as const) {
          const client = await Client.connect(server, { world });
          await client.writeBytes(Buffer.from('X\nhal'));
          await client.readBytes(2);
          const seen = entryOf(server, how === 'close' ? 'end' : 'reset');
          await client[how]();
          await seen;
          await client.closed;
        }
        await server.waitFor('X', { times: 2 });
        await server.stop();

        const reasons = server
          .journal()
          .flatMap(({ kind, reason }) =>
            kind === 'end' || kind === 'reset' ? [`${kind}: ${reason}`] : [],
          );
        assert.deepEqual(reasons, [
          'end: incomplete frame at the end of stream (3 bytes)',
          'reset: incomplete frame at a reset (3 bytes)',
        ]);
        assert.throws(
          () => server.verify().nothingUnexpected(),
          /incomplete frame at the end of stream/,
        );
      }),
  );
}

test('counts stay exact when the journal forgets', { timeout: 60_000 }, () =>
  networks[1]?.run(async (world) => {
    const server = await mock('m', { framing: 'line', limits: { journalEvents: 100 } })
      .when('A')
      .reply('a')
      .start(world);
    const client = await Client.connect(server, { world });
    for (let round = 0; round < 20; round++) {
      await client.writeBytes(Buffer.from('A\n'.repeat(100)));
      await client.readBytes(200);
    }
    await client.close();
    await server.stop();

    assert.ok(server.dropped > 5_000);
    server.verify().received('A', exactly(2_000));
    assert.throws(
      () => server.verify().inOrder('A'),
      /the journal dropped \d+ entries; raise limits\.journalEvents/,
    );
  }),
);
