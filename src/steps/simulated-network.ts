import { freshSeed } from '../network/real/entropy';
import { parsePlan } from '../simulation/plan-reader';
import { simulatedWorld } from '../simulation/world';
import type { NetworkWishes, ScenarioNetwork } from './scenario-network';

/** A network in memory for one scenario; its time moves only while a step runs. */
export function simulatedNetwork(wishes: NetworkWishes): ScenarioNetwork {
  const { seed = freshSeed(), plan, traceBytes } = wishes;
  const world = simulatedWorld({
    seed,
    trace: { mode: 'full', maxBytes: traceBytes },
    ...(plan === undefined ? {} : { plan: parsePlan(plan) }),
  });
  return {
    world,
    simulation: world.simulation,
    run: (body) => world.drive(body),
    settle: () => world.settle(),
    pass: (ms) => world.advance(ms),
    async end() {
      const leaks = world.scope.leaks();
      await world[Symbol.asyncDispose]();
      return leaks;
    },
  };
}
