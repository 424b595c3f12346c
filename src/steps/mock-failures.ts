/** How failures about mocks read. */
import { formatDuration } from '../base/duration';
import type { VerificationError } from '../mock/verification-error';
import { shortTime } from './client-ending';
import { stepFailure } from './failure-message';
import { clients } from './scenario-clients';
import type { ScenarioMock } from './scenario-mock';
import type { StepFailure } from './step-failure';
import type { StepWorld } from './step-world';

/** A claim about a mock that does not hold, as the failure of a step. */
export function mockFailure(
  world: StepWorld,
  error: VerificationError,
  headline: string,
): StepFailure {
  const { frames, nearest, wire, dropped } = error.report;
  return stepFailure(world, {
    headline,
    body: [
      ...error.failures.slice(1),
      ...frames,
      ...(nearest === undefined ? [] : [`nearest: ${nearest}`]),
      ...(dropped === 0 ? [] : [`the journal dropped ${dropped} entries`]),
    ],
    hints: error.hints,
    wire,
    cause: error,
  });
}

/** `waited 2 s; client "alice" closed with FIN after 40 ms` */
export function waitWords(world: StepWorld, mock: ScenarioMock, waitedMs: number): string {
  const waited = `waited ${shortTime(waitedMs)}`;
  const last = mock.server.journal().findLast(({ kind }) => kind === 'end' || kind === 'reset');
  if (last === undefined) {
    return mock.accepted === 0 ? `${waited}; nobody connected` : waited;
  }
  const who =
    clients(world).all.find(
      ({ localPort }) =>
        localPort !== undefined && mock.connectionFrom(localPort) === last.connection,
    )?.title ?? `connection ${last.connection}`;
  const how = last.kind === 'end' ? 'closed with FIN' : 'reset the connection';
  return `${waited}; ${who} ${how} after ${formatDuration(Math.round(last.t / 1_000))}`;
}
