import { wireLogOf } from '../capture/wire-log';
import type { WireEvent } from '../network/wire-event';
import type { World } from '../network/world';
import { describeStability, type Stability } from './stability';
import { type StoredCase, tokenLimit, tokenOf } from './stored-case';

/** The smallest case found for which a property does not hold. */
export interface Counterexample<Case = unknown> {
  readonly property: { readonly id: string; readonly title: string; readonly statement: string };
  readonly target: string;
  readonly world: World['kind'];
  readonly example: Case;
  /** What it failed of. */
  readonly error: Error;
  /** A feature with one scenario that fails alike; `undefined` when no scenario says the same. */
  readonly scenario: string | undefined;
  /** `true`: the scenario was run and failed. `false`: it did not fail, which is a fault of Brine. */
  readonly verified: boolean | undefined;
  readonly events: readonly WireEvent[];
  readonly stability: Stability;
  readonly runs: number;
  readonly shrinks: number;
  readonly ms: number;
  readonly seed: number;
  readonly stored: StoredCase;
  /** Where it was stored; `undefined` without a database. */
  readonly file: string | undefined;
}

/** Events shown of what was on the wire. */
const shownEvents = 10;

/**
 * A counterexample for people: the verdict, the statement, the scenario, the wire, how stable it
 * is, and how to run it again.
 */
export function describeCounterexample(found: Counterexample): string {
  const { property, target, error, stability, runs, shrinks, ms, seed, stored, file } = found;
  return [
    `${property.id} ${property.title} does not hold for ${target}: ${error.message}`,
    `  ${property.statement}`,
    ...comparison(error),
    '',
    ...scenario(found),
    '',
    ...wire(found.events),
    `  stability: ${describeStability(stability)}`,
    `  found after ${runs} runs, ${shrinks} shrinks, ${Math.round(ms)} ms; seed ${seed}`,
    ...replay(stored, file),
  ].join('\n');
}

function comparison(error: Error): readonly string[] {
  const { expected, actual } = error as { expected?: unknown; actual?: unknown };
  if (typeof expected !== 'string' || typeof actual !== 'string') return [];
  return [`  expected ${expected}`, `  got      ${actual}`];
}

function scenario({ scenario: text, verified, stored }: Counterexample): readonly string[] {
  if (text === undefined || verified === false) {
    const head = text === undefined ? 'the case' : 'scenario not verified; the case';
    return [`  ${head}: ${JSON.stringify(stored.case)}`];
  }
  // The line with the feature's name says nothing that the scenario's does not.
  const lines = text.trimEnd().split('\n').slice(2);
  return lines;
}

function wire(events: readonly WireEvent[]): readonly string[] {
  const lines = wireLogOf(events).trimEnd().split('\n');
  if (events.length === 0) return [];
  return ['  wire:', ...lines.slice(-shownEvents).map((line) => `    ${line}`)];
}

function replay(stored: StoredCase, file: string | undefined): readonly string[] {
  const token = tokenOf(stored);
  const lines = file === undefined ? [] : [`brine replay ${file}`];
  if (token.length <= tokenLimit) lines.push(token);
  return lines.map((line, index) => `  ${index === 0 ? 'replay:' : '    or:'} ${line}`);
}

/** Thrown by `assertProperty`: a property does not hold. Its message is the whole report. */
export class CounterexampleError extends Error {
  override readonly name: string = 'CounterexampleError';
  readonly code: string = 'EPROPERTY';
  readonly counterexample: Counterexample;

  constructor(counterexample: Counterexample) {
    super(describeCounterexample(counterexample), { cause: counterexample.error });
    this.counterexample = counterexample;
  }
}
