import type { BytePattern } from '../base/byte-pattern';
import { matchPattern } from '../base/byte-pattern-match';
import { type ByteRegex, matchByteRegex } from '../base/byte-regex';
import { patternMissed, regexMissed } from './client-failures';
import { read } from './client-wait';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/** Waits for the first match after the cursor, consumes it, and keeps its named groups. @throws StepFailure */
export async function receiveMatch(
  world: StepWorld,
  client: ScenarioClient,
  regex: ByteRegex,
): Promise<void> {
  const { transcript } = client;
  const now = (): number => world.clock.now();
  const look = () => matchByteRegex(regex, transcript.unread, { now });
  const { found, ending } = await read(world, client, look, world.settings.timeoutMs);
  if (found === undefined) throw regexMissed(world, client, regex, ending);
  world.keepMatches(found.captures);
  const start = transcript.cursor + found.start;
  transcript.consume(start, transcript.cursor + found.end, world.step.text);
}

/** Waits until what stands at the cursor fits a pattern, consumes it, and keeps its captures. @throws StepFailure */
export async function receivePattern(
  world: StepWorld,
  client: ScenarioClient,
  pattern: BytePattern,
): Promise<void> {
  const { transcript } = client;
  const look = () => {
    const match = matchPattern(pattern, transcript.unread, { whole: false });
    return match.matched || !match.incomplete ? match : undefined;
  };
  const { found, ending } = await read(world, client, look, world.settings.timeoutMs);
  if (!found?.matched) {
    const { by, waitedMs } = ending;
    throw patternMissed(
      world,
      client,
      pattern,
      found ? { by: 'mismatch', waitedMs } : { by, waitedMs },
    );
  }
  world.keepMatches(found.captures);
  transcript.consume(transcript.cursor, transcript.cursor + found.end, world.step.text);
}
