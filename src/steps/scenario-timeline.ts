import { redactEvents } from '../capture/redact-events';
import { Redaction } from '../capture/redaction';
import type { WireEvent } from '../network/wire-event';
import { buildTimeline } from '../report/timeline';
import type { TimelineCheck, TimelineFacts } from '../report/timeline-facts';
import { timelinePage } from '../report/timeline-html';
import type { TimelineLink } from '../report/timeline-model';
import { timelineStrip } from '../report/timeline-strip';
import { rulesOf } from './scenario-capture';
import type { FailedStep, StepWorld } from './step-world';

/**
 * What was on the wire of a scenario as a page to look at, with the step that failed.
 *
 * @param links - files beside the page
 */
export function scenarioTimeline(world: StepWorld, links: readonly TimelineLink[] = []): string {
  return timelinePage(eventsOf(world), { ...factsOf(world), links });
}

/** The same as one small picture. */
export function scenarioStrip(world: StepWorld): string {
  return timelineStrip(buildTimeline(eventsOf(world), factsOf(world)));
}

function factsOf(world: StepWorld): TimelineFacts {
  const { scenario, failure, kind } = world;
  return {
    title: world.redact(scenario.name),
    feature: `${scenario.uri}:${scenario.line}`,
    network: kind,
    seed: world.seed,
    ...(failure === undefined ? {} : { status: 'failed', checks: [checkOf(world, failure)] }),
  };
}

/** The events, with what is to be hidden masked. */
function eventsOf(world: StepWorld): readonly WireEvent[] {
  const redact = rulesOf(world);
  if (redact.length === 0) return world.world.trace.events;
  return redactEvents(world.world.trace.events, new Redaction(redact));
}

function checkOf(world: StepWorld, { failure, step, afterIndex }: FailedStep): TimelineCheck {
  const { headline, connection, expected, actual, hints } = failure;
  const bytes = expected instanceof Uint8Array && actual instanceof Uint8Array;
  return {
    headline: world.redact(headline),
    step: world.redact(step.text),
    where: step.place,
    hints,
    ...(connection === undefined ? {} : { connection }),
    ...(afterIndex === undefined ? {} : { afterIndex }),
    ...(bytes && rulesOf(world).length === 0 ? { expected, received: actual } : {}),
  };
}
