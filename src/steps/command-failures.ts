/** What is said when a command did not do what a step asked for. */
import { formatDuration } from '../base/duration';
import { stepFailure } from './failure-message';
import { namedAddresses, outputTail } from './output-text';
import type { RunningProgram } from './running-program';
import type { StartError } from './start-error';
import type { StepFailure } from './step-failure';
import type { StepWorld } from './step-world';

/** What is told of a command. */
export interface CommandFacts {
  /** `command "server"` */
  readonly title: string;
  /** What was run, values put in. */
  readonly shown: string;
  readonly program: RunningProgram;
}

/** What a step found instead. */
export interface CommandFinding {
  /** `did not print "ready"` */
  readonly what: string;
  /** How long was waited; absent when the step only looked. */
  readonly waitedMs?: number;
  /** Lines between the command line and the output: a difference. */
  readonly body?: readonly string[];
  readonly hints?: readonly string[];
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/**
 * The failure of a command: headline with the state of the program, what was run, the ends of its
 * output, and the names of addresses in it.
 *
 * @source docs/processes.md#failures
 */
export function commandFailure(
  world: StepWorld,
  command: CommandFacts,
  { what, waitedMs, body = [], hints = [], ...rest }: CommandFinding,
): StepFailure {
  const { program } = command;
  const state = `it ${stateOf(program)}`;
  const facts = waitedMs === undefined ? state : `waited ${inMs(waitedMs)}; ${state}`;
  const tails = (['stderr', 'stdout'] as const).flatMap((channel) =>
    outputTail(program.output, channel),
  );
  return stepFailure(world, {
    headline: `${command.title} ${what} (${facts})`,
    body: [`ran: ${command.shown}`, ...body, ...tails],
    hints: [...hints, ...namedAddresses(world, tails.join('\n'))],
    ...rest,
  });
}

/** The failure of a command that could not be started. */
export function couldNotStart(world: StepWorld, shown: string, error: StartError): StepFailure {
  return stepFailure(world, {
    headline: error.message,
    body: [`ran: ${shown}`],
    hints: error.hints,
    cause: error,
    ...(error.code === undefined ? {} : { code: error.code }),
  });
}

/** `is still running`, `exited with code 1 after 338 ms`, `was ended by SIGTERM after 2 s`. */
export function stateOf({ end, outputEnded }: RunningProgram): string {
  if (end === undefined) return 'is still running';
  const held = outputEnded ? '' : '; a process it started still holds its output';
  return `${endWords(end)}${held}`;
}

function endWords(end: NonNullable<RunningProgram['end']>): string {
  const after = `after ${inMs(end.afterMs)}`;
  if (end.signal !== null) return `was ended by ${end.signal} ${after}`;
  return `exited with code ${end.code} ${after}`;
}

/** Fractions of a millisecond tell nobody anything here. */
function inMs(ms: number): string {
  return formatDuration(Math.round(ms));
}
