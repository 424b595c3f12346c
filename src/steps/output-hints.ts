import { asBuffer } from '../base/bytes';
import type { Channel, Finder, ProcessOutput } from './process-output';

/** What a reader may want to know when output was not found; only what is true. */
export function missedOutputHints(
  output: ProcessOutput,
  expected: Uint8Array | string,
  finder: Finder<unknown>,
  channel: Channel,
): string[] {
  const hints = [
    otherChannelHint(output, finder, channel),
    earlierHint(output, finder, channel),
    typeof expected === 'string' ? undefined : caseHint(output, expected, channel),
    typeof expected === 'string' ? undefined : lineEndHint(output, expected, channel),
    gapHint(output, channel),
    heldBackHint(output),
  ];
  return hints.filter((hint) => hint !== undefined);
}

function otherChannelHint(
  output: ProcessOutput,
  finder: Finder<unknown>,
  channel: Channel,
): string | undefined {
  if (channel === 'output') return undefined;
  const other = channel === 'stdout' ? 'stderr' : 'stdout';
  return isThere(output, other, finder) ? `it is on ${other}` : undefined;
}

/** It lies before the cursor. */
function earlierHint(
  output: ProcessOutput,
  finder: Finder<unknown>,
  channel: Channel,
): string | undefined {
  if (!isThere(output, channel, finder)) return undefined;
  return 'it was printed before what an earlier step found; each step goes on behind the last one';
}

function isThere(output: ProcessOutput, channel: Channel, finder: Finder<unknown>): boolean {
  return output.runs(channel).some(({ bytes }) => finder(bytes) !== undefined);
}

function caseHint(
  output: ProcessOutput,
  expected: Uint8Array,
  channel: Channel,
): string | undefined {
  const wanted = latin(expected);
  if (contains(output, channel, wanted, (text) => text)) return undefined;
  if (!contains(output, channel, wanted.toLowerCase(), (text) => text.toLowerCase())) {
    return undefined;
  }
  return 'equal when case is ignored; matching is byte-exact, use output matching /…/i if you mean that';
}

function lineEndHint(
  output: ProcessOutput,
  expected: Uint8Array,
  channel: Channel,
): string | undefined {
  const wanted = latin(expected);
  const bare = wanted.replaceAll('\r\n', '\n');
  if (!bare.includes('\n') || contains(output, channel, wanted, (text) => text)) return undefined;
  if (!contains(output, channel, bare, (text) => text.replaceAll('\r\n', '\n'))) return undefined;
  return bare === wanted
    ? 'the same came with CR LF where LF was wanted'
    : 'the same came with LF where CR LF was wanted';
}

function gapHint(output: ProcessOutput, channel: Channel): string | undefined {
  const dropped = output.dropped(channel);
  if (dropped === 0) return undefined;
  return `${dropped} bytes in the middle of ${channel} were not kept; wait for output sooner, or have less of it`;
}

function heldBackHint(output: ProcessOutput): string | undefined {
  if (output.total('output') > 0) return undefined;
  return 'it has printed nothing so far; many programs keep output back when it goes to no terminal (python -u, stdbuf -oL)';
}

function contains(
  output: ProcessOutput,
  channel: Channel,
  wanted: string,
  change: (text: string) => string,
): boolean {
  return output.unread(channel).some(({ bytes }) => change(latin(bytes)).includes(wanted));
}

function latin(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}
