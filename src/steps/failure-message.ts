import { bothSides } from './proxy-legs';
import { StepFailure, type StepFailureDetails } from './step-failure';
import type { StepWorld } from './step-world';
import { wireTail } from './wire-text';

/** What a step found, before the facts of the scenario join it. */
export interface FailureFacts extends Omit<StepFailureDetails, 'tail'> {
  /** The connections involved; default: `connection` alone. Their last wire events are shown. */
  readonly connections?: readonly string[];
}

/**
 * The failure of the step that runs now, complete: headline, step, difference, hints, the last
 * wire events of the connections involved, and how to run it again.
 */
export function stepFailure(world: StepWorld, facts: FailureFacts): StepFailure {
  const { connections = facts.connection === undefined ? [] : [facts.connection], ...details } =
    facts;
  const body = facts.body ?? [];
  return new StepFailure({
    ...details,
    headline: world.redact(facts.headline),
    body: [`step: ${world.step.text}`, ...body].flatMap(indented).map((line) => world.redact(line)),
    hints: (facts.hints ?? []).map((hint) => world.redact(hint)),
    tail: [...wireTail(world, bothSides(world, connections)), ...reproduction(world)].map((line) =>
      world.redact(line),
    ),
  });
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `no connections`, `1 connection`, `2 connections`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function reproduction(world: StepWorld): readonly string[] {
  const folder = world.folder.made ? `   folder kept: ${world.folder.shown}` : '';
  return [`  seed ${world.seed}${folder}`];
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`);
}
