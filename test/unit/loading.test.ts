/** What happens when a file of src is loaded: nothing that can be noticed. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { readFiles } from './repository-files';

/** Files that are there to do something when they are loaded. */
const doers = [
  'src/cli/main.ts',
  'src/cucumber/legacy.ts',
  'src/cucumber/modern.ts',
  'src/simulation/preload.ts',
];

const quiet = readFiles(['src'], /\.ts$/)
  .map(({ path }) => path)
  .filter((path) => !path.endsWith('.d.ts') && !doers.includes(path));

/** `tslib`, which certificates are made with, puts its own functions there; all begin alike. */
const globals = () =>
  Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith('__'));

function traces(): unknown {
  return {
    globals: globals().sort(),
    listeners: process
      .eventNames()
      .map(String)
      // Node keeps its own books with these two.
      .filter((name) => !/^(new|remove)Listener$/.test(name))
      .map((name) => [name, process.listenerCount(name)]),
    variables: { ...process.env },
    folder: process.cwd(),
    running: process.getActiveResourcesInfo().sort(),
  };
}

test('every file of src loads, and leaves no global, listener, variable or running thing', () => {
  const before = traces();

  for (const path of quiet) {
    require(resolve(path));
    assert.deepEqual(traces(), before, path);
  }
});
