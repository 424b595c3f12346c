import type { World } from '../../src/network/world';
import { simulatedWorld } from '../../src/simulation/world';
import { inRealWorld } from './tcp-world';

/** Kernel sockets and the simulated network; each runs a body in a world that must be clean afterwards. */
export const networks: readonly {
  readonly network: string;
  run(body: (world: World) => Promise<void>): Promise<void>;
}[] = [
  { network: 'a real network', run: inRealWorld },
  { network: 'the simulated network', run: (body) => simulatedWorld({ seed: 7 }).run(body) },
];
