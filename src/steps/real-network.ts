import { toMicroseconds } from '../base/duration';
import { realWorld } from '../network/real/world';
import type { World } from '../network/world';
import type { NetworkWishes, ScenarioNetwork } from './scenario-network';

/** Settling ends here even when the wire never becomes quiet. */
const longestSettleMs = 2_000;

/** Kernel sockets for one scenario. */
export function realNetwork(wishes: NetworkWishes): ScenarioNetwork {
  if (wishes.plan !== undefined) throw new Error('a plan needs the simulated network');
  const world = realWorld({
    trace: { mode: 'full', maxBytes: wishes.traceBytes },
    ...(wishes.seed === undefined ? {} : { seed: wishes.seed }),
  });
  return {
    world,
    run: (body) => body(),
    settle: () => settle(world, wishes.quietMs),
    pass: (ms) => world.clock.sleep(ms, { label: 'a step that lets time pass' }),
    async end() {
      const leaks = world.scope.leaks();
      await world.scope[Symbol.asyncDispose]();
      return leaks;
    },
  };
}

/** Waits until no wire event came for the quiet period. */
function settle(world: World, quietMs: number): Promise<void> {
  const lastUs = world.clock.now() + toMicroseconds(longestSettleMs);
  return new Promise((resolve) => {
    const quiet = world.clock.after(toMicroseconds(quietMs), () => end(), 'settling', {
      hold: true,
    });
    const unsubscribe = world.trace.subscribe(() => {
      if (world.clock.now() < lastUs) quiet.restart();
    });
    const end = (): void => {
      unsubscribe();
      resolve();
    };
  });
}
