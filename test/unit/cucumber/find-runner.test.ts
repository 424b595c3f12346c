import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findRunner } from '../../../src/cucumber/find-runner';

const modern = {
  name: '@cucumber/cucumber',
  door: 'brine/cucumber',
  install: '@cucumber/cucumber',
};

/** A project folder, with a copy of the runner in it where one is wanted. */
function project(context: TestContext, withRunner: boolean): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'brine-project-')));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), '{}');
  if (withRunner) {
    const copy = join(folder, 'node_modules/@cucumber/cucumber');
    mkdirSync(copy, { recursive: true });
    writeFileSync(join(copy, 'package.json'), '{"main":"index.js"}');
    writeFileSync(join(copy, 'index.js'), 'exports.Given = () => "of the project";');
  }
  return folder;
}

test('the runner of the working folder is found', (context) => {
  const runner = findRunner(modern, project(context, true), []);

  assert.equal((runner.Given as unknown as () => string)(), 'of the project');
});

test('a missing runner is named with the way to install it', (context) => {
  assert.throws(() => findRunner(modern, project(context, false), []), {
    message:
      'brine/cucumber needs @cucumber/cucumber in this project (npm install --save-dev @cucumber/cucumber)',
  });
});

test('another copy that runs is refused with both paths', (context) => {
  const folder = project(context, true);
  const running = '/usr/lib/node_modules/@cucumber/cucumber/lib/index.js'.replaceAll('/', sepOf());

  assert.throws(
    () => findRunner(modern, folder, [running]),
    (error: Error) => {
      assert.match(error.message, /^two copies of @cucumber\/cucumber: /);
      assert.ok(error.message.includes('/usr/lib/node_modules/@cucumber/cucumber is running'));
      assert.ok(error.message.includes(join(folder, 'node_modules/@cucumber/cucumber')));
      return true;
    },
  );
});

test('the copy of the project that runs is no second copy, nor is a package of a like name', (context) => {
  const folder = project(context, true);
  const files = [
    join(folder, 'node_modules/@cucumber/cucumber/index.js'),
    join(folder, 'node_modules/cucumber/lib/index.js'),
    join(folder, 'node_modules/@cucumber/cucumber-expressions/index.js'),
  ];

  assert.doesNotThrow(() => findRunner(modern, folder, files));
});

function sepOf(): string {
  return process.platform === 'win32' ? '\\' : '/';
}
