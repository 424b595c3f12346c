import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { register } from '../../../src/cucumber/register';
import type { RunnerWorld } from '../../../src/cucumber/runner';
import { catalogue, defineSteps } from '../../../src/steps/catalogue';
import { placeholders } from '../../../src/steps/expression-text';
import { type StepArgument, step } from '../../../src/steps/step';
import type { StepWorld } from '../../../src/steps/step-world';
import { fakeRunner, hookParameter } from '../../support/fake-runner';
import { stillNetwork } from '../../support/still-network';

const out = mkdtempSync(join(tmpdir(), 'brine-register-'));
after(() => rmSync(out, { recursive: true, force: true }));
const networks = { real: () => stillNetwork() };
const seen: { world: StepWorld; values: readonly unknown[] }[] = [];

defineSteps([
  step({
    id: 'own.notes',
    group: 'own',
    level: 'advanced',
    keyword: 'When',
    expression: 'somebody notes {bytes} {times}:',
    argument: 'either',
    example: 'somebody notes "a" twice:',
    exampleArgument: '| a |',
    summary: '',
    failure: '',
    run(world, bytes, times, argument) {
      seen.push({ world, values: [bytes, times, argument] });
    },
  }),
]);

/** Registers everything and begins a scenario. */
function begun(
  steps: Parameters<typeof hookParameter>[0],
  tags: readonly string[] = [],
): { runner: ReturnType<typeof fakeRunner>; runnerWorld: RunnerWorld & { attached: string[] } } {
  const runner = fakeRunner();
  register(runner, { networks });
  const attached: string[] = [];
  const attach = (data: string | Buffer) => attached.push(data.toString());
  const runnerWorld = { attached, attach, parameters: { brine: { out } } };
  for (const hook of runner.before) hook.call(runnerWorld, hookParameter(steps, { tags }));
  return { runner, runnerWorld };
}

async function end(
  { runner, runnerWorld }: ReturnType<typeof begun>,
  status: string,
): Promise<void> {
  for (const hook of runner.after) await hook.call(runnerWorld, hookParameter([], { status }));
}

test('every step of the catalogue is registered, and declares the values it takes', () => {
  const runner = fakeRunner();
  register(runner, { networks });

  for (const { expression, argument } of catalogue) {
    const count = placeholders(expression).length + (argument === undefined ? 0 : 1);
    assert.equal(runner.steps.get(expression)?.code.length, count, expression);
  }
});

test("the runner's own time limit of our steps is switched off", () => {
  const runner = fakeRunner();
  register(runner, { networks });

  assert.deepEqual(
    new Set([...runner.steps.values()].map(({ timeout }) => timeout)),
    new Set([-1]),
  );
});

test('types that a runner knows itself are not defined again', () => {
  const runner = fakeRunner();
  register(runner, { networks });

  assert.ok(runner.types.has('bytes'));
  for (const name of ['int', 'float', 'word', 'string']) assert.ok(!runner.types.has(name), name);
});

test('a subset of the groups can be registered, own steps stay', () => {
  const runner = fakeRunner();
  register(runner, { networks, groups: ['listener'] });

  const ours = catalogue.filter(({ expression }) => runner.steps.has(expression));
  assert.deepEqual(new Set(ours.map(({ group }) => group)), new Set(['listener']));
  assert.ok(runner.steps.has('somebody notes {bytes} {times}:'));
});

test('an unknown group is refused with the known ones', () => {
  assert.throws(
    () => register(fakeRunner(), { networks, groups: ['cleint' as 'client'] }),
    /groups must be some of client, listener.*, got "cleint"/,
  );
});

test('registering twice in one runner is refused', () => {
  const runner = fakeRunner();
  register(runner, { networks });

  assert.throws(() => register(runner, { networks }), {
    message: 'the Brine steps are already registered',
  });
});

test('steps that are defined after the registration join the runner too', () => {
  const runner = fakeRunner();
  register(runner, { networks });

  defineSteps([
    step({
      id: 'own.late',
      group: 'own',
      level: 'advanced',
      keyword: 'Given',
      expression: 'a latecomer',
      example: 'a latecomer',
      summary: '',
      failure: '',
      run: () => undefined,
    }),
  ]);

  assert.ok(runner.steps.has('a latecomer'));
});

test('defining a step again is refused with the step it repeats', () => {
  assert.throws(
    () => defineSteps([{ ...catalogue[0], id: 'own.copy' } as (typeof catalogue)[number]]),
    { message: `step own.copy: ${catalogue[0]?.id} has the same id or expression` },
  );
});

test('a step gets its values, then its argument with the media type, and its place', async () => {
  const text = 'somebody notes "a" twice:';
  const pickleStep = { text, argument: { docString: { content: 'x', mediaType: 'hex' } } };
  const scenario = begun([{ text: 'something of the user' }, pickleStep]);
  const code = scenario.runner.steps.get('somebody notes {bytes} {times}:')?.code;

  await code?.call(scenario.runnerWorld, Buffer.from('a'), { min: 2, max: 2 }, 'x');

  const [call] = seen.splice(0);
  const argument: StepArgument = { kind: 'docString', text: 'x', mediaType: 'hex' };
  assert.deepEqual(call?.values, [Buffer.from('a'), { min: 2, max: 2 }, argument]);
  assert.equal(call?.world.step.text, text);
  await end(scenario, 'PASSED');
});

test('a table arrives as its rows', async () => {
  const scenario = begun([{ text: 'somebody notes "a" twice:' }]);
  const code = scenario.runner.steps.get('somebody notes {bytes} {times}:')?.code;
  const table = { raw: () => [['a'], ['b']] };

  await code?.call(scenario.runnerWorld, Buffer.from('a'), { min: 2, max: 2 }, table);

  assert.deepEqual(seen.splice(0)[0]?.values[2], { kind: 'table', rows: [['a'], ['b']] });
  await end(scenario, 'PASSED');
});

test('a step without the argument that it takes says which it takes', async () => {
  const scenario = begun([{ text: 'somebody notes "a" twice:' }]);
  const code = scenario.runner.steps.get('somebody notes {bytes} {times}:')?.code;

  await assert.rejects(async () => code?.call(scenario.runnerWorld, Buffer.from('a'), {}), {
    message: 'this step takes a doc string or a table below it',
  });
  await end(scenario, 'PASSED');
});

test('a placeholder gives its value, with the chance of the scenario', async () => {
  const scenario = begun([], ['@seed(7)']);
  const transformer = scenario.runner.types.get('bytes')?.transformer;

  const random = transformer?.call(scenario.runnerWorld, '4 bytes of random data');

  assert.equal((random as Uint8Array).byteLength, 4);
  assert.deepEqual(transformer?.call({}, '"a"'), Buffer.from('a'));
  assert.throws(() => transformer?.call({}, '1 byte of random data'), /source of chance/);
  await end(scenario, 'PASSED');
});

test('the world of a scenario is found under brine, and is gone behind it', async () => {
  const scenario = begun([]);
  const { brine } = scenario.runnerWorld as { brine?: StepWorld };

  assert.equal(brine?.scenario.name, 'a scenario');
  await end(scenario, 'PASSED');
  const code = scenario.runner.steps.get('a simulated network')?.code;
  await assert.rejects(async () => code?.call(scenario.runnerWorld), {
    message: 'the Brine hooks did not run for this scenario',
  });
});

test('a network that is not there refuses the scenario with one sentence', () => {
  const runner = fakeRunner();
  register(runner, { networks });

  assert.throws(
    () => runner.before[0]?.call({}, hookParameter([], { tags: ['@simulated'] })),
    /the simulated network is not part of this release of Brine/,
  );
});

test('a wrong key of the world parameters refuses the scenario', () => {
  const runner = fakeRunner();
  register(runner, { networks });

  assert.throws(
    () => runner.before[0]?.call({ parameters: { brine: { sed: 1 } } }, hookParameter([])),
    /worldParameters\.brine: unknown key "sed"/,
  );
});

/** Something on the wire of a scenario. */
function mark({ runnerWorld }: ReturnType<typeof begun>): void {
  const { brine } = runnerWorld as { brine?: StepWorld };
  const nowhere = { connection: '', from: '', to: '', direction: '-' } as const;
  brine?.world.trace.add({ ...nowhere, kind: 'note', detail: { mark: 'here' } });
}

test('a scenario that failed leaves evidence, one that passed what its tags ask for', async () => {
  const log = '@0 ms * mark "here"\n';
  const folder = join(relative(process.cwd(), out), 'worker-0', 'a-scenario-0');
  const paths = (...files: string[]) =>
    ['evidence:', ...files.map((file) => join(folder, file))].join('\n  ');
  for (const [tags, status, files, attached] of [
    [[], 'FAILED', ['wire.script', 'wire.pcapng', 'wire.html', 'wire.ndjson'], [log]],
    [['@wire-log'], 'PASSED', ['wire.script'], [log]],
    [['@pcap'], 'PASSED', ['wire.pcapng'], []],
  ] as const) {
    const scenario = begun([], tags);
    mark(scenario);

    await end(scenario, status);

    assert.deepEqual(scenario.runnerWorld.attached, [...attached, paths(...files)]);
    assert.deepEqual(readdirSync(folder).sort(), [...files].sort());
  }
});

test('a scenario that passed leaves nothing, also of an earlier run', async () => {
  const failed = begun([]);
  mark(failed);
  await end(failed, 'FAILED');
  const passed = begun([]);
  mark(passed);

  await end(passed, 'passed');

  assert.deepEqual(passed.runnerWorld.attached, []);
  assert.deepEqual(readdirSync(join(out, 'worker-0')), []);
});

test('a warning fails a strict scenario and is only attached to another', async () => {
  const lenient = begun([]);
  const strict = begun([], ['@strict']);
  for (const { runnerWorld } of [lenient, strict]) {
    const { brine } = runnerWorld as { brine?: StepWorld };
    void brine?.world;
    brine?.warnings.push('command "x" had to be killed');
  }

  await end(lenient, 'PASSED');
  assert.deepEqual(lenient.runnerWorld.attached, ['command "x" had to be killed']);
  await assert.rejects(end(strict, 'PASSED'), /command "x" had to be killed/);
});

test('what a mock met fails a scenario whose steps have passed, and is no news in another', async () => {
  const passed = begun([]);
  const failed = begun([]);
  for (const { runnerWorld } of [passed, failed]) {
    (runnerWorld as { brine?: StepWorld }).brine?.problems.push('mock "a" received "B"');
  }

  await assert.rejects(end(passed, 'PASSED'), /a scenario: mock "a" received "B"/);
  await end(failed, 'FAILED');
});
