import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runBrine } from '../run-brine';
import { temporaryFolder, temporaryPackage } from '../temporary-folder';

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

test('brine init writes what a first run needs and says so', async (context) => {
  const folder = temporaryPackage(context);

  const run = await runBrine(['init'], folder);

  assert.equal(run.exitCode, 0, run.stderr);
  assert.deepEqual(run.stdout.split('\n').slice(0, 5), [
    'created  cucumber.json',
    'created  features/first.feature',
    'created  step-definitions/brine.js',
    'created  .gitignore (.brine/out/)',
    'updated  package.json (scripts features, features:simulated)',
  ]);
  assert.match(run.stdout, /npm install --save-dev brine @cucumber\/cucumber && npm run features/);
  assert.equal(read(folder, 'step-definitions/brine.js'), "require('brine/cucumber');\n");
  assert.equal(read(folder, '.gitignore'), '.brine/out/\n');
  const profiles = JSON.parse(read(folder, 'cucumber.json'));
  assert.deepEqual(profiles.default.require, ['step-definitions/**/*.js']);
  assert.equal(profiles.simulated.worldParameters.brine.network, 'simulated');
  assert.equal(
    JSON.parse(read(folder, 'package.json')).scripts['features:simulated'],
    'cucumber-js --profile simulated',
  );
});

test('brine init keeps every file that is there', async (context) => {
  const folder = temporaryPackage(context, {
    scripts: { features: 'mine', 'features:simulated': 'mine too' },
    devDependencies: { brine: '*', '@cucumber/cucumber': '*' },
  });
  await runBrine(['init'], folder);
  const own = 'Feature: mine\n';
  writeFileSync(join(folder, 'features/first.feature'), own);
  const manifest = read(folder, 'package.json');

  const run = await runBrine(['init'], folder);

  assert.equal(
    run.stdout,
    [
      'kept     cucumber.json',
      'kept     features/first.feature',
      'kept     step-definitions/brine.js',
      'kept     .gitignore',
      'kept     package.json',
      '',
      'Next: npm run features',
      '',
    ].join('\n'),
  );
  assert.equal(read(folder, 'features/first.feature'), own);
  assert.equal(read(folder, 'package.json'), manifest);
});

test('brine init leaves a configuration of another name in charge', async (context) => {
  const folder = temporaryPackage(context);
  writeFileSync(join(folder, 'cucumber.mjs'), 'export default {};\n');

  const run = await runBrine(['init'], folder);

  assert.match(run.stdout, /^kept {5}cucumber\.mjs \(not cucumber\.json\)$/m);
  assert.ok(!existsSync(join(folder, 'cucumber.json')));
});

test('brine init adds to .gitignore and package.json without touching the rest', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(
    join(folder, 'package.json'),
    '{\n\t"name": "tabs",\n\t"scripts": { "features": "mine" }\n}',
  );
  writeFileSync(join(folder, '.gitignore'), 'node_modules/');

  await runBrine(['init'], folder);

  assert.equal(read(folder, '.gitignore'), 'node_modules/\n.brine/out/\n');
  assert.equal(
    read(folder, 'package.json'),
    '{\n\t"name": "tabs",\n\t"scripts": {\n\t\t"features": "mine",\n\t\t"features:simulated": "cucumber-js --profile simulated"\n\t}\n}',
  );
});

test('brine init --typescript loads step definitions through ts-node', async (context) => {
  const folder = temporaryPackage(context);

  const run = await runBrine(['init', '--typescript'], folder);

  assert.equal(read(folder, 'step-definitions/brine.ts'), "import 'brine/cucumber';\n");
  assert.deepEqual(JSON.parse(read(folder, 'cucumber.json')).default.requireModule, [
    'ts-node/register/transpile-only',
  ]);
  assert.match(run.stdout, /^created {2}tsconfig\.json$/m);
  assert.match(run.stdout, /ts-node typescript@6/);
});

test('brine init --legacy writes profiles that cucumber 6 reads', async (context) => {
  const folder = temporaryPackage(context);

  const run = await runBrine(['init', '--legacy'], folder);

  assert.match(run.stdout, /npm install --save-dev brine cucumber@6 /);
  assert.equal(read(folder, 'step-definitions/brine.js'), "require('brine/cucumber/legacy');\n");
  const profiles = require(join(folder, 'cucumber.js'));
  assert.match(profiles.simulated, /--world-parameters '\{"brine":\{"network":"simulated"\}\}'/);
  assert.ok(!existsSync(join(folder, 'cucumber.json')));
});

test('brine init outside a package writes nothing and is wrong usage', async (context) => {
  const folder = temporaryFolder(context);

  const run = await runBrine(['init'], folder);

  assert.equal(run.exitCode, 2);
  assert.match(run.stderr, /^no package\.json in .+: run this in the folder of a package/);
  assert.ok(!existsSync(join(folder, 'features')));
});
