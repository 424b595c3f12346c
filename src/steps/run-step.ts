import { formatDuration, toMicroseconds } from '../base/duration';
import { stepFailure } from './failure-message';
import type { Step } from './step';
import type { StepPlace, StepWorld } from './step-world';

/** A step that has not ended this long after its own limit is given up. */
const graceMs = 5_000;

/**
 * Runs one step on the network of its scenario.
 *
 * On a real clock it is given up five seconds after its own limit, so that our message is read and
 * not one that knows nothing. A virtual clock needs no guard: its world has budgets.
 *
 * @param values - of the placeholders, then the argument
 */
export async function runStep(
  world: StepWorld,
  step: Step,
  values: readonly unknown[],
  place: StepPlace,
): Promise<void> {
  world.begin(place);
  const body = async (): Promise<unknown> => step.run(world, ...values);
  if (step.choosesNetwork) await body();
  else await world.run(() => guarded(world, step, values, body));
}

async function guarded(
  world: StepWorld,
  step: Step,
  values: readonly unknown[],
  body: () => Promise<unknown>,
): Promise<void> {
  if (world.clock.kind === 'virtual') {
    await body();
    return;
  }
  const limitMs = step.limit?.(world, ...values) ?? world.settings.timeoutMs;
  await new Promise<void>((resolve, reject) => {
    const giveUp = (): void => reject(gaveUp(world, limitMs));
    const timer = world.clock.after(toMicroseconds(limitMs + graceMs), giveUp, 'limit of a step', {
      hold: true,
    });
    const settle = (done: () => void): void => {
      timer.cancel();
      done();
    };
    body().then(
      () => settle(resolve),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}

function gaveUp(world: StepWorld, limitMs: number): Error {
  return stepFailure(world, {
    headline: `the step did not end within ${formatDuration(limitMs + graceMs)}, although its limit is ${formatDuration(limitMs)}`,
    code: 'EDEADLINE',
  });
}
