/**
 * The files that `brine init` writes, as data.
 *
 * Which files they are depends on the runner (`@cucumber/cucumber`, or `cucumber` 6), on the
 * language, and on whether the package is made of ES modules.
 */

/** What a starter project is made for. */
export interface StarterOptions {
  /** The runner is `cucumber` 6, not `@cucumber/cucumber`. */
  readonly legacy: boolean;
  /** Step definitions are written in TypeScript and loaded through ts-node. */
  readonly typescript: boolean;
  /** package.json says `"type": "module"`. */
  readonly esModules: boolean;
}

/** A file of a starter project. */
export interface StarterFile {
  /** Below the folder of the package, with `/`. */
  readonly path: string;
  readonly content: string;
  /** Other files that do the same work: when one is there, this file is not written. */
  readonly sameAs: readonly string[];
}

/** Scripts that run the features, for package.json. */
export const starterScripts: Readonly<Record<string, string>> = {
  features: 'cucumber-js',
  'features:simulated': 'cucumber-js --profile simulated',
};

/** Lines for .gitignore: what a run writes. Cases found by a run, in .brine/failures, are kept. */
export const starterIgnores: readonly string[] = ['.brine/out/'];

/** The files of a starter project, in the order in which they are written. */
export function starterFiles(options: StarterOptions): readonly StarterFile[] {
  return [
    options.legacy ? legacyConfiguration(options) : configuration(options),
    { path: 'features/first.feature', content: firstFeature, sameAs: [] },
    stepDefinitions(options),
    ...(options.typescript ? [compilerSettings] : []),
  ];
}

/** Without settings of the package, ts-node takes some that TypeScript 6 refuses. */
const compilerSettings: StarterFile = {
  path: 'tsconfig.json',
  content: `{
  "compilerOptions": {
    "rootDir": ".",
    "target": "ES2022",
    "module": "Node16",
    "moduleResolution": "Node16",
    "strict": true,
    "skipLibCheck": true
  }
}
`,
  sameAs: [],
};

const firstFeature = `Feature: A first conversation

  An echo server sends back what it receives. Run this file with "npm run features", and the same
  file without a real network with "npm run features:simulated".

  Scenario: a client hears its own words
    Given a listener "echo" that echoes
    When client "alice" connects to the listener "echo"
    And client "alice" sends "hello\\r\\n"
    Then client "alice" receives "hello\\r\\n"

  Scenario: a client closes and nothing is left open
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When client "alice" closes
    Then no connection is left open
`;

/** `require` of a runner loads CommonJS; a package of ES modules marks such TypeScript with .cts. */
function extensionOf({ typescript, esModules }: StarterOptions): string {
  if (!typescript) return 'js';
  return esModules ? 'cts' : 'ts';
}

function stepDefinitions(options: StarterOptions): StarterFile {
  const door = options.legacy ? 'brine/cucumber/legacy' : 'brine/cucumber';
  const esm = options.typescript || options.esModules;
  const extension = extensionOf(options);
  return {
    path: `step-definitions/brine.${extension}`,
    content: esm ? `import '${door}';\n` : `require('${door}');\n`,
    sameAs: ['js', 'cjs', 'mjs', 'ts', 'cts', 'mts']
      .filter((other) => other !== extension)
      .map((other) => `step-definitions/brine.${other}`),
  };
}

function configuration(options: StarterOptions): StarterFile {
  const steps = [`step-definitions/**/*.${extensionOf(options)}`];
  const shared = {
    paths: ['features/**/*.feature'],
    ...(options.typescript ? { requireModule: ['ts-node/register/transpile-only'] } : {}),
    ...(options.esModules && !options.typescript ? { import: steps } : { require: steps }),
  };
  const profiles = {
    default: {
      ...shared,
      tags: 'not @legacy-only',
      worldParameters: { brine: { network: 'real' } },
    },
    simulated: {
      ...shared,
      tags: 'not @real and not @legacy-only',
      worldParameters: { brine: { network: 'simulated' } },
    },
  };
  return {
    path: 'cucumber.json',
    content: `${JSON.stringify(profiles, undefined, 2)}\n`,
    sameAs: ['js', 'cjs', 'mjs', 'yaml', 'yml'].map((extension) => `cucumber.${extension}`),
  };
}

/** `cucumber` 6 reads profiles only from cucumber.js, and as command lines. */
function legacyConfiguration(options: StarterOptions): StarterFile {
  const load = options.typescript ? '--require-module ts-node/register/transpile-only ' : '';
  const steps = `${load}--require "step-definitions/**/*.${extensionOf(options)}"`;
  const profile = (tags: string, network: string) =>
    `${steps} --tags "${tags}" --world-parameters '{"brine":{"network":"${network}"}}'`;
  const real = JSON.stringify(profile('not @modern-only', 'real'));
  const simulated = JSON.stringify(profile('not @real and not @modern-only', 'simulated'));
  return {
    path: 'cucumber.js',
    content: options.esModules
      ? `export default ${real};\nexport const simulated = ${simulated};\n`
      : `module.exports = {\n  default: ${real},\n  simulated: ${simulated},\n};\n`,
    sameAs: [],
  };
}
