import { formatDuration, toMicroseconds } from '../base/duration';
import { stepFailure } from './failure-message';
import type { Step } from './step';
import { StepFailure } from './step-failure';
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
  try {
    if (step.choosesNetwork) await body();
    else await world.run(() => guarded(world, step, values, body));
  } catch (error) {
    if (world.opened) world.fail(error instanceof StepFailure ? error : otherFailure(error));
    throw step.group === 'own' ? error : withoutFrames(error);
  }
}

/** What a step threw that knows nothing of the scenario, for the evidence. */
function otherFailure(cause: unknown): StepFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new StepFailure({ headline: message.split('\n', 1)[0] ?? '', cause });
}

/**
 * A refusal of ours without its stack: frames of Brine say nothing to the reader of a scenario.
 * What has a code of the system, and every other class of errors, keeps them.
 */
function withoutFrames(error: unknown): unknown {
  if (!(error instanceof Error) || error.constructor !== Error || 'code' in error) return error;
  error.stack = `${error.name}: ${error.message}`;
  return error;
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
