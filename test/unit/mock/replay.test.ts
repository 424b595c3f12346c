import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CaptureFile } from '../../../src/capture/capture-file';
import { writePcapng } from '../../../src/capture/write-pcapng';
import { framerFrom } from '../../../src/framing/framer-from';
import type { FramingDefinition } from '../../../src/framing/framing-definition';
import type { BytesDefinition } from '../../../src/mock/bytes-definition';
import { compileConstant } from '../../../src/mock/bytes-source';
import { Compiling } from '../../../src/mock/compiling';
import { scriptOfTalks } from '../../../src/mock/conversation-tree';
import type { MockDefinition, ScriptTurn } from '../../../src/mock/mock-model';
import { captureOfMock } from '../../../src/mock/mock-recording';
import { bytesDefinition } from '../../../src/mock/recorded-talk';
import { mockOfCapture } from '../../../src/mock/replay';
import { startMock } from '../../../src/mock/start-mock';
import type { World } from '../../../src/network/world';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';

const framings: readonly FramingDefinition[] = [
  'crlf',
  'varint',
  { kind: 'length-prefix', type: 'u16le' },
];

/** What was said, in order; a client and a server take turns. */
interface Talk {
  readonly framing: FramingDefinition;
  readonly script: readonly ScriptTurn[];
}

const payload = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .filter((bytes) => !bytes.includes(0x0d) && !bytes.includes(0x0a));

const talks: fc.Arbitrary<Talk> = fc.record({
  framing: fc.constantFrom(...framings),
  script: fc
    .array(fc.tuple(fc.boolean(), payload), { minLength: 1, maxLength: 8 })
    .chain((turns) =>
      fc
        .constantFrom<ScriptTurn[]>(
          [],
          [{ expectClose: 'end' }, { close: 'end' }],
          [{ close: 'end' }],
        )
        .map((end) => [
          ...turns.map(
            ([isClient, bytes]): ScriptTurn =>
              isClient ? { expect: bytesDefinition(bytes) } : { send: bytesDefinition(bytes) },
          ),
          ...end,
        ]),
    ),
});

function bytesOf(value: unknown): Uint8Array {
  return compileConstant(value as BytesDefinition, new Compiling('bytes', '.'));
}

async function replayOf(capture: Uint8Array, framing: FramingDefinition): Promise<MockDefinition> {
  await using file = CaptureFile.from(capture);
  const { definition, warnings } = await mockOfCapture(file, { framing });
  assert.deepEqual(warnings, []);
  return definition;
}

/** Does what a script says the client did, and checks what the server answers. */
async function playClient(
  world: World,
  address: { readonly host: string; readonly port: number },
  { framing, script }: Talk,
): Promise<void> {
  const framer = framerFrom(framing);
  const client = await Client.connect(address, { world });
  for (const turn of script) {
    if (turn.expect !== undefined) await client.writeBytes(framer.encode(bytesOf(turn.expect)));
    if (turn.send !== undefined) {
      const wanted = framer.encode(bytesOf(turn.send));
      assert.deepEqual(Buffer.from(await client.readBytes(wanted.length)), Buffer.from(wanted));
    }
    if (turn.expectClose !== undefined) await client.end();
  }
  await client.close();
}

test('a script survives being a capture, whatever its bytes', async () => {
  await fc.assert(
    fc.asyncProperty(talks, async ({ framing, script }) => {
      const { script: again } = await replayOf(
        captureOfMock({ name: 'm', framing, script }),
        framing,
      );
      assert.deepEqual(again, script);
    }),
    { numRuns: 60 },
  );
});

test('a recorded conversation replays equal', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(talks, fc.integer(), async (talk, seed) => {
      const world = simulatedWorld({ seed, trace: 'full' });
      await world.run(async () => {
        const server = await startMock({ name: 'm', mode: 'lenient', ...talk }, { world });
        await playClient(world, server, talk);
        await server.stop();
      });
      const { framing } = talk;
      const recorded = await replayOf(writePcapng(world), framing);

      const second = simulatedWorld({ seed, trace: 'full' });
      await second.run(async () => {
        const server = await startMock(recorded, { world: second });
        await playClient(second, server, talk);
        await server.stop();
        server.verify().scriptFinished();
      });

      assert.deepEqual(await replayOf(writePcapng(second), framing), recorded);
    }),
    { numRuns: 25 },
  );
});

test('two recorded clients replay in any order', { timeout: 20_000 }, async () => {
  const framing = 'line';
  const login: Talk = {
    framing,
    script: [
      { send: 'hi' },
      { expect: 'USER a' },
      { send: 'a?' },
      { expect: 'BYE' },
      { close: 'end' },
    ],
  };
  const list: Talk = {
    framing,
    script: [
      { send: 'hi' },
      { expect: 'LIST' },
      { send: '1' },
      { send: '2' },
      { expectClose: 'end' },
      { close: 'end' },
    ],
  };
  const script: ScriptTurn[] = [
    { send: 'hi' },
    { oneOf: [login, list].map((talk) => ({ turns: talk.script.slice(1) })) },
  ];
  const definition = await replayOf(captureOfMock({ name: 'm', framing, script }), framing);
  assert.deepEqual(definition.script, script);

  const world = simulatedWorld({ seed: 3 });
  await world.run(async () => {
    const server = await startMock(definition, { world });
    await Promise.all([playClient(world, server, list), playClient(world, server, login)]);
    await playClient(world, server, login);
    await server.stop();
    server.verify().all();
  });
});

test('where a server answered differently, the number of the connection decides', () => {
  const talk = (connection: number, answer: string, more: readonly string[]) => ({
    connection,
    said: [[{ send: 'hi' }], [{ send: answer }], ...more.map(() => [{ send: 'ok' }])],
    heard: [{ expect: 'STATUS' }, ...more.map((expect) => ({ expect }))],
  });

  const script = scriptOfTalks([
    talk(1, 'busy', []),
    talk(2, 'done', ['GET']),
    talk(3, 'busy', ['PUT']),
  ]);

  assert.deepEqual(script, [
    { send: 'hi' },
    { expect: 'STATUS' },
    {
      oneOf: [
        { connections: [1, 3], turns: [{ send: 'busy' }] },
        { connections: [2], turns: [{ send: 'done' }] },
      ],
    },
    {
      oneOf: [
        { turns: [{ expect: 'GET' }, { send: 'ok' }] },
        { turns: [{ expect: 'PUT' }, { send: 'ok' }] },
      ],
      optional: true,
    },
  ]);
});

test('what a reset kept a server from saying makes no branch', () => {
  const whole = {
    connection: 1,
    said: [[], [{ send: 'a' }, { send: 'b' }]],
    heard: [{ expect: 'X' }],
  };
  const cut = {
    connection: 2,
    said: [[], [{ send: 'a' }], []],
    heard: [{ expect: 'X' }, { expectClose: 'reset' as const }],
  };

  assert.deepEqual(scriptOfTalks([cut, whole]), [
    { expect: 'X' },
    { send: 'a' },
    { send: 'b' },
    { oneOf: [{ turns: [{ expectClose: 'reset' }] }], optional: true },
  ]);
});

test('waits of a script are as long as replay says', { timeout: 20_000 }, async () => {
  const script: ScriptTurn[] = [{ expect: 'A' }, { wait: '100ms', send: 'a' }];
  for (const [replay, ms] of [
    [undefined, 100],
    [{ timing: 'none' }, 0],
    [{ timing: 'recorded' }, 100],
    [{ timing: 'scaled', scale: 0.5 }, 50],
  ] as const) {
    const world = simulatedWorld({ seed: 1 });
    const took = await world.run(async () => {
      const server = await startMock(
        { name: 'm', framing: 'line', script, ...(replay && { replay }) },
        { world },
      );
      const client = await Client.connect(server, { world });
      const fromUs = world.clock.now();
      await client.writeBytes(Buffer.from('A\n'));
      await client.readBytes(2);
      await client.close();
      await server.stop();
      return world.clock.now() - fromUs;
    });
    assert.ok(
      took >= ms * 1_000 && took < ms * 1_000 + 20_000,
      `${JSON.stringify(replay)}: ${took}`,
    );
  }
});

test('times of a recording are kept when that is asked for', async () => {
  const script: ScriptTurn[] = [{ expect: 'A' }, { wait: 25, send: 'a' }];
  await using file = CaptureFile.from(captureOfMock({ name: 'm', framing: 'line', script }));

  const { definition } = await mockOfCapture(file, { framing: 'line', timing: 'recorded' });

  assert.deepEqual(definition.script, script);
});

test('secrets of a client become bytes that may be any, those of a server become masks', async () => {
  const script: ScriptTurn[] = [
    { expect: "PASS it's 1" },
    { send: 'token=abc' },
    { expect: { hex: '00 50 41' } },
  ];
  await using file = CaptureFile.from(captureOfMock({ name: 'm', framing: 'line', script }));

  const { definition } = await mockOfCapture(file, {
    framing: 'line',
    redact: [
      { regex: 'PASS (?<secret>\\S+)', group: 'secret' },
      { regex: 'token=(.*)', group: '1', with: '#' },
      { pattern: '50 (rest:1)', group: 'rest' },
    ],
  });

  assert.deepEqual(definition.script?.slice(0, 2), [
    { expect: { pattern: "50 ?? 'SS ' ?? ?? ?? ?? ' 1'" } },
    { send: 'token=###' },
  ]);
});

test('a recording that cannot be one is refused, and what is lost is told', async () => {
  const script: ScriptTurn[] = [{ expect: { regex: 'x' } }];
  assert.throws(
    () => captureOfMock({ name: 'm', script }),
    /a recording holds bytes, and regex is not/,
  );
  assert.throws(() => captureOfMock({ name: 'm' }), /mock "m" has no script/);
  assert.throws(
    () => captureOfMock({ name: 'm', script: [{ send: { random: 3 } }] }),
    /a template or chance is not/,
  );
  assert.throws(
    () => captureOfMock({ name: 'm', script: [{ oneOf: [{ connections: [1], turns: [] }] }] }),
    /oneOf with connections is not/,
  );

  await using loose = CaptureFile.from(
    captureOfMock({
      name: 'm',
      script: [
        { raw: 'A\\nhal' },
        { expect: 'B\\nlf' },
        { close: 'half' },
        { expect: 'C\\n' },
        { expectClose: 'reset' },
      ],
    }),
  );
  const { definition, warnings } = await mockOfCapture(loose, { framing: 'line' });
  assert.deepEqual(definition.script, [
    { send: 'A' },
    { raw: 'hal' },
    { expect: 'B' },
    { close: 'half' },
    { expect: 'lfC' },
    { expectClose: 'reset' },
  ]);
  assert.ok(warnings.length > 0);
});

test('a repeated and an unordered block are written out as one way of many', async () => {
  const script: ScriptTurn[] = [
    { repeat: { times: 2, turns: [{ expect: 'A' }, { send: 'a' }] } },
    { unordered: [{ expect: 'B' }, { expect: { equals: 'C' } }] },
    { close: 'reset' },
  ];
  await using file = CaptureFile.from(captureOfMock({ name: 'm', framing: 'line', script }));

  const { definition } = await mockOfCapture(file, { framing: 'line' });

  assert.deepEqual(definition.script, [
    { expect: 'A' },
    { send: 'a' },
    { expect: 'A' },
    { send: 'a' },
    { expect: 'B' },
    { expect: 'C' },
    { close: 'reset' },
  ]);
});
