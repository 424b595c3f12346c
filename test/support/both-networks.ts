import { realWorld } from '../../src/network/real/world';
import type { World } from '../../src/network/world';
import { planFromSeed } from '../../src/simulation/seed-plan';
import { simulatedWorld } from '../../src/simulation/world';

/** A network to hold a law on. `seed` is all that chance decides there. */
export interface Net {
  readonly name: string;
  run(seed: number, body: (world: World) => Promise<void>): Promise<void>;
}

export const simulatedNet: Net = {
  name: 'the simulated network',
  run: (seed, body) => simulatedWorld({ plan: planFromSeed(seed, 'rough') }).run(body),
};

export const realNet: Net = {
  name: 'the real network',
  run: async (_seed, body) => {
    const world = realWorld();
    try {
      await body(world);
    } finally {
      await world.scope[Symbol.asyncDispose]();
    }
  },
};
