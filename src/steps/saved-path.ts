import { resolve } from 'node:path';
import { referencedValue } from './command-values';
import { interpolate } from './interpolation';
import type { StepWorld } from './step-world';

/** Where a step writes a file: absolute, from the working folder, with its references filled in. */
export function savedPath(world: StepWorld, name: string): string {
  return resolve(interpolate(name, (reference) => referencedValue(world, reference)));
}
