import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { manifest, PackedProject } from './packed-project';

/** Door → the packages that loading it pulls in. Node only, unless a runner is asked for. */
const doors: Readonly<Record<string, readonly string[]>> = {
  brine: [],
  'brine/tcp': [],
  'brine/network': [],
  'brine/faults': [],
  'brine/framing': [],
  'brine/capture': [],
  'brine/certs': [
    ...['cms', 'csr', 'ecc', 'pfx', 'pkcs8', 'pkcs9', 'rsa', 'schema', 'x509', 'x509-attr'].map(
      (name) => `@peculiar/asn1-${name}`,
    ),
    '@peculiar/utils',
    '@peculiar/x509',
    'asn1js',
    'pvtsutils',
    'pvutils',
    'reflect-metadata',
    'selfsigned',
    'tslib',
    'tsyringe',
  ],
  'brine/report': [],
  'brine/proxy': [],
  'brine/simulated': [],
  'brine/control': [
    '@hono/node-server',
    '@opentelemetry/api',
    'bintrees',
    'hono',
    'prom-client',
    'tdigest',
  ],
  'brine/mock': [],
  'brine/property': ['fast-check', 'pure-rand'],
  'brine/steps': [],
  'brine/cucumber/register': [],
};

/** Doors that register steps with a runner and so work only inside it. */
const runners: Readonly<Record<string, { readonly runner: string; readonly hint: RegExp }>> = {
  'brine/cucumber': {
    runner: '@cucumber/cucumber',
    hint: /brine\/cucumber needs @cucumber\/cucumber in this project \(npm install --save-dev @cucumber\/cucumber\)/,
  },
  'brine/cucumber/legacy': {
    runner: 'cucumber',
    hint: /brine\/cucumber\/legacy needs cucumber in this project \(npm install --save-dev cucumber@6\)/,
  },
};

/** Doors that are loaded for what they do to the process, before anything else. */
const preloads = ['brine/simulated/preload'];

// The one peer that a door needs to be loaded at all.
const project = new PackedProject({ beside: ['fast-check'] });
after(() => project.remove());

/** Prints the packages that were loaded, the globals that are new, and what keeps Node alive. */
project.write(
  'look.cjs',
  `const before = new Set(Object.getOwnPropertyNames(globalThis));
require(process.argv[2]);
const names = Object.keys(require.cache)
  .map((path) => /.*node_modules.((?:@[^/]+.)?[^/]+)/.exec(path)?.[1])
  .filter((name) => name !== undefined && name !== 'brine');
// It puts what it exports there as well.
const tslib = Object.values(require.cache)
  .filter(({ id }) => /node_modules.tslib./.test(id))
  .flatMap(({ exports }) => Object.keys(exports));
console.log(JSON.stringify({
  packages: [...new Set(names)].sort(),
  globals: Object.getOwnPropertyNames(globalThis).filter(
    (name) => !before.has(name) && !tslib.includes(name)),
  certs: Object.keys(require.cache).some((path) => /brine.dist.certs.(?!preset-names)/.test(path)),
  resources: process.getActiveResourcesInfo().filter((name) => !/Wrap$/.test(name) || /TCP/.test(name)),
}));
`,
);

test('every door of the package stands in one of the tables', () => {
  const published = Object.keys(manifest.exports)
    .filter((door) => !door.endsWith('.json'))
    .map((door) => door.replace(/^\./, 'brine'));

  const known = [...Object.keys(doors), ...Object.keys(runners), ...preloads];
  assert.deepEqual(published.sort(), known.sort());
});

for (const [door, packages] of Object.entries(doors)) {
  test(`loading ${door} pulls in ${packages.join(', ') || 'nothing but Node'} and starts nothing`, async () => {
    const run = await project.node('look.cjs', door);

    assert.equal(run.stderr, '');
    assert.deepEqual(JSON.parse(run.stdout), {
      packages,
      globals: [],
      // Issuing is for those who ask for it: a connection needs none of it.
      certs: door === 'brine/certs',
      resources: [],
    });
  });

  test(`${door} gives the same things to import and to require`, async () => {
    project.write(
      'both.mjs',
      `import { createRequire } from 'node:module';
const required = createRequire(import.meta.url)(process.argv[2]);
const imported = await import(process.argv[2]);
const names = Object.keys(required);
console.log(JSON.stringify({ names, same: names.filter((name) => imported[name] === required[name]) }));
`,
    );

    const run = await project.node('both.mjs', door);

    assert.equal(run.stderr, '');
    const { names, same } = JSON.parse(run.stdout);
    assert.ok(names.length > 0);
    assert.deepEqual(same, names);
  });
}

for (const [door, { runner, hint }] of Object.entries(runners)) {
  test(`${door} says what to install when ${runner} is missing`, async () => {
    const run = await project.node('-e', `require('${door}')`);

    assert.match(run.stderr, hint);
    assert.equal(run.exitCode, 1);
  });
}

for (const flag of ['-r', '--import']) {
  test(`node ${flag} ${preloads[0]} puts timers in place that work as Node's do`, async () => {
    const before = project.write('before.cjs', 'globalThis.plain = setTimeout;\n');
    const code = `console.log(setTimeout === plain);
      setTimeout((word) => console.log(word), 1, 'rang');`;

    const bare = await project.node('-r', before, '-e', code);
    const run = await project.node('-r', before, flag, preloads[0] ?? '', '-e', code);

    assert.equal(bare.stdout, 'true\nrang\n');
    assert.equal(run.stdout, 'false\nrang\n', run.stderr);
  });
}

test('the doors with side effects are those that register steps or are preloaded', () => {
  const files = Object.entries(manifest.exports)
    .filter(([door]) =>
      [...Object.keys(runners), ...preloads].includes(door.replace(/^\./, 'brine')),
    )
    .map(([, files]) => (typeof files === 'string' ? files : files.default));

  assert.deepEqual([...manifest.sideEffects].sort(), files.sort());
});

test('brine --help loads commander and none of its own commands', async () => {
  const spy = project.write(
    'spy.cjs',
    `process.on('exit', () => console.error(JSON.stringify(Object.keys(require.cache))));\n`,
  );

  const run = await project.node('-r', spy, `${project.brine}/dist/cli/main.js`, '--help');

  const loaded: string[] = JSON.parse(run.stderr);
  const packages = loaded.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  assert.deepEqual([...new Set(packages)].filter((name) => name !== undefined).sort(), [
    'brine',
    'commander',
  ]);
  assert.deepEqual(
    loaded.filter((path) => path.includes('/commands/')),
    [],
  );
  assert.equal(run.exitCode, 0);
});
