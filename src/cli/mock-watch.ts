import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { printProblem } from '../mock/mock-file';
import type { MockServer } from '../mock/mock-server';
import type { ClockTimer } from '../network/clock';
import type { World } from '../network/world';
import type { Lifecycle } from './lifecycle';
import { readFiles } from './mock-files';
import type { Terminal } from './print';

/** Editors write a file in several steps; this many microseconds later they are done. */
const calmUs = 50_000;

/** Takes over the rules of files that change; a file that is wrong is told and changes nothing. */
export function watchMocks(
  terminal: Terminal,
  files: readonly string[],
  servers: readonly MockServer[],
  world: World,
  lifecycle: Lifecycle,
): () => void {
  const reload = (): void => {
    const reports = readFiles(terminal, files);
    const problems = reports.flatMap((report) => report.problems);
    if (problems.length > 0) {
      lifecycle.tell('reload-failed', {
        file: problems[0]?.file,
        errors: problems.map(printProblem),
      });
      for (const problem of problems) terminal.printProblem(printProblem(problem));
      return;
    }
    for (const { definition, plan, file } of reports.flatMap(({ mocks }) => mocks)) {
      const server = servers.find(({ name }) => name === definition.name);
      server?.replace(definition, { folder: plan.folder });
      lifecycle.tell('reloaded', { file, mock: definition.name });
    }
  };
  let calm: ClockTimer | undefined;
  const paths = readFiles(terminal, files).flatMap((report) => report.files);
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  const watchers = folders.map((folder) =>
    watch(folder, (_event, name) => {
      if (name === null || !paths.some((path) => basename(path) === name)) return;
      calm?.cancel();
      calm = world.clock.after(calmUs, reload, 'reload');
    }),
  );
  return () => {
    calm?.cancel();
    for (const watcher of watchers) watcher.close();
  };
}
