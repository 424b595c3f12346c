import { TcpError } from '../base/errors';
import type { Attributes, Fault, Stream } from '../faults/fault';
import { stepFailure } from './failure-message';
import type { EntityReference } from './named-entities';
import { proxies, type ScenarioProxy } from './scenario-proxy';
import type { StepWorld } from './step-world';

/** Records of TLS as messages: a type, a version, a length of two bytes, and so much behind it (2^14 bytes and 2 KiB of cipher). */
export const tlsRecords: Readonly<Record<string, string | number | boolean>> = {
  kind: 'length-prefix',
  type: 'u16be',
  offset: 3,
  keep: true,
  max: 18_437,
};

/** What the words of a direction give. */
export type Direction = Stream | 'both directions';

/** Attaches or changes a fault, and says what is wrong with it in words of the step. */
export function attach<T>(
  world: StepWorld,
  { title }: ScenarioProxy,
  what: string,
  change: () => T,
): T {
  try {
    return change();
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw stepFailure(world, {
      headline: `${title} cannot have the fault "${what}": ${error.message}`,
      code: error.code,
      phase: error.phase,
      cause: error,
    });
  }
}

/**
 * Attaches a fault to each direction meant, under the name of the sentence: said again with other
 * values, that changes the one that is there.
 */
export function put(
  world: StepWorld,
  reference: EntityReference,
  direction: Direction,
  type: string,
  attributes: Attributes,
  what = '',
): void {
  const proxy = proxies(world).get(reference);
  for (const stream of streamsOf(direction)) {
    const name = `${type}_${stream}${what === '' ? '' : ` ${what}`}`;
    const fault: Fault & { readonly name: string } = { type, name, stream, attributes };
    attach(world, proxy, type, () => proxy.put(fault));
  }
}

/** Attaches faults under names of what they are for; said again, that changes those that are there. */
export function putAll(
  world: StepWorld,
  reference: EntityReference,
  faults: readonly Fault[],
  what: string,
  direction: Direction = 'downstream',
): void {
  const proxy = proxies(world).get(reference);
  for (const stream of streamsOf(direction)) {
    for (const fault of faults) {
      const name = `${fault.type}_${stream} ${what}`;
      attach(world, proxy, fault.type, () => proxy.put({ ...fault, name, stream }));
    }
  }
}

function streamsOf(direction: Direction): readonly Stream[] {
  return direction === 'both directions' ? ['upstream', 'downstream'] : [direction];
}
