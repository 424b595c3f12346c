import type { StepWorld } from '../steps/step-world';
import { wireLogText } from '../steps/wire-text';

/** Prints each line of the wire log to stderr as it comes, for somebody who watches a scenario run. */
export function printLive(world: StepWorld): void {
  let printed = 0;
  world.world.trace.subscribe(() => {
    const lines = wireLogText(world, { numbers: 'always' }).trimEnd().split('\n');
    for (const line of lines.slice(printed)) process.stderr.write(`${line}\n`);
    printed = Math.max(printed, lines.length);
  });
}
