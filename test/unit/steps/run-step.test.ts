import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSentence } from '../../../src/steps/run-sentence';
import { runStep } from '../../../src/steps/run-step';
import { type Step, step } from '../../../src/steps/step';
import { readStepOptions, type StepOptions } from '../../../src/steps/step-settings';
import { StepWorld } from '../../../src/steps/step-world';
import { ManualClock } from '../../support/manual-clock';
import { stillNetwork } from '../../support/still-network';

/** A world on a network on which nothing moves, with a clock that the test moves. */
function stillWorld(
  kind: 'real' | 'virtual',
  options: StepOptions = {},
): { world: StepWorld; clock: ManualClock; opened: () => number } {
  const clock = new ManualClock(kind);
  let opened = 0;
  const make = () => {
    opened++;
    const network = stillNetwork(clock);
    return network;
  };
  const world = new StepWorld({
    scenario: { name: 'still', uri: 'features/still.feature', line: 1 },
    settings: readStepOptions(options),
    makers: { real: make, simulated: make },
  });
  return { world, clock, opened: () => opened };
}

function stepThat(run: Step['run'], limit?: Step['limit']): Step {
  return {
    ...step({
      id: 'own.test',
      group: 'own',
      level: 'advanced',
      keyword: 'When',
      expression: 'a test',
      example: 'a test',
      summary: '',
      failure: '',
      run: () => undefined,
    }),
    run,
    ...(limit === undefined ? {} : { limit }),
  };
}

const place = { text: 'a test', place: 'x.feature:1' };
const never = (): Promise<void> => new Promise(() => undefined);

test('a step that does not end is given up five seconds behind its own limit', async () => {
  const { world, clock } = stillWorld('real');
  const running = runStep(
    world,
    stepThat(never, () => 7_000),
    [],
    place,
  );
  const failed = assert.rejects(
    running,
    /^StepFailure: the step did not end within 12 s, although its limit is 7 s/,
  );

  clock.advance(11_999);
  assert.deepEqual(clock.timers, ['limit of a step']);
  clock.advance(1);

  await failed;
  assert.deepEqual(clock.timers, []);
});

test('a step without a limit of its own has that of asserting steps', async () => {
  const { world, clock } = stillWorld('real', { timeout: 100 });
  const failed = assert.rejects(runStep(world, stepThat(never), [], place), /its limit is 100 ms/);

  clock.advance(5_100);

  await failed;
});

test('a step that ends leaves no timer, also when it fails', async () => {
  const { world, clock } = stillWorld('real');

  await runStep(
    world,
    stepThat(() => undefined),
    [],
    place,
  );
  await assert.rejects(
    runStep(
      world,
      stepThat(() => {
        throw new Error('no');
      }),
      [],
      place,
    ),
    /^Error: no$/,
  );

  assert.deepEqual(clock.timers, []);
});

test('a refusal of ours comes without frames of Brine, an error of an own step keeps them', async () => {
  const { world } = stillWorld('virtual');
  const refusing = stepThat(() => {
    throw new Error('no');
  });
  const stackOf = (step: Step): Promise<string | undefined> =>
    runStep(world, step, [], place).then(
      () => assert.fail('it did not fail'),
      (error: Error) => error.stack,
    );

  assert.equal(await stackOf({ ...refusing, group: 'client' }), 'Error: no');
  assert.match((await stackOf(refusing)) ?? '', /\n +at .*run-step\.test/);
});

test('a virtual clock needs no guard', async () => {
  const { world, clock } = stillWorld('virtual');
  const running = runStep(
    world,
    stepThat(() => clock.sleep('1 h')),
    [],
    place,
  );

  clock.advance('1 h');

  await running;
});

test('the step that runs is known to what it calls', async () => {
  const { world } = stillWorld('virtual');
  let seen: unknown;

  await runStep(
    world,
    stepThat((given) => {
      seen = given.step;
    }),
    [],
    place,
  );

  assert.deepEqual(seen, place);
});

test('a sentence is run with its values, without a runner', async () => {
  const { world, clock } = stillWorld('virtual');

  await runSentence(world, '5 minutes pass');
  await runSentence(world, 'it is 5 minutes since the scenario started');

  assert.equal(clock.now(), 300_000_000);
});

test('a sentence that no step matches is refused', async () => {
  const { world } = stillWorld('virtual');

  await assert.rejects(runSentence(world, 'pigs fly'), /^Error: no step matches: pigs fly$/);
});

test('choosing a network comes before there is one', async () => {
  const { world, opened } = stillWorld('virtual');

  await runSentence(world, 'a simulated network with seed 42');
  assert.equal(opened(), 0);
  assert.equal(world.kind, 'simulated');
  void world.world;

  await assert.rejects(runSentence(world, 'a simulated network'), {
    message: 'this scenario already has open connections',
  });
});

test('a time since the start that is not exact is told', async () => {
  const { world } = stillWorld('virtual');
  await runSentence(world, '1 s passes');

  await runSentence(world, 'it is 1 s since the scenario started');
  await assert.rejects(
    runSentence(world, 'it is 2 s since the scenario started'),
    /it is 1 s since the scenario started, expected 2 s/,
  );
});

test('the real clock does not compare times and waits at most ten seconds', async () => {
  const { world } = stillWorld('real');

  await assert.rejects(runSentence(world, 'it is 1 s since the scenario started'), {
    message: 'the real clock cannot be compared; add @simulated',
  });
  await assert.rejects(runSentence(world, '11 s pass'), {
    message: 'real network waits at most 10 s; use @simulated',
  });
});

test('the end of a scenario ends its entities in order, commands first', async () => {
  const { world } = stillWorld('virtual');
  const ended: string[] = [];
  void world.world;
  for (const kind of ['listener', 'client', 'command'] as const) {
    world.named(kind).add({ name: kind, end: () => ended.push(kind) });
  }

  await world.end();

  assert.deepEqual(ended, ['command', 'client', 'listener']);
});
