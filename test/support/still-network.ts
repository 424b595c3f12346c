import { seededRandom } from '../../src/base/random';
import type { Network } from '../../src/network/network';
import type { World } from '../../src/network/world';
import { createScope } from '../../src/network/world/scope';
import { createTrace } from '../../src/network/world/trace';
import type { ScenarioNetwork } from '../../src/steps/scenario-network';
import { ManualClock } from './manual-clock';

/** A network on which nothing moves, for steps that open no connection; time passes at once. */
export function stillNetwork(clock: ManualClock = new ManualClock()): ScenarioNetwork {
  const refuse = (): never => {
    throw new Error('nothing can be opened here');
  };
  const network: Network = {
    kind: 'real',
    connect: refuse,
    listen: refuse,
    lookup: refuse,
    reverseLookup: refuse,
    prepareTls: refuse,
    startTls: refuse,
  };
  const trace = createTrace({ mode: 'full' });
  trace.useClock(() => clock.now());
  const scope = createScope('scenario');
  const world: World = { kind: 'real', network, clock, random: seededRandom(7), trace, scope };
  return {
    world,
    run: (body) => body(),
    settle: async () => undefined,
    pass: async (ms) => clock.advance(ms),
    async end() {
      const leaks = scope.leaks();
      await scope[Symbol.asyncDispose]();
      return leaks;
    },
  };
}
