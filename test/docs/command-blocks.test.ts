import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, test } from 'node:test';
import { allBlocks } from './markdown';
import { ReaderProject } from './reader-project';
import { runNode } from './run-process';

/** Commands of a reader that change nothing outside the folder they run in. */
const allowed = /^npx brine( [\w@=:.,/-]+)*$/;
const blocks = allBlocks().filter(({ language }) => language === 'sh');
const project = new ReaderProject();

after(() => project.remove());

test('only commands of brine itself run from a page', () => {
  for (const command of ['npx brine --help', 'npx brine steps --format json']) {
    assert.match(command, allowed);
  }
  for (const command of ['npm install', 'npx brine; ls', 'npx brine init > file', 'brine --help']) {
    assert.doesNotMatch(command, allowed);
  }
});

for (const { page, line, code } of blocks) {
  test(`the commands at ${page}:${line} end with 0`, async () => {
    for (const command of commandsOf(code)) {
      assert.match(command, allowed, 'not among the commands that run here; mark the block text');

      const words = command.split(' ').slice(2);
      const run = await runNode([resolve('dist/cli/main.js'), ...words], project.folder);

      assert.equal(run.exitCode, 0, `${command}\n${run.output}`);
    }
  });
}

function commandsOf(code: string): readonly string[] {
  return code
    .split('\n')
    .map((line) => line.replace(/\s+#.*$|^#.*$/, '').trim())
    .filter((line) => line !== '');
}
