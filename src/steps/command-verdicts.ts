/** Judging all that a command has printed. Waiting for some of it: `command-reading.ts`. */
import { formatDifference } from '../base/byte-difference';
import { printBytesShortened } from '../base/byte-literal-printer';
import { formatByteCount } from '../base/size';
import { commandEnd } from './command-ends';
import { commandFailure } from './command-failures';
import type { Channel } from './process-output';
import type { ScenarioCommand } from './scenario-command';
import type { StepWorld } from './step-world';

/** Waits for the exit and compares everything printed, byte by byte. @throws StepFailure */
export async function printsExactly(
  world: StepWorld,
  command: ScenarioCommand,
  bytes: Uint8Array,
  channel: Channel,
): Promise<void> {
  await commandEnd(world, command);
  const printed = wholeOutput(world, command, channel);
  if (printed.equals(bytes)) return;
  throw otherOutput(world, command, bytes, printed, channel);
}

/**
 * Waits for the exit and compares everything printed with a text: line ends may be LF or CR LF,
 * and one at the very end does not count.
 *
 * @throws StepFailure
 */
export async function printsExactlyText(
  world: StepWorld,
  command: ScenarioCommand,
  text: string,
): Promise<void> {
  await commandEnd(world, command);
  const plainText = (bytes: string): string => bytes.replaceAll('\r\n', '\n').replace(/\n$/, '');
  const whole = wholeOutput(world, command, 'output').toString('latin1');
  const expected = Buffer.from(plainText(Buffer.from(text).toString('latin1')), 'latin1');
  const printed = Buffer.from(plainText(whole), 'latin1');
  if (printed.equals(expected)) return;
  throw otherOutput(world, command, expected, printed, 'output');
}

/** Waits for the exit; nothing may have been printed. @throws StepFailure */
export async function printsNothing(
  world: StepWorld,
  command: ScenarioCommand,
  channel: Channel,
): Promise<void> {
  await commandEnd(world, command);
  const count = command.program.output.total(channel);
  if (count === 0) return;
  throw commandFailure(world, command, {
    what: `printed ${formatByteCount(count)} on ${channel}, where nothing was expected`,
    actual: command.program.output.whole(channel),
  });
}

/** Judges what has been printed by now, on either channel. @throws StepFailure */
export async function hasNotPrinted(
  world: StepWorld,
  command: ScenarioCommand,
  bytes: Uint8Array,
): Promise<void> {
  const { program } = command;
  await world.quiet(program);
  const shown = printBytesShortened(bytes, 64);
  for (const channel of ['stdout', 'stderr', 'output'] as const) {
    for (const { start, bytes: run } of program.output.runs(channel)) {
      const at = run.indexOf(bytes);
      if (at < 0) continue;
      const around = run.subarray(Math.max(0, at - 16), at + bytes.byteLength + 16);
      throw commandFailure(world, command, {
        what: `has printed ${shown}, at byte ${start + at} of ${channel}`,
        body: [`there: ${printBytesShortened(around, 256)}`],
        expected: bytes,
      });
    }
  }
  refuseGaps(world, command, 'stdout');
  refuseGaps(world, command, 'stderr');
}

function wholeOutput(world: StepWorld, command: ScenarioCommand, channel: Channel): Buffer {
  refuseGaps(world, command, channel);
  return command.program.output.whole(channel) ?? Buffer.alloc(0);
}

/** What was dropped cannot be judged, and no step may pass by that. */
function refuseGaps(world: StepWorld, command: ScenarioCommand, channel: Channel): void {
  const { output } = command.program;
  if (output.dropped(channel) === 0) return;
  const printed = formatByteCount(output.total(channel));
  const gone = formatByteCount(output.dropped(channel));
  throw commandFailure(world, command, {
    what: `printed too much to judge: of ${printed} on ${channel}, ${gone} in the middle were not kept`,
  });
}

function otherOutput(
  world: StepWorld,
  command: ScenarioCommand,
  expected: Uint8Array,
  printed: Uint8Array,
  channel: Channel,
): Error {
  const where = channel === 'output' ? '' : ` on ${channel}`;
  return commandFailure(world, command, {
    what: `printed something else than expected${where}`,
    body: formatDifference(expected, printed).split('\n'),
    hints: [],
    expected,
    actual: printed,
  });
}
