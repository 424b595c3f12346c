/** Sentences about the network as a whole, with those about its hosts and their partitions. */
import { counted, stepFailure } from './failure-message';
import { hostSteps } from './host-steps';
import { partitionSteps } from './partition-steps';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

export const networkSteps: readonly Step[] = [
  ...hostSteps,
  ...partitionSteps,
  step({
    id: 'network.settles',
    group: 'network',
    level: 'core',
    keyword: 'When',
    expression: 'the network settles',
    example: 'the network settles',
    summary: 'until nothing is on its way; the real network waits for quiet',
    failure: 'still busy after 100,000 events, and with what',
    run: (world) => world.settle(),
  }),
  step({
    id: 'network.nothing-pending',
    group: 'network',
    level: 'advanced',
    keyword: 'Then',
    expression: 'nothing is pending',
    example: 'nothing is pending',
    summary:
      'no bytes are on their way, no timer runs, no read or write waits (a connected client reads)',
    failure: 'each with its label',
    run: (world) => expectNothingPending(world),
  }),
];

async function expectNothingPending(world: StepWorld): Promise<void> {
  const { connections, timers, pendingReads, pendingWrites } = world.world.scope.leaks();
  const body = [
    ...connections.flatMap(({ id, label, unsent, inFlight, unreadInReceiveBuffer }) => {
      const bytes = [unsent, inFlight, unreadInReceiveBuffer].reduce(
        (sum, count) => sum + Math.max(0, count),
        0,
      );
      return bytes === 0 ? [] : [`${counted(bytes, 'byte')} on the way at ${id} of ${label}`];
    }),
    ...timers.map(({ label }) => `a timer runs: ${label}`),
    ...pendingReads.map((label) => `a read waits: ${label}`),
    ...pendingWrites.map((label) => `a write waits: ${label}`),
  ];
  if (body.length === 0) return;
  throw stepFailure(world, {
    headline: `${counted(body.length, 'thing')} pending`,
    body,
    expected: 0,
    actual: body.length,
  });
}
