import { type WireLogOptions, wireLogOf } from '../capture/wire-log';
import { maskBytes } from './masks';
import type { StepWorld } from './step-world';

/** Lines of the wire log that a failure shows. */
const shown = 12;

/** The wire log of a scenario as text, with what is to be hidden masked. */
export function wireLogText(world: StepWorld, options: WireLogOptions = {}): string {
  return wireLogOf(world.world.trace.events, { ...viewOf(world), startUs: 0, ...options });
}

/** The last wire events of some connections, as lines of a failure; none without a connection. */
export function wireTail(world: StepWorld, connections: readonly string[]): readonly string[] {
  if (connections.length === 0 || !world.opened) return [];
  const options = { connections, last: shown, numbers: 'always' } as const;
  const lines = wireLogText(world, options).trimEnd().split('\n');
  return lines.every((line) => line === '')
    ? []
    : ['  wire:', ...lines.map((line) => `    ${line}`)];
}

/** Whose reports count, and what is masked in them. */
export function viewOf(world: StepWorld): Pick<WireLogOptions, 'network' | 'mask'> {
  const { redactions } = world;
  if (redactions.length === 0) return { network: world.kind };
  return { network: world.kind, mask: (stream) => maskBytes(stream, redactions) };
}
