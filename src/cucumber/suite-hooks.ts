/** Mocks of the whole suite: given to each scenario, stopped behind the last one. */
import { SuiteMocks } from '../steps/suite-mocks';
import { hookTimeoutMs, scenarioOf } from './hooks';
import type { Runner, RunnerWorld } from './runner';

/** Defines the hooks of suite mocks; they come behind those that make the scenario. */
export function defineSuiteHooks(runner: Runner): void {
  const suite = new SuiteMocks();
  const options = { timeout: hookTimeoutMs };
  runner.Before(options, function (this: unknown) {
    const { world } = scenarioOf(this as RunnerWorld);
    const { mocks, network } = world.settings;
    return mocks.length > 0 && network === 'real' ? suite.join(world) : undefined;
  });
  runner.AfterAll(options, () => suite.stop());
}
