import { suggestion } from '../base/closest-word';
import { counted, stepFailure } from './failure-message';
import type { ListenerEvent } from './listener-events';
import type { ScenarioListener } from './scenario-listener';
import type { StepWorld } from './step-world';

const eventWords: readonly ListenerEvent[] = ['connect', 'bytes', 'end', 'error', 'close'];

/** Needs a count of open connections, after settling. @throws StepFailure */
export async function expectOpen(
  world: StepWorld,
  listener: ScenarioListener,
  count: number,
): Promise<void> {
  await world.settle();
  const matches = (): true | undefined =>
    listener.connections.length === count ? true : undefined;
  const { found } = await world.waitFor(listener, matches);
  if (found) return;
  const open = listener.connections;
  throw stepFailure(world, {
    headline: `${listener.title} has ${counted(open.length, 'open connection')}, expected ${count}`,
    expected: count,
    actual: open.length,
    body: open.map(({ id, remoteHost, remotePort }) => `${id} from ${remoteHost}:${remotePort}`),
    connections: open.map(({ id }) => id),
  });
}

/** Needs the events of the last connection to be a list of words. @throws StepFailure */
export async function expectEvents(
  world: StepWorld,
  listener: ScenarioListener,
  words: string,
): Promise<void> {
  const expected = words.split(',').map((word) => readEvent(word.trim()));
  const list = expected.join(', ');
  const { found } = await world.waitFor(listener, () =>
    listener.lastEvents.join(', ') === list ? true : undefined,
  );
  if (found) {
    await world.settle();
    if (listener.lastEvents.join(', ') === list) return;
  }
  const actual = listener.lastEvents;
  const at = expected.findIndex((event, index) => actual[index] !== event);
  const first = at < 0 ? expected.length : at;
  throw stepFailure(world, {
    headline: `${listener.title} did not see the events expected`,
    expected,
    actual,
    body: [
      `expected  ${list}`,
      `actual    ${actual.join(', ') || 'no connection yet'}`,
      `first difference at event ${first + 1}: expected ${expected[first] ?? 'the end'}, got ${actual[first] ?? 'the end'}`,
    ],
  });
}

function readEvent(word: string): ListenerEvent {
  const event = eventWords.find((known) => known === word);
  if (event !== undefined) return event;
  throw new Error(
    `unknown event "${word}"${suggestion(word, eventWords)}, expected ${eventWords.join(', ')}`,
  );
}
