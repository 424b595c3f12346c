import { formatDuration, toMicroseconds } from '../base/duration';
import { stepFailure } from './failure-message';
import { type Step, step } from './step';

/** Sentences about time and the choice of the network. */
export const timeSteps: readonly Step[] = [
  step({
    id: 'time.simulated',
    group: 'time',
    level: 'core',
    keyword: 'Given',
    expression: 'a simulated network',
    example: 'a simulated network',
    summary: 'chooses the simulated network; must be the first step',
    failure: 'this scenario already has open connections',
    choosesNetwork: true,
    run: (world) => world.choose('simulated'),
  }),
  step({
    id: 'time.simulated.seed',
    group: 'time',
    level: 'advanced',
    keyword: 'Given',
    expression: 'a simulated network with seed {int}',
    example: 'a simulated network with seed 42',
    summary: 'the same, with the seed for plans and random data',
    failure: 'this scenario already has open connections',
    choosesNetwork: true,
    run: (world, seed) => world.choose('simulated', { seed }),
  }),
  step({
    id: 'time.simulated.plan',
    group: 'time',
    level: 'core',
    keyword: 'Given',
    expression: 'a simulated network with the plan:',
    argument: 'docString',
    example: 'a simulated network with the plan:',
    exampleArgument:
      '"""\n{ "v": 1, "links": [{ "from": "*", "to": "*", "latency": "20ms" }] }\n"""',
    summary: 'the same, with a plan as JSON',
    failure: 'JSON path of the error',
    choosesNetwork: true,
    run: (world, plan) => world.choose('simulated', { plan: plan.text }),
  }),
  step({
    id: 'time.passes',
    group: 'time',
    level: 'core',
    keyword: 'When',
    expression: '{duration} pass(es)',
    example: '5 minutes pass',
    summary: 'moves the virtual clock; the real network waits, at most 10 s unless @slow',
    failure: 'real network waits at most 10 s; use @simulated',
    limit: (_world, ms) => ms,
    async run(world, ms) {
      if (world.clock.kind === 'real' && ms > world.settings.longestWaitMs) {
        const most = formatDuration(world.settings.longestWaitMs);
        throw new Error(`real network waits at most ${most}; use @simulated`);
      }
      await world.pass(ms);
    },
  }),
  step({
    id: 'time.since-start',
    group: 'time',
    level: 'advanced',
    keyword: 'Then',
    expression: 'it is {duration} since the scenario started',
    example: 'it is 5 minutes since the scenario started',
    summary: 'the exact virtual time; simulated network only',
    failure: 'it is x; the real clock cannot be compared',
    run(world, ms) {
      if (world.clock.kind === 'real') {
        throw new Error('the real clock cannot be compared; add @simulated');
      }
      const nowUs = world.clock.now();
      if (nowUs === toMicroseconds(ms)) return;
      throw stepFailure(world, {
        headline: `it is ${formatDuration(nowUs / 1_000)} since the scenario started, expected ${formatDuration(ms)}`,
        expected: toMicroseconds(ms),
        actual: nowUs,
      });
    },
  }),
];
