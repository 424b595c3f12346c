/** What happens before and after each scenario. */

import { type EvidenceLeft, leaveEvidence } from '../steps/evidence';
import { missingPrograms } from '../steps/needed-programs';
import { realNetwork } from '../steps/real-network';
import { endScenario } from '../steps/scenario-end';
import type { NetworkMakers } from '../steps/scenario-network';
import { readTags, type ScenarioTags } from '../steps/scenario-tags';
import { simulatedNetwork } from '../steps/simulated-network';
import { readStepOptions } from '../steps/step-settings';
import { StepWorld } from '../steps/step-world';
import { printLive } from './live-log';
import type { HookParameter, Runner, RunnerWorld } from './runner';
import { readScenario } from './scenario-text';
import { StepTrack } from './step-track';

/** Hooks may take this long: stopping a stubborn program alone takes two seconds. */
export const hookTimeoutMs = 60_000;

/** The networks of this release. */
export const networkMakers: NetworkMakers = { real: realNetwork, simulated: simulatedNetwork };

/** One scenario that runs: what its steps and hooks share. */
export interface RunningScenario {
  readonly world: StepWorld;
  readonly track: StepTrack;
  readonly tags: ScenarioTags;
}

const running = new WeakMap<object, RunningScenario>();

/**
 * The scenario of a runner's world.
 *
 * @throws Error the hooks of Brine did not run for it
 */
export function scenarioOf(runnerWorld: object): RunningScenario {
  const scenario = running.get(runnerWorld);
  if (scenario === undefined) throw new Error('the Brine hooks did not run for this scenario');
  return scenario;
}

/** Defines the hooks. They come first before a scenario and last behind it. */
export function defineHooks(runner: Runner, makers: NetworkMakers): void {
  runner.Before({ timeout: hookTimeoutMs }, function (this: unknown, scenario) {
    const [runnerWorld, parameter] = [this as RunnerWorld, scenario as HookParameter];
    begin(runnerWorld, parameter, makers);
    return lacksPrograms(runnerWorld, parameter) ? 'skipped' : undefined;
  });
  runner.After({ timeout: hookTimeoutMs }, async function (this: unknown, scenario) {
    const runnerWorld = this as RunnerWorld;
    const begun = running.get(runnerWorld);
    if (begun === undefined) return;
    running.delete(runnerWorld);
    await end(runnerWorld, begun, scenario as HookParameter);
  });
}

function begin(runnerWorld: RunnerWorld, parameter: HookParameter, makers: NetworkMakers): void {
  const scenario = readScenario(parameter);
  const settings = readStepOptions(runnerWorld.parameters?.brine);
  const tags = readTags(scenario.tags, settings);
  for (const warning of tags.warnings) process.emitWarning(warning, 'BrineWarning');
  const { CUCUMBER_WORKER_ID: worker = '0', BRINE_LIVE: live } = process.env;
  const world = new StepWorld({
    scenario,
    settings: tags.settings,
    makers,
    worker: `worker-${worker}`,
    ...(tags.asked.has('@wire-log') && live === '1' ? { opened: printLive } : {}),
  });
  if (makers[tags.settings.network] === undefined) world.choose(tags.settings.network);
  running.set(runnerWorld, { world, track: new StepTrack(scenario.steps), tags });
  Object.defineProperty(runnerWorld, 'brine', { value: world, configurable: true });
}

/** Whether programs of `@needs(…)` are missing; on a CI machine that is a failure instead. */
function lacksPrograms(runnerWorld: RunnerWorld, { pickle }: HookParameter): boolean {
  const { PATH = '', CI } = process.env;
  const tags = pickle.tags.map(({ name }) => name);
  const missing = missingPrograms(tags, PATH);
  if (missing.length === 0) return false;
  const sentence = `this scenario needs ${missing.join(', ')}, not found on the PATH`;
  if (CI !== undefined && CI !== '' && CI !== 'false') {
    throw new Error(`${sentence}; where CI is set, that is a failure`);
  }
  runnerWorld.attach?.(`skipped: ${sentence}`, 'text/plain');
  return true;
}

async function end(
  runnerWorld: RunnerWorld,
  { world, tags }: RunningScenario,
  parameter: HookParameter,
): Promise<void> {
  const passed = String(parameter.result?.status ?? 'passed').toLowerCase() === 'passed';
  const sentences = await endScenario(world);
  const unasked = world.settings.strict ? sentences : [];
  const failing = passed ? [...world.problems, ...unasked] : [];
  const failed = !passed || failing.length > 0;
  if (!failed && !tags.keep) world.folder.remove();
  attach(runnerWorld, parameter, leaveEvidence(world, tags, failed));
  if (!failed && sentences.length > 0) runnerWorld.attach?.(sentences.join('\n'), 'text/plain');
  if (failing.length > 0) throw new Error(`${world.scenario.name}: ${failing.join('\n  ')}`);
}

/** Attaches evidence; `cucumber` 6 knows no names of files, so there it takes what is text. */
function attach(
  runnerWorld: RunnerWorld,
  { gherkinDocument }: HookParameter,
  { files, problems }: EvidenceLeft,
): void {
  for (const { file, mediaType, attached } of files) {
    if (attached === undefined) continue;
    if (gherkinDocument !== undefined) {
      runnerWorld.attach?.(attached, { mediaType, fileName: file });
    } else if (mediaType === 'text/plain') runnerWorld.attach?.(attached, mediaType);
  }
  const lines = [...files.map(({ path }) => path), ...problems];
  if (lines.length > 0) runnerWorld.attach?.(['evidence:', ...lines].join('\n  '), 'text/plain');
}
