/** Sentences about the wire timeline. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { savedPath } from './saved-path';
import { scenarioTimeline } from './scenario-timeline';
import { type Step, step } from './step';

export const reportSteps: readonly Step[] = [
  step({
    id: 'assertion.timeline.saved',
    group: 'assertion',
    level: 'core',
    keyword: 'Then',
    expression: 'the timeline is saved as {string}',
    example: 'the timeline is saved as "out/run.html"',
    summary:
      'writes what was on the wire up to now as one page that needs no network; the path starts from the working folder',
    failure: 'cannot write file',
    async run(world, name) {
      await world.settle();
      const path = savedPath(world, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, scenarioTimeline(world));
    },
  }),
];
