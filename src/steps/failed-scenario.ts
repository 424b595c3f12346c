import { formatDuration } from '../base/duration';
import type { FailedScenario } from '../report/failed-scenarios-html';
import type { Evidence } from './evidence';
import { linksTo } from './evidence-files';
import { StepFailure } from './step-failure';
import type { StepWorld } from './step-world';

const ofNoStep = { text: '', place: '' } as const;

/** Takes note of why a scenario failed, where no step of ours has: its evidence says so. */
export function noteFailure(world: StepWorld, headline: string): void {
  if (world.opened) world.fail(new StepFailure({ headline }), ofNoStep);
}

/**
 * A failed scenario as the index of evidence lists it.
 *
 * @param files - what it has left
 * @param parent - the folder that its own is in, as links name it
 * @param headline - why it failed, where no step of ours has
 */
export function failedScenario(
  world: StepWorld,
  files: readonly Evidence[],
  parent: string,
  headline: string,
): FailedScenario {
  const { scenario, failure, folder, opened } = world;
  const strip = files.find(({ file }) => file === 'wire.svg')?.attached;
  const virtual = world.kind === 'simulated' ? ' (virtual)' : '';
  return {
    title: world.redact(scenario.name),
    feature: `${scenario.uri}:${scenario.line}`,
    headline: world.redact(failure?.failure.headline ?? headline),
    ...(opened && {
      lasted: `${formatDuration(Math.round(world.clock.now() / 1_000))}${virtual}`,
    }),
    links: linksTo(files, `${parent}/${folder.name}/`),
    ...(typeof strip === 'string' && { strip }),
  };
}
