/** What happens before and after each scenario. */

import { type EvidenceLeft, leaveEvidence } from '../steps/evidence';
import { EvidenceIndex } from '../steps/evidence-index';
import { failedScenario, noteFailure } from '../steps/failed-scenario';
import { reproduction } from '../steps/failure-message';
import { missingPrograms } from '../steps/needed-programs';
import { realNetwork } from '../steps/real-network';
import { captureOf } from '../steps/scenario-capture';
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
import { workerPlace } from './worker-place';

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

/** What is the same for all scenarios that hooks of one runner see. */
interface Run {
  readonly makers: NetworkMakers;
  readonly place: ReturnType<typeof workerPlace>;
  /** Made with the first scenario, which knows the folder. */
  index?: EvidenceIndex;
}

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
  const run: Run = { makers, place: workerPlace(process.env) };
  runner.Before({ timeout: hookTimeoutMs }, function (this: unknown, scenario) {
    const [runnerWorld, parameter] = [this as RunnerWorld, scenario as HookParameter];
    begin(runnerWorld, parameter, run);
    return lacksPrograms(runnerWorld, parameter) ? 'skipped' : undefined;
  });
  runner.After({ timeout: hookTimeoutMs }, async function (this: unknown, scenario) {
    const runnerWorld = this as RunnerWorld;
    const begun = running.get(runnerWorld);
    if (begun === undefined) return;
    running.delete(runnerWorld);
    await end(runnerWorld, begun, scenario as HookParameter, run);
  });
  runner.AfterAll({ timeout: hookTimeoutMs }, () => run.index?.write());
}

function begin(runnerWorld: RunnerWorld, parameter: HookParameter, run: Run): void {
  const scenario = readScenario(parameter);
  const settings = readStepOptions(runnerWorld.parameters?.brine);
  const tags = readTags(scenario.tags, settings);
  for (const warning of tags.warnings) process.emitWarning(warning, 'BrineWarning');
  run.index ??= new EvidenceIndex({ ...run.place, out: settings.out });
  const world = new StepWorld({
    scenario,
    settings: tags.settings,
    makers: run.makers,
    worker: workerFolder(run),
    leavesEvidence: true,
    opened: (opened) => {
      if (tags.asked.has('@wire-log') && process.env['BRINE_LIVE'] === '1') printLive(opened);
      if (tags.asked.has('@pcap')) captureOf(opened).watch();
    },
  });
  if (run.makers[tags.settings.network] === undefined) world.choose(tags.settings.network);
  running.set(runnerWorld, { world, track: new StepTrack(scenario.steps), tags });
  Object.defineProperty(runnerWorld, 'brine', { value: world, configurable: true });
}

function workerFolder({ place }: Run): string {
  return `worker-${place.worker}`;
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
  run: Run,
): Promise<void> {
  const status = String(parameter.result?.status ?? 'passed').toLowerCase();
  const passed = status === 'passed' || status === 'skipped';
  const sentences = await endScenario(world);
  const unasked = world.settings.strict ? sentences : [];
  const failing = passed ? [...world.problems, ...unasked] : [];
  const failed = !passed || failing.length > 0;
  if (!failed && !tags.keep) world.folder.remove();
  const headline = failing[0] ?? thrownText(parameter.result);
  if (failed) noteFailure(world, headline);
  const left = leaveEvidence(world, tags, failed);
  attach(runnerWorld, parameter, left);
  if (failed && parameter.willBeRetried !== true) {
    run.index?.add(failedScenario(world, left.files, workerFolder(run), headline));
  }
  if (!failed && sentences.length > 0) runnerWorld.attach?.(sentences.join('\n'), 'text/plain');
  if (failing.length === 0) return;
  const lines = [`${world.scenario.name}: ${failing.join('\n  ')}`, ...reproduction(world)];
  throw new Error(lines.join('\n'));
}

/** The first line of what was thrown. */
function thrownText({ message, exception }: NonNullable<HookParameter['result']> = {}): string {
  const text = exception instanceof Error ? exception.message : (message ?? exception ?? '');
  const [line = ''] = String(text).split('\n', 1);
  return line.replace(/^(Uncaught )?Error(?: \[\w+\])?: /, '') || 'the scenario failed';
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
