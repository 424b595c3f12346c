import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaptureFile } from '../../../src/capture/capture-file';
import { printScript } from '../../../src/capture/script-printer';
import { Recorder } from '../../../src/cli/recorder';
import { ruleOf } from '../../../src/mock/masked-conversation';
import { mock } from '../../../src/mock/mock-builder';
import { printMocks } from '../../../src/mock/mock-file';
import type { MockDefinition } from '../../../src/mock/mock-model';
import { type Converted, mockOfCapture } from '../../../src/mock/replay';
import { scriptOfTurns } from '../../../src/mock/script-export';
import { secretRules } from '../../../src/mock/secret-rules';
import { startMock } from '../../../src/mock/start-mock';
import type { World } from '../../../src/network/world';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';
import { shows } from './defect-list';

type Address = { readonly host: string; readonly port: number };

const server = mock('server', { framing: 'crlf', mode: 'lenient' })
  .onConnect('220 ready')
  .when(/^AUTH LOGIN$/)
  .reply('334 name')
  .when('QUIT')
  .reply('221 bye', { close: 'end' })
  .when({ any: true })
  .reply('250 ok');

/** Says lines one after the other. */
async function say(
  world: World,
  to: Address,
  lines: readonly string[],
  eager = false,
): Promise<void> {
  const client = await Client.connect(to, { world });
  const hear = () => client.readUntil(Buffer.from('\n'));
  if (!eager) await hear();
  for (const [index, line] of lines.entries()) {
    await client.writeBytes(Buffer.from(`${line}\r\n`));
    if (eager && index === 0) await hear();
    await hear();
  }
  await client.close();
}

/** Records what clients do, on the simulated network, and does something with what was recorded. */
async function recorded(
  clients: (world: World, proxy: Address) => Promise<unknown>,
  then: (mock: Converted, folder: string) => Promise<unknown>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'brine-record-'));
  const world = simulatedWorld({ seed: 5 });
  try {
    const path = join(folder, 'run.pcapng');
    await world.run(async () => {
      const target = await server.start(world);
      const recorder = await Recorder.start({
        world,
        listen: '127.0.0.1:0',
        target: target.address,
        capture: path,
        greetingMs: 200,
        packets: { redact: secretRules.map(ruleOf) },
      });
      await clients(world, recorder.proxy.listen);
      assert.deepEqual(await recorder.stop(), []);
      await target.stop();
    });
    await using file = await CaptureFile.open(path);
    await then(await mockOfCapture(file, { framing: 'crlf', redact: secretRules }), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function replay(
  definition: MockDefinition,
  clients: (world: World, mock: Address) => Promise<unknown>,
): Promise<string> {
  const world = simulatedWorld({ seed: 6 });
  return await world.run(async () => {
    const running = await startMock(definition, { world });
    await clients(world, running);
    await running.stop();
    running.verify().all();
    return JSON.stringify(
      running
        .journal()
        .map(({ bytes, ...entry }) => ({ ...entry, text: String(Buffer.from(bytes ?? [])) })),
    );
  });
}

shows([11], 'two interleaved clients replay in the other order', { timeout: 20_000 }, () => {
  const [first, second] = [
    ['EHLO a', 'NOOP', 'QUIT'],
    ['EHLO a', 'HELP', 'QUIT'],
  ] as const;
  return recorded(
    (world, proxy) => Promise.all([say(world, proxy, first), say(world, proxy, second)]),
    async ({ definition }) => {
      await replay(definition, async (world, to) => {
        await say(world, to, second);
        await say(world, to, first);
      });
      await replay(definition, (world, to) =>
        Promise.all([say(world, to, second), say(world, to, first)]),
      );
    },
  );
});

shows(
  [12],
  'a greeting is one, whether the client waits for it or not',
  { timeout: 20_000 },
  async () => {
    const scripts: unknown[] = [];
    for (const eager of [false, true]) {
      await recorded(
        (world, proxy) => say(world, proxy, ['NOOP', 'QUIT'], eager),
        async ({ definition }) => scripts.push(definition.script),
      );
    }

    assert.deepEqual(scripts[0], [
      { send: '220 ready' },
      { expect: 'NOOP' },
      { send: '250 ok' },
      { expect: 'QUIT' },
      { send: '221 bye' },
      { close: 'end' },
    ]);
    assert.deepEqual(scripts[1], scripts[0]);
  },
);

shows([13], 'a password is in no output of a recording', { timeout: 20_000 }, () => {
  const secret = 'hunter2-hunter2';
  const base64 = Buffer.from(secret).toString('base64');
  const lines = [
    `PASS ${secret}`,
    `AUTH PLAIN ${base64}`,
    `AUTH ${secret}`,
    'AUTH LOGIN',
    'dXNlcg==',
    base64,
    `Authorization: Basic ${base64}`,
    'AUTH',
    '$4',
    'user',
    '$15',
    secret,
    'QUIT',
  ];
  return recorded(
    (world, proxy) => say(world, proxy, lines),
    async ({ definition, warnings }, folder) => {
      const journal = await replay(definition, (world, to) => say(world, to, lines.map(other)));
      const outputs = [
        printMocks([definition]),
        printScript(scriptOfTurns(definition.script ?? [])),
        JSON.stringify([definition, warnings]),
        ...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')),
      ];
      for (const text of outputs) {
        assert.ok(!text.includes(secret) && !text.includes(base64), text.slice(0, 2_000));
      }
      assert.match(outputs[1] ?? '', /pattern "'PASS ' \?\? /);
      assert.ok(!journal.includes(`PASS ${other(secret)}`));
    },
  );

  /** Another secret, as long. */
  function other(line: string): string {
    return line
      .replace(secret, 'x'.repeat(secret.length))
      .replace(base64, 'y'.repeat(base64.length));
  }
});
