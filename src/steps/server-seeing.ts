import type { TcpError } from '../base/errors';
import { shortTime } from './client-ending';
import { type FailureClass, failureWords, isOfClass } from './failure-classes';
import { stepFailure } from './failure-message';
import type { ScenarioServer } from './scenario-servers';
import type { StepWorld } from './step-world';

/** Waits for a failure of a class on a connection of a server; it counts as seen then. */
export async function seeServerFailure(
  world: StepWorld,
  server: ScenarioServer,
  wanted: FailureClass,
  limitMs: number = world.settings.timeoutMs,
): Promise<void> {
  const fits = (error: TcpError): boolean => isOfClass(wanted, error);
  const look = (): true | undefined => (server.seeFailure(fits) === undefined ? undefined : true);
  const { found } = await world.waitFor(server, look, limitMs);
  if (found) return;
  const met = server.failures.filter(({ seen }) => !seen).map(({ error }) => error);
  const saw = met.map((error) => `${failureWords(error)} (${error.code})`);
  throw stepFailure(world, {
    headline: `${server.title} did not see ${wanted.words} (waited ${shortTime(limitMs)}; ${server.facts})`,
    expected: wanted.words,
    actual: met.map(({ code }) => code),
    body: [
      saw.length > 0 ? `saw ${saw.join(', ')} instead` : 'saw no failure',
      ...met.map(({ message }) => message),
    ],
    code: 'EDEADLINE',
    ...(met[0] === undefined ? {} : { cause: met[0] }),
  });
}
