/**
 * The contract between Brine and what carries its bytes.
 *
 * Everything above takes one World and reaches the outside only through it, so the same code runs
 * over kernel sockets and over a network in memory. Types and documentation only: behaviour lives
 * in `world/` (what all networks share) and `real/` (kernel sockets). Start here, then `network.ts`.
 */
import type { Random } from '../base/random';
import type { Clock } from './clock';
import type { Network } from './network';
import type { Scope } from './scope';
import type { Trace } from './trace';

/**
 * One place where things happen: a network, a clock, chance, a log and an owner of what is open.
 *
 * @source docs/network.md
 */
export interface World {
  readonly kind: 'real' | 'simulated';
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly scope: Scope;
}
