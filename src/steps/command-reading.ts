/** Waiting for what a command prints. Judging all of it: `command-verdicts.ts`. */
import { printBytesShortened } from '../base/byte-literal-printer';
import { type ByteRegex, matchByteRegex, printByteRegex } from '../base/byte-regex';
import { commandFailure } from './command-failures';
import { missedOutputHints } from './output-hints';
import { type Channel, type Finder, type Found, findBytes, findText } from './process-output';
import type { ScenarioCommand } from './scenario-command';
import type { StepWorld } from './step-world';

/** After a deadline, this long is watched for what came too late, so that the failure can say it. */
const lateWatchMs = 500;

/**
 * Waits until a channel holds bytes behind its cursor, and moves the cursor past them.
 *
 * @throws StepFailure they did not come in time, or the program and its output have ended
 */
export async function prints(
  world: StepWorld,
  command: ScenarioCommand,
  bytes: Uint8Array,
  channel: Channel = 'output',
  limitMs: number = world.settings.timeoutMs,
): Promise<void> {
  const wanted = { shown: printBytesShortened(bytes, 64), expected: bytes, channel };
  await take(world, command, findBytes(bytes), wanted, limitMs);
}

/** As {@link prints}; each line end of the text may be LF or CR LF. @throws StepFailure */
export async function printsText(
  world: StepWorld,
  command: ScenarioCommand,
  text: string,
): Promise<void> {
  const bytes = Buffer.from(text);
  const wanted = { shown: 'the text', expected: bytes, channel: 'output' } as const;
  await take(world, command, findText(text), wanted, world.settings.timeoutMs);
}

/** Waits for the first match behind the cursor, and keeps its named groups. @throws StepFailure */
export async function printsMatch(
  world: StepWorld,
  command: ScenarioCommand,
  regex: ByteRegex,
): Promise<void> {
  const finder = (bytes: Buffer) => {
    const match = matchByteRegex(regex, bytes, { now: () => world.clock.now() });
    return match === undefined ? undefined : { end: match.end, value: match };
  };
  const shown = `output matching ${printByteRegex(regex)}`;
  const wanted = { shown, expected: printByteRegex(regex), channel: 'output' } as const;
  const { value } = await take(world, command, finder, wanted, world.settings.timeoutMs);
  world.keepMatches(value.captures);
}

interface Wanted {
  readonly shown: string;
  readonly expected: Uint8Array | string;
  readonly channel: Channel;
}

async function take<T>(
  world: StepWorld,
  command: ScenarioCommand,
  finder: Finder<T>,
  wanted: Wanted,
  limitMs: number,
): Promise<Found<T>> {
  const { program } = command;
  const { output } = program;
  const look = (): Found<T> | 'over' | undefined =>
    output.take(wanted.channel, finder) ?? (program.outputEnded ? 'over' : undefined);
  const { found, waitedMs } = await world.waitFor(program, look, limitMs);
  if (typeof found === 'object') return found;
  const hints = missedOutputHints(output, wanted.expected, finder, wanted.channel);
  if (found === undefined) {
    const late = await world.waitFor(program, look, lateWatchMs);
    if (typeof late.found === 'object') {
      hints.push(`it came ${Math.round(late.waitedMs)} ms after the deadline`);
    }
  }
  const where = wanted.channel === 'output' ? '' : ` on ${wanted.channel}`;
  throw commandFailure(world, command, {
    what: `did not print ${wanted.shown}${where}`,
    waitedMs,
    hints,
    expected: wanted.expected,
    actual: output.whole(wanted.channel),
  });
}
