import { formatDuration } from '../base/duration';
import type { LeakReport } from '../network/scope';
import { failureWords } from './failure-classes';
import { counted } from './failure-message';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/**
 * Ends a scenario: waits for quiet when it is strict, looks for what nobody asked for, stops and closes everything,
 * and looks for what is left.
 *
 * @returns sentences; under `@strict` they fail the scenario
 */
export async function endScenario(world: StepWorld): Promise<readonly string[]> {
  if (!world.opened) return [];
  const unasked = await world.run(async () => {
    const endUs = world.clock.now();
    // Only a strict scenario minds what is still on its way.
    if (world.settings.strict) await world.settle();
    return unaskedFailures(world, endUs);
  });
  const leaks = await world.end();
  return [...unasked, ...leakSentences(leaks), ...world.warnings];
}

/**
 * Failures of clients that no step has seen. Silence behind the last step is nobody's: it lasts as
 * long as the settling does.
 */
function unaskedFailures(world: StepWorld, endUs: number): readonly string[] {
  const clients = world.named<ScenarioClient>('client').all;
  return clients.flatMap(({ title, failures }) =>
    failures
      .filter(({ seen, ordinary }) => !seen && !ordinary)
      .filter(({ error, atUs }) => error.code !== 'EREADTIMEOUT' || atUs <= endUs)
      .map(({ error, atUs, step }) => {
        const when = formatDuration(Math.round(atUs / 1_000));
        return `${title} met ${failureWords(error)} ${when} into the scenario, during "${step}", and no step asked for it`;
      }),
  );
}

/** What was open although every entity of the scenario had been ended. */
function leakSentences(leaks: LeakReport | undefined): readonly string[] {
  if (leaks === undefined || leaks.clean) return [];
  const { connections, endpoints, timers, pendingReads, pendingWrites, unhandledErrors } = leaks;
  return [
    ...connections.map(({ id, label, state }) => `connection ${id} of ${label} is left ${state}`),
    ...endpoints.map((label) => `${label} still listens`),
    ...timers.map(({ label }) => `the timer of ${label} is left`),
    ...waiting('read', pendingReads),
    ...waiting('write', pendingWrites),
    ...unhandledErrors.map(({ message }) => `nobody handled: ${message}`),
  ];
}

function waiting(what: string, labels: readonly string[]): readonly string[] {
  return labels.length === 0
    ? []
    : [`${counted(labels.length, `pending ${what}`)} left: ${labels.join(', ')}`];
}
