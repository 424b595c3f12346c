import { realWorld } from '../network/real/world';
import type { World } from '../network/world';

let world: World | undefined;

/** The real world of this process, made on first need, for callers who name none. */
export function defaultWorld(): World {
  world ??= realWorld();
  return world;
}
