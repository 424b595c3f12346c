import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PackedProject } from './packed-project';

/**
 * Every kind of package that `brine init` writes for. The simulated network is the same code in all
 * of them, so one package per runner is enough to run on it.
 */
const kinds: readonly {
  readonly name: string;
  readonly type?: 'module';
  readonly options: string;
  readonly beside: readonly string[];
  readonly simulated?: true;
}[] = [
  { name: 'a JavaScript package', options: '', beside: ['@cucumber/cucumber'], simulated: true },
  { name: 'an ESM package', type: 'module', options: '', beside: ['@cucumber/cucumber'] },
  {
    name: 'a TypeScript package',
    options: '--typescript',
    beside: ['@cucumber/cucumber', 'ts-node', 'typescript'],
  },
  {
    name: 'a TypeScript package of ES modules',
    type: 'module',
    options: '--typescript',
    beside: ['@cucumber/cucumber', 'ts-node', 'typescript'],
  },
  { name: 'a package with cucumber 6', options: '--legacy', beside: ['cucumber'], simulated: true },
  {
    name: 'a TypeScript package with cucumber 6',
    options: '--legacy --typescript',
    beside: ['cucumber', 'ts-node', 'typescript'],
  },
  {
    name: 'an ESM package with cucumber 6',
    type: 'module',
    options: '--legacy',
    beside: ['cucumber'],
  },
];

for (const { name, type, options, beside, simulated } of kinds) {
  test(`the first feature passes in ${name}`, async (context) => {
    const project = new PackedProject({ beside, ...(type === undefined ? {} : { type }) });
    context.after(() => project.remove());

    const init = await project.run(`brine init ${options}`);
    assert.equal(init.exitCode, 0, init.stderr);
    const { scripts } = JSON.parse(readFileSync(join(project.folder, 'package.json'), 'utf8'));

    for (const script of simulated ? ['features', 'features:simulated'] : ['features']) {
      const run = await project.run(scripts[script]);

      assert.match(
        run.stdout,
        /^2 scenarios \(2 passed\)$/m,
        `${script}\n${run.stdout}${run.stderr}`,
      );
      assert.equal(run.exitCode, 0);
    }
  });
}

test('brine init refuses a package.json that is not JSON', async (context) => {
  const project = new PackedProject();
  context.after(() => project.remove());
  project.write('package.json', '{ name: }');

  const run = await project.run('brine init');

  assert.equal(run.exitCode, 2);
  assert.match(run.stderr, /^package\.json is not JSON: /);
});
