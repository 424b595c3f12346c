import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RuleDefinition } from '../../../src/mock/mock-model';
import { isStream } from '../../../src/mock/mock-settings';
import { importMountebank } from '../../../src/mock/mountebank-import';
import { startMock } from '../../../src/mock/start-mock';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';
import { runBrine } from '../cli/run-brine';
import { temporaryFolder } from '../cli/temporary-folder';

/** The rules of an imposter with these stubs. */
function rulesOf(stubs: readonly object[], mode = 'text'): readonly RuleDefinition[] {
  const { mocks } = importMountebank({ protocol: 'tcp', port: 1, host: '127.0.0.1', mode, stubs });
  return mocks[0]?.rules ?? [];
}

const whenOf = (predicate: object, mode?: string) =>
  rulesOf([{ predicates: [predicate], responses: [] }], mode)[0]?.when;
const thenOf = (response: object, mode?: string) =>
  rulesOf([{ responses: [response] }], mode)[0]?.then;

test('predicates on text keep their case: none unless it was asked for', () => {
  for (const [predicate, when] of [
    [{ equals: { data: 'a.b\r\n' } }, { regex: '^a\\.b\\r\\n$', flags: 'i' }],
    [{ deepEquals: { data: 'x' }, caseSensitive: true }, { equals: 'x' }],
    [{ contains: { data: 'é' } }, { regex: 'é', flags: 'iu' }],
    [{ startsWith: { data: '\t' }, caseSensitive: true }, { startsWith: '\\t' }],
    [{ endsWith: { data: '?' } }, { regex: '\\?$', flags: 'i' }],
    [{ matches: { data: '^\\d+$' }, caseSensitive: true }, { regex: '^\\d+$' }],
    [{ exists: { data: true } }, { length: { min: 1 } }],
    [{ exists: { data: false } }, { not: { length: { min: 1 } } }],
    [{ not: { matches: { data: 'a' } } }, { not: { regex: 'a', flags: 'i' } }],
    [
      { or: [{ matches: { data: 'a' } }, { and: [{ matches: { data: 'b' } }] }] },
      { anyOf: [{ regex: 'a', flags: 'i' }, { allOf: [{ regex: 'b', flags: 'i' }] }] },
    ],
  ] as const) {
    assert.deepEqual(whenOf(predicate), when);
  }
});

test('predicates on binary data are exact', () => {
  assert.deepEqual(whenOf({ equals: { data: '/w==' } }, 'binary'), { equals: { hex: 'ff' } });
  assert.deepEqual(whenOf({ contains: { data: 'gA==' } }, 'binary'), { contains: { hex: '80' } });
});

test('responses become actions', () => {
  for (const [response, then] of [
    [{ is: { data: 'a\n${x}' } }, { send: { text: 'a\\n${x}', template: false } }],
    [{ is: {} }, { silence: true }],
    [{ is: { data: 'a' }, behaviors: [{ wait: 5 }] }, [{ wait: 5 }, { send: 'a' }]],
    [{ is: { data: 'a' }, _behaviors: { wait: '5' } }, [{ wait: 5 }, { send: 'a' }]],
    [{ fault: 'CONNECTION_RESET_BY_PEER' }, { close: 'reset' }],
    [{ fault: 'RANDOM_DATA_THEN_CLOSE' }, [{ send: { random: 64 } }, { close: 'end' }]],
    [{ fault: 'NEW' }, { silence: true }],
    [{ proxy: { to: 'tcp://h:1', mode: 'proxyTransparent' } }, { forward: 'upstream' }],
  ] as const) {
    assert.deepEqual(thenOf(response), then);
  }
  assert.deepEqual(thenOf({ is: { data: '/w==' } }, 'binary'), { send: { hex: 'ff' } });
});

test('several responses loop, each as often as it repeats', () => {
  const [rule] = rulesOf([
    {
      responses: [
        { is: { data: 'a' }, repeat: 2 },
        { is: { data: 'b' }, _behaviors: { repeat: 1 } },
      ],
    },
  ]);

  assert.deepEqual(rule, {
    when: { any: true },
    sequence: [{ send: 'a' }, { send: 'a' }, { send: 'b' }],
    exhausted: 'loop',
  });
});

test('stubs are tried as they stood, with priorities only where rules would be sorted otherwise', () => {
  const exact = { predicates: [{ equals: { data: 'a' }, caseSensitive: true }], responses: [] };
  const loose = { predicates: [{ contains: { data: 'a' } }], responses: [] };

  assert.deepEqual(
    rulesOf([exact, loose]).map(({ priority }) => priority),
    [undefined, undefined],
  );
  assert.deepEqual(
    rulesOf([loose, exact]).map(({ priority }) => priority),
    [2, 1],
  );
});

test('code is never run: a file stands for it, with its source as a comment', () => {
  const stubs = [
    {
      predicates: [{ inject: 'request => {\n  process.exit(1);\n}' }],
      responses: [{ inject: 'x' }],
    },
    {
      predicates: [{ equals: { data: 'a' }, except: 'b' }, { equals: { method: 'GET' } }],
      responses: [],
    },
    {
      responses: [
        { is: { data: 'a' }, behaviors: [{ decorate: 'f' }] },
        { is: { data: 'a' }, behaviors: [{ wait: 'function () { return 1; }' }] },
        {
          is: { data: '${A}[1]' },
          behaviors: [
            { copy: { from: 'data', into: '${A}', using: { method: 'regex', selector: '(a)' } } },
          ],
        },
      ],
    },
  ];

  const {
    mocks,
    stubs: files,
    warnings,
  } = importMountebank({ imposters: [{ protocol: 'tcp', port: 5, stubs }] });

  assert.equal(mocks[0]?.name, 'tcp-5');
  assert.deepEqual(
    files.map(({ path }) => path),
    [1, 2, 3, 4, 5, 6, 7].map((n) => `handlers/${n}.cjs`),
  );
  assert.match(
    files[0]?.text ?? '',
    /^\/\/ tcp-5: stubs\[0\]\.predicates\[0\]: code.*\n\/\/ request => \{\n\/\/ {3}process\.exit\(1\);\n/,
  );
  assert.match(
    warnings.join('\n'),
    /tcp-5: it listened on every interface, and does on loopback now/,
  );
  assert.match(warnings.join('\n'), /a wait that is code is not run; write it in handlers\/6\.cjs/);
});

test('the framing that a resolver evidently looks for is proposed', () => {
  const proposed = (inject: string) =>
    importMountebank({
      protocol: 'tcp',
      host: '::1',
      endOfRequestResolver: { inject },
    }).warnings.join();

  assert.match(proposed("data => data.indexOf('\\r\\n') >= 0"), /try framing: crlf$/);
  assert.match(proposed("data => data.endsWith('\\n')"), /try framing: line$/);
  assert.match(
    proposed('d => d.length === d.readUInt16BE(0)'),
    /\{ kind: length-prefix, type: u16be \}$/,
  );
  assert.match(proposed('d => true'), /choose the framing by hand$/);
});

test('imposters that speak no tcp are left out, and names stay apart', () => {
  const { mocks, warnings } = importMountebank({
    imposters: [
      { protocol: 'http', port: 80 },
      {
        protocol: 'tcp',
        port: 1,
        name: 'my mock',
        host: '0.0.0.0',
        defaultResponse: { data: 'no' },
      },
      {
        protocol: 'tcp',
        port: 2,
        name: 'my mock',
        host: '127.0.0.1',
        stubs: [{ responses: [{ proxy: { to: 'tcp://a:1' } }, { proxy: { to: 'tcp://b:2' } }] }],
      },
    ],
  });

  assert.deepEqual(
    mocks.map(({ name }) => name),
    ['my-mock', 'my-mock-2'],
  );
  assert.deepEqual(mocks[0]?.listen, { host: '0.0.0.0', port: 1 });
  assert.deepEqual(mocks[0]?.unmatched, { send: 'no' });
  assert.deepEqual(mocks[1]?.rules?.[0]?.sequence, [{ forward: 'a:1' }, { forward: 'b:2' }]);
  assert.ok(warnings.includes('the imposter on port 80 speaks http and is left out'));
  assert.ok(mocks.every(({ framing }) => isStream(framing)));
  assert.throws(() => importMountebank({ mocks: [] }), /this is no file of imposters/);
  assert.throws(() => importMountebank({ protocol: 'smtp' }), /none of the imposters speaks tcp/);
});

test('an imported mock answers as the imposter did', { timeout: 20_000 }, () =>
  simulatedWorld({ seed: 1 }).run(async (world) => {
    const { mocks } = importMountebank({
      protocol: 'tcp',
      port: 0,
      host: '127.0.0.1',
      stubs: [
        {
          predicates: [{ startsWith: { data: 'hello' } }],
          responses: [
            {
              is: { data: 'hi $NAME, ${0}' },
              behaviors: [
                {
                  copy: {
                    from: 'data',
                    into: '$NAME',
                    using: { method: 'regex', selector: '\\d+' },
                  },
                },
              ],
            },
          ],
        },
        {
          predicates: [{ equals: { data: 'Bye' } }],
          responses: [{ fault: 'CONNECTION_RESET_BY_PEER' }],
        },
      ],
    });
    const server = await startMock({ name: 'none', ...mocks[0] }, { world });
    const client = await Client.connect(server, { world });
    await client.writeBytes(Buffer.from('HELLO 007'));
    assert.equal(String(await client.readBytes(12)), 'hi 007, ${0}');
    await client.writeBytes(Buffer.from('bYE'));
    await assert.rejects(client.readBytes(), { code: 'ECONNRESET' });
    await client.close();
    await server.stop();
    server.verify().all();
  }),
);

test('brine mock convert takes imposters over, and writes files for code', async (context) => {
  const folder = temporaryFolder(context);
  const imposters = {
    imposters: [
      {
        protocol: 'tcp',
        port: 4545,
        stubs: [{ predicates: [{ inject: 'code' }], responses: [{ is: { data: 'a' } }] }],
      },
    ],
  };
  writeFileSync(join(folder, 'imposters.json'), JSON.stringify(imposters));
  writeFileSync(join(folder, 'saved.txt'), '{}');
  writeFileSync(join(folder, 'broken.json'), '{');

  const first = await runBrine(['mock', 'convert', 'imposters.json', 'mocks.yaml'], folder);
  assert.equal(first.exitCode, 0, first.stderr);
  assert.match(
    first.stderr,
    /code of a predicate is not run; write it in handlers\/1\.cjs \(warning\)/,
  );
  assert.match(readFileSync(join(folder, 'handlers', '1.cjs'), 'utf8'), /\/\/ code\n/);
  const valid = await runBrine(['mock', 'validate', 'mocks.yaml'], folder);
  assert.deepEqual([valid.exitCode, valid.stdout], [0, '1 mock, no mistake\n']);

  const strict = await runBrine(
    ['mock', 'convert', 'imposters.json', 'mocks.yaml', '--force', '--strict'],
    folder,
  );
  assert.deepEqual(
    [strict.exitCode, strict.stderr.trim().split('\n').at(-1)],
    [3, '1 function to be written by hand'],
  );
  const wrong = await runBrine(
    ['mock', 'convert', 'saved.txt', 'x.yaml', '--from', 'mountebank'],
    folder,
  );
  assert.deepEqual(
    [wrong.exitCode, wrong.stderr],
    [2, 'saved.txt: this is no file of imposters\n'],
  );
  const broken = await runBrine(['mock', 'convert', 'broken.json', 'x.yaml'], folder);
  assert.equal(broken.exitCode, 2);
});
