import { join } from 'node:path';
import { mainEvidence } from './evidence-files';
import { bothSides } from './proxy-legs';
import { StepFailure, type StepFailureDetails } from './step-failure';
import type { StepWorld } from './step-world';
import { wireTail } from './wire-text';

/** What a step found, before the facts of the scenario join it. */
export interface FailureFacts extends Omit<StepFailureDetails, 'tail'> {
  /** The connections involved; default: `connection` alone. Their last wire events are shown. */
  readonly connections?: readonly string[];
  /** Lines to show instead of those wire events, below a heading of their own. */
  readonly wire?: readonly string[];
}

/**
 * The failure of the step that runs now, complete: headline, step, difference, hints, the last
 * wire events of the connections involved, and how to run it again.
 */
export function stepFailure(world: StepWorld, facts: FailureFacts): StepFailure {
  const {
    connections = facts.connection === undefined ? [] : [facts.connection],
    wire,
    ...details
  } = facts;
  const tail = wire?.map((line) => `  ${line}`) ?? wireTail(world, bothSides(world, connections));
  const body = facts.body ?? [];
  const evidence = evidenceOf(world);
  return new StepFailure({
    ...details,
    evidence: { ...evidence, ...facts.evidence },
    headline: world.redact(facts.headline),
    body: [`step: ${world.step.text}`, ...body].flatMap(indented).map((line) => world.redact(line)),
    hints: (facts.hints ?? []).map((hint) => world.redact(hint)),
    tail: [...tail, ...reproduction(world)].map((line) => world.redact(line)),
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

/** Seed, folder and evidence, as lines of a message: how to look at it, and how to run it again. */
export function reproduction(world: StepWorld): readonly string[] {
  const folder = world.folder.made ? `   folder kept: ${world.folder.shown}` : '';
  const paths = Object.values(evidenceOf(world));
  const evidence = paths.length === 0 ? '' : `   evidence: ${paths.join('  ')}`;
  return [`  seed ${world.seed}${folder}${evidence}`];
}

/** What is going to lie in the folder, since the scenario has failed now. */
function evidenceOf(world: StepWorld): Readonly<Record<string, string>> {
  const isLeft = world.leavesEvidence && world.opened && world.world.trace.events.length > 0;
  if (!isLeft) return {};
  const entries = Object.entries(mainEvidence);
  return Object.fromEntries(entries.map(([name, file]) => [name, join(world.folder.shown, file)]));
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`);
}
