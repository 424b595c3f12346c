/** What a definition can say, row by row: what is sent, and what comes back. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readMockText, requireMocks } from '../../../src/mock/mock-file';
import type { Actions, MockDefinition, Predicate } from '../../../src/mock/mock-model';
import { startMock } from '../../../src/mock/start-mock';
import type { World } from '../../../src/network/world';
import { Client } from '../../../src/tcp/client';
import { networks } from '../../support/networks';

const limit = { timeout: 20_000 };
const folder = mkdtempSync(join(tmpdir(), 'brine-definition-'));
after(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(join(folder, 'body.bin'), 'from a file');
writeFileSync(
  join(folder, 'handlers.js'),
  `exports.isLong = ({ bytes }) => bytes.length > 3;
exports.double = async ({ text, connection, state }) => [{ send: text + text }, connection.n + state];
exports.raw = ({ bytes }) => bytes.toReversed();
exports.quiet = () => undefined;
exports.wrong = () => ({ sned: 'x' });
exports.broken = () => { throw new Error('no idea'); };
exports.framing = ({ end }) => ({
  decode(buffer, eof) {
    const frames = [];
    let start = 0;
    for (let at = buffer.indexOf(end); at >= 0; at = buffer.indexOf(end, start)) {
      frames.push({ payload: buffer.subarray(start, at), start, end: at + 1 });
      start = at + 1;
    }
    return { frames, consumed: start };
  },
  encode: (payload) => Buffer.concat([payload, Buffer.from([end])]),
});
exports.number = 1;
`,
);

/** A mock through the schema, as a file would have it. */
function read(definition: Partial<MockDefinition>): MockDefinition {
  const mocks = [{ name: 'm', framing: 'line', mode: 'lenient', ...definition }];
  const text = JSON.stringify({ version: 1, mocks });
  const [mock] = requireMocks(readMockText(text, 'm.json', folder));
  assert.ok(mock !== undefined);
  return mock.definition;
}

/** Sends, and reads until so many bytes have come. */
async function ask(client: Client, sent: string | Uint8Array, length: number): Promise<Buffer> {
  await client.writeBytes(typeof sent === 'string' ? Buffer.from(sent, 'latin1') : sent);
  const chunks: Buffer[] = [];
  for (let missing = length; missing > 0; ) {
    const chunk = Buffer.from(await client.readBytes());
    chunks.push(chunk);
    missing -= chunk.length;
  }
  return Buffer.concat(chunks);
}

/** Runs a conversation on a mock; the lines are what comes back. */
async function converse(
  world: World,
  definition: Partial<MockDefinition>,
  sent: string,
  expected: string,
): Promise<void> {
  const server = await startMock(read(definition), { world, folder });
  const client = await Client.connect({ host: '127.0.0.1', port: server.port }, { world });
  const heard = await ask(client, sent, expected.length);
  assert.equal(heard.toString('latin1'), expected);
  await client.close();
  await server.stop();
}

/** Which of `yes` and `no` a predicate takes. */
const predicates: readonly (readonly [when: Predicate, yes: string, no: string])[] = [
  [{ startsWith: 'ab' }, 'abc', 'bab'],
  [{ endsWith: { hex: '62 63' } }, 'abc', 'bca'],
  [{ contains: 'b' }, 'abc', 'aBc'],
  [{ equals: { line: 'x' } }, '', 'x'],
  [{ regex: '^LIST$', flags: 'i' }, 'list', 'lists'],
  [{ length: 2 }, 'ab', 'abc'],
  [{ length: { min: 2, max: 3 } }, 'abc', 'abcd'],
  [{ length: { min: 2 } }, 'abcdef', 'a'],
  [{ not: 'x' }, 'y', 'x'],
  [{ allOf: [{ startsWith: 'a' }, { endsWith: 'z' }] }, 'abz', 'aby'],
  [{ anyOf: ['x', { regex: '^y+$' }] }, 'yy', 'z'],
  [{ startsWith: 'a', length: 2 }, 'ab', 'abc'],
  [{ at: { offset: 1, type: 'u16be', is: 0x6263 } }, 'abc', 'acb'],
  [{ at: { offset: -1, is: 0x7a } }, 'xyz', 'zyx'],
  [{ at: { offset: 0, mask: '0f', is: 0x01 } }, 'a', 'b'],
  [{ at: { offset: 1, is: { text: 'bc' } } }, 'abcd', 'ab'],
  [{ at: { offset: 2, type: 'ascii-dec', is: 42 } }, 'n=42', 'n=43'],
  [{ at: { offset: 0, type: 'ascii-hex', is: 255 } }, 'ff', 'zz'],
  [{ json: { path: 'a.b[1]', is: 2 } }, '{"a":{"b":[1,2]}}', '{"a":{"b":[1]}}'],
  [{ json: { subset: { a: [1] } } }, '{"a":[1],"b":2}', '{"a":[1,2]}'],
  [{ json: { equals: { a: null } } }, '{"a":null}', '{"a":null,"b":1}'],
  [{ json: { path: 'a', is: 'x' } }, '{"a":"x"}', 'a'],
  [{ any: true, tls: false, connection: 1 }, 'whatever', ''],
  [{ handler: './handlers.js#isLong' }, 'long', 'no'],
  [{ state: ['start', 'other'], equals: 'x' }, 'x', 'y'],
];

/** What actions answer to a line. */
const actions: readonly (readonly [then: Actions, sent: string, answer: string])[] = [
  [{ echo: true }, 'abc', 'abc\n'],
  [{ echo: true, chunks: 1, every: 1 }, 'abc', 'abc\n'],
  [{ send: 'abcdef', chunks: [2, 1], truncate: 5 }, '', 'abcde'],
  [{ send: 'abcdef', chunks: { count: 3 }, rate: '100KiB/s' }, '', 'abcdef\n'],
  [{ send: { repeat: { of: 'ab', size: 3000 } }, rate: '1MiB/s' }, '', `${'ab'.repeat(1500)}\n`],
  [{ raw: 'abc', flip: { byte: 1, bit: 0 } }, '', 'acc'],
  [{ raw: 'abc', flip: { byte: -1 } }, '', 'ab\x9c'],
  [{ raw: 'abc', flip: { byte: 9 } }, '', 'abc'],
  [[{ wait: { uniform: [1, 2] } }, 'a'], '', 'a\n'],
  [{ wait: { lognormal: { median: 1, sigma: 0.5, max: 3 } }, send: 'a' }, '', 'a\n'],
  [{ wait: { lognormal: { median: 1, sigma: 0.1 } }, send: 'a' }, '', 'a\n'],
  [{ repeat: { times: 3, do: ['a', { raw: '-' }] } }, '', 'a\n-a\n-a\n-'],
  [{ set: { n: 7, t: '<${frame}>' }, send: '${t}${n}' }, 'x', '<x>7\n'],
  [{ push: { send: 'p', to: 'self' } }, '', 'p\n'],
  [{ push: { send: 'p', to: 'all', raw: true } }, '', 'p'],
  [[{ pause: true }, 'a', { pause: false }], '', 'a\n'],
  [{ handler: './handlers.js#double' }, 'ab', 'abab\n1start\n'],
  [{ handler: './handlers.js#raw' }, 'abc', 'cba\n'],
  [[{ handler: './handlers.js#quiet' }, 'a'], '', 'a\n'],
  [{ raw: { line: 'a' } }, '', 'a\r\n'],
  [{ send: { base64: 'YWI=' } }, '', 'ab\n'],
  [{ send: { file: 'body.bin' } }, '', 'from a file\n'],
  [{ send: { concat: ['a', { hex: '62' }, { text: '${frame}' }] } }, 'c', 'abc\n'],
  [{ send: { repeat: { of: '${frame}', size: 5 } } }, 'ab', 'ababa\n'],
  [{ send: { text: '${x}', template: false } }, '', '${x}\n'],
  [{ send: 'a$${x}' }, '', 'a${x}\n'],
  [{ send: '${len(frame)} ${conn.n} ${counter} ${counter}' }, 'abc', '3 1 1 2\n'],
  [{ send: '${frame|upper}${frame|hex}${frame|base64}' }, 'ab', 'AB6162YWI=\n'],
  [{ send: '${frame|trim|json}|${frame|pad(5)}|${conn.n|pad(3)}' }, ' a ', '"a"| a   |001\n'],
  [{ raw: { hex: '${frame|u16be} ${frame|varint}' } }, '300', '\x01\x2c\xac\x02'],
  [{ raw: '${frame|lower|xor8}${frame|sum8}${frame|crc32|hex}' }, 'A', 'aAd3d99e8b'],
  [{ raw: '${frame|crc16-modbus|hex}${frame|crc16-ccitt|hex}' }, '123456789', '374b29b1'],
  [
    {
      raw: {
        fields: [
          { type: 'u8', value: 2 },
          { type: 'u16be', lengthOf: 'body' },
          { name: 'body', type: 'bytes', value: '${frame}', length: 4 },
          { type: 'i16le', value: -2 },
          { type: 'ascii-dec', value: 7, length: 3 },
          { type: 'ascii-hex', value: '255' },
          { type: 'f32be', value: 1.5 },
          { type: 'f64le', value: 0 },
          { type: 'u64be', value: '1' },
          { type: 'u24be', value: '${frame|pad(1)}' },
          { type: 'u8', crc: 'xor8', over: 'body' },
          { type: 'u8', crc: 'sum8' },
        ],
      },
    },
    '5',
    '\x02\x00\x045\0\0\0\xfe\xff007ff\x3f\xc0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\x055\xd5',
  ],
];

/** What whole mocks do. */
const wholes: readonly (readonly [
  title: string,
  definition: Partial<MockDefinition>,
  sent: string,
  answer: string,
])[] = [
  [
    'equals comes before an expression, and that before any',
    {
      rules: [
        { when: { any: true }, then: 'any' },
        { when: { regex: '^a' }, then: 'regex' },
        { when: 'a', then: 'equals' },
      ],
    },
    'a\nab\nb\n',
    'equals\nregex\nany\n',
  ],
  [
    'a priority comes before that',
    {
      rules: [
        { when: 'a', then: 'equals' },
        { when: { any: true }, priority: 1, then: 'any' },
      ],
    },
    'a\n',
    'any\n',
  ],
  [
    'a rule that has matched often enough is passed over',
    {
      rules: [
        { when: 'a', then: '1', times: { max: 1 } },
        { when: { any: true }, then: '2' },
      ],
    },
    'a\na\n',
    '1\n2\n',
  ],
  [
    'a sequence begins again, or ends, or stays',
    {
      rules: [
        { when: 'a', sequence: ['1', '2'], exhausted: 'loop' },
        { when: 'b', sequence: ['3', '4'], exhausted: 'unmatched' },
        { when: 'c', sequence: ['5', '6'] },
      ],
      unmatched: '?',
    },
    'a\na\na\nb\nb\nb\nc\nc\nc\n',
    '1\n2\n1\n3\n4\n?\n5\n6\n6\n',
  ],
  [
    'parts of a frame are caught by place and type',
    {
      rules: [
        {
          when: { any: true },
          capture: {
            all: 'frame',
            two: { offset: 1, length: 2 },
            last: { offset: -1, length: 1, type: 'u8' },
            none: { offset: 9, length: 1 },
          },
          then: '${all} ${two} ${last} <${none}>',
        },
      ],
    },
    'abcA\n',
    'abcA bc 65 <>\n',
  ],
  [
    'a state of the mock is shared, and variables begin as they are written',
    {
      state: { initial: 'zero', scope: 'mock', vars: { n: 5 } },
      rules: [{ when: { equals: 'x', state: 'zero' }, then: { send: '${n}', goto: 'one' } }],
      unmatched: '?',
    },
    'x\nx\n',
    '5\n?\n',
  ],
  [
    'a framing of the user',
    {
      framing: { kind: 'custom', module: './handlers.js#framing', options: { end: 33 } },
      rules: [{ when: { any: true }, then: { echo: true } }],
    },
    'one!two!',
    'one!two!',
  ],
  [
    'a greeting, and something again and again',
    { onConnect: 'hi', every: [{ interval: '5ms', do: 'tick' }], rules: [] },
    '',
    'hi\ntick\ntick\n',
  ],
  [
    'something again and again for all connections',
    { every: [{ interval: 5, do: 'tick', scope: 'mock' }] },
    '',
    'tick\ntick\n',
  ],
];

for (const { network, run } of networks) {
  test(`${network}: each predicate takes what it says, and nothing else`, limit, () =>
    run(async (world) => {
      const ruled = (when: Predicate) => ({ rules: [{ when, then: 'yes' }], unmatched: 'no' });
      for (const [when, yes, no] of predicates) {
        const isAny = typeof when === 'object' && 'any' in when;
        const sent = isAny ? `${yes}\n` : `${yes}\n${no}\n`;
        // A frame of the framing `line` has no line end, so that one is sent as bytes.
        if (typeof when === 'object' && 'equals' in when && typeof when.equals === 'object')
          continue;
        await converse(world, ruled(when), sent, isAny ? 'yes\n' : 'yes\nno\n');
      }
    }),
  );

  test(`${network}: each action answers what it says`, limit, () =>
    run(async (world) => {
      for (const [then, sent, answer] of actions) {
        const rules = [{ when: { any: true as const }, then }];
        await converse(world, { rules }, `${sent}\n`, answer);
      }
    }),
  );

  for (const [title, definition, sent, answer] of wholes) {
    test(`${network}: ${title}`, limit, () =>
      run((world) => converse(world, definition, sent, answer)),
    );
  }
}

for (const { network, run } of networks) {
  const open = async (world: World, port: number): Promise<Client> =>
    await Client.connect({ host: '127.0.0.1', port }, { world });
  const text = async (client: Client): Promise<string> =>
    Buffer.from(await client.readBytes()).toString();

  test(`${network}: a frame is forwarded, and its answer comes back`, limit, () =>
    run(async (world) => {
      const echoes = [{ when: { any: true as const }, then: { echo: true as const } }];
      const one = await startMock(read({ rules: echoes }), { world });
      const shout = [{ when: { regex: '^(?<all>.*)$' }, then: '${all|upper}' }];
      const other = await startMock(read({ rules: shout }), { world });
      const gone = await startMock(
        read({ rules: [{ when: { any: true }, then: { close: 'end' } }] }),
        { world },
      );
      const rules = [
        { when: { startsWith: 'o' }, then: { forward: other.address } },
        { when: 'gone', then: { forward: gone.address } },
        { when: { any: true as const }, then: { forward: 'upstream' } },
      ];
      const front = await startMock(read({ upstream: one.address, rules }), { world });
      const lost = await startMock(
        read({ rules: [{ when: 'x', then: { forward: 'upstream' } }] }),
        { world },
      );
      const client = await open(world, front.port);

      const heard = await ask(client, 'abc\nother\nabd\n', 14);
      assert.equal(heard.toString(), 'abc\nOTHER\nabd\n');
      await client.writeBytes(Buffer.from('gone\n'));
      await front.waitFor('gone');
      const stray = await open(world, lost.port);
      await stray.writeBytes(Buffer.from('x\n'));
      await lost.waitFor('x');
      await stray.close();
      await client.close();
      for (const server of [front, lost, one, other, gone]) await server.stop();
      assert.throws(() => front.verify().all(), { message: /ended without a reply/ });
      assert.throws(() => lost.verify().all(), { message: /forward: there is no upstream/ });
    }),
  );

  test(`${network}: the end of a client is answered, and half of an end can be`, limit, () =>
    run(async (world) => {
      const server = await startMock(
        read({ onClose: 'bye', rules: [{ when: 'half', then: [{ close: 'half' }] }] }),
        { world },
      );
      const client = await open(world, server.port);
      await client.end();
      assert.equal(await text(client), 'bye\n');
      await assert.rejects(client.readBytes(), { code: 'EPEERCLOSED' });
      await client.close();

      const other = await open(world, server.port);
      await other.writeBytes(Buffer.from('half\nmore\n'));
      await assert.rejects(other.readBytes(), { code: 'EPEERCLOSED' });
      await server.waitFor('more');
      await other.close();
      await server.stop();
    }),
  );

  test(`${network}: a connection that is idle is ended, and one too many is reset`, limit, () =>
    run(async (world) => {
      const server = await startMock(read({ limits: { idle: '20ms', connections: 1 } }), { world });
      const client = await open(world, server.port);
      await server.waitFor('x', { within: 1 }).catch(() => undefined);
      const second = open(world, server.port).then((other) => other.readBytes());

      await assert.rejects(second, { code: 'ECONNRESET' });
      await assert.rejects(client.readBytes(), { code: 'EPEERCLOSED' });
      await client.close();
      await server.stop();
      assert.equal(server.journal({ kind: 'refused' }).length, 1);
      assert.match(server.journal({ kind: 'timeout' })[0]?.reason ?? '', /nothing moved for 20 ms/);
    }),
  );

  test(`${network}: a frame that is too long is told and reset`, limit, () =>
    run(async (world) => {
      const server = await startMock(read({ limits: { frame: 4 } }), { world });
      const client = await open(world, server.port);
      await client.writeBytes(Buffer.from('abcdefgh\n'));

      await assert.rejects(client.readBytes(), { code: 'ECONNRESET' });
      await client.close();
      await server.stop();
      assert.throws(() => server.verify().all(), { message: /frame/ });
    }),
  );

  test(`${network}: what a handler does wrong fails the run, and fail does`, limit, () =>
    run(async (world) => {
      const rules = ['wrong', 'broken', 'fail'].map((name) => ({
        when: name,
        then: name === 'fail' ? { fail: 'on purpose' } : { handler: `./handlers.js#${name}` },
      }));
      const server = await startMock(read({ rules }), { world, folder });
      const client = await open(world, server.port);
      await client.writeBytes(Buffer.from('wrong\nbroken\nfail\n'));
      await server.waitFor('fail');
      await client.close();
      await server.stop();

      const said = ((): string => {
        try {
          server.verify().all();
          return '';
        } catch (error) {
          return (error as Error).message;
        }
      })();
      assert.match(said, /handler answered wrongly: /);
      assert.match(said, /handler failed: no idea/);
      assert.match(said, /on purpose/);
    }),
  );

  test(`${network}: a name that nobody notifies fails the run after its time`, limit, async () => {
    if (network === 'a real network') return;
    await run(async (world) => {
      const server = await startMock(
        read({ rules: [{ when: 'x', then: [{ await: 'never' }, 'y'] }] }),
        { world },
      );
      const client = await open(world, server.port);
      await client.writeBytes(Buffer.from('x\n'));
      assert.equal(await text(client), 'y\n');
      await client.close();
      await server.stop();
      assert.throws(() => server.verify().all(), {
        message: /await never: nobody said notify within 10 s/,
      });
    });
  });

  test(`${network}: secrets are masked in everything that is printed`, limit, () =>
    run(async (world) => {
      const redact = [
        { regex: '^PASS (?<secret>.*)$', group: 'secret' },
        { regex: 'token=\\w+', with: '#' },
        { pattern: "'KEY ' (key:3)", group: 'key' },
      ];
      const server = await startMock(read({ redact, unmatched: 'no' }), { world });
      const client = await open(world, server.port);
      await client.writeBytes(Buffer.from('PASS abc\nx token=12 token=345\nKEY abc\n'));
      await server.waitFor({ startsWith: 'KEY' });
      await client.close();
      await server.stop();

      assert.deepEqual(
        server.journal({ kind: 'frame' }).map(({ bytes }) => Buffer.from(bytes ?? '').toString()),
        ['PASS ***', 'x ######## #########', 'KEY ***'],
      );
      assert.equal(server.verify().received('PASS abc') !== undefined, true);
    }),
  );
}

const refusals: readonly (readonly [definition: Partial<MockDefinition>, message: RegExp])[] = [
  [{ rules: [{ when: 'x', then: { handler: 'handlers.js#double' } }] }, /a handler is written/],
  [{ rules: [{ when: 'x', then: { handler: './handlers.js#number' } }] }, /no function "number"/],
  [{ rules: [{ when: 'x', then: { handler: './none.js#x' } }] }, /could not load \.\/none\.js/],
  [{ rules: [{ when: { json: { path: 'a..b' } }, then: 'x' }] }, /json path "a\.\.b"/],
  [{ rules: [{ when: { at: { offset: 0, is: 300 } }, then: 'x' }] }, /is must be a byte/],
  [
    { rules: [{ when: { at: { offset: 0, type: 'u8', is: [1] } }, then: 'x' }] },
    /must be a number/,
  ],
  [{ rules: [{ when: 'x', then: '${frame|uper}' }] }, /unknown filter "uper".*"upper"/],
  [{ rules: [{ when: 'x', then: '${fram}' }] }, /unknown name "fram".*"frame"/],
  [{ rules: [{ when: 'x', then: '${random(x)}' }] }, /random needs a count/],
  [{ rules: [{ when: { random: 3 }, then: 'x' }] }, /must be known beforehand/],
  [{ onConnect: { send: { fields: [{ type: 'u8', value: 256 }] } } }, /256 does not fit into u8/],
  [{ onConnect: { send: { fields: [{ type: 'varint', value: -1 }] } } }, /-1 does not fit/],
  [{ onConnect: { send: { fields: [{ type: 'ascii-dec', value: 100, length: 2 }] } } }, /2 digits/],
  [{ onConnect: { send: { fields: [{ type: 'u8', lengthOf: 'no' }] } } }, /no field "no"/],
  [
    { onConnect: { send: { fields: [{ name: 'n', type: 'bytes', value: 'abc', length: 2 }] } } },
    /field "n" has 3 bytes, more than 2/,
  ],
];

test('what a definition cannot mean is refused with its path', () => {
  for (const [definition, message] of refusals) assert.throws(() => read(definition), { message });
});
