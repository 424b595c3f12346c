import { framerFrom } from '../framing/framer-from';
import { completeness, echo, prefix } from './properties/echo';
import { framing } from './properties/framing';
import { listenerIsolation } from './properties/isolation';
import { noLeak } from './properties/no-leak';
import { boundedTermination, readTimeoutEdge } from './properties/read-timeout';
import { robustParser } from './properties/robust-parser';
import type { SystemUnderTest } from './system-under-test';
import type { WireProperty } from './wire-property';

/** Messages that nobody has recorded, to change and send. */
const unheard: readonly Uint8Array[] = ['PING\r\n', '\x00\x05hello', '{"id":1}\n'].map((text) =>
  Buffer.from(text, 'latin1'),
);

/**
 * The properties that must hold for a target, by what it is and what it promises.
 *
 * @param recording - messages of a client to change, for P17; default a few of our own
 * @source docs/fuzzing.md#the-properties-that-are-there
 */
export function standardProperties(
  target: SystemUnderTest,
  recording: readonly Uint8Array[] = unheard,
): readonly WireProperty<unknown>[] {
  const { client, server, features } = target;
  const ofServer = server === undefined ? [] : [noLeak(target), robustParser(target, recording)];
  const ofEcho =
    server !== undefined && features.echo === true
      ? [prefix(target), completeness(target), echo(target), listenerIsolation(target)]
      : [];
  const ofClient =
    client === undefined ? [] : [boundedTermination(target), readTimeoutEdge(target)];
  const definition = features.framing;
  const ofFraming = definition === undefined ? [] : [framing(() => framerFrom(definition))];
  return [...ofEcho, ...ofClient, ...ofServer, ...ofFraming].filter(({ worlds }) =>
    worlds.some((world) => target.worlds.includes(world)),
  );
}
