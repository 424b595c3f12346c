import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { CommandFailure, exitCodes } from '../exit-codes';
import { paint, type Terminal } from '../print';
import {
  type StarterFile,
  type StarterOptions,
  starterFiles,
  starterIgnores,
  starterScripts,
} from '../starter-project';

/** What happened to one file. */
interface Outcome {
  readonly path: string;
  readonly verdict: 'created' | 'kept' | 'updated';
  readonly note?: string;
}

interface Manifest {
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Adds `brine init` to the program. */
export function initCommand(program: Command, summary: string, terminal: Terminal): void {
  program
    .command('init')
    .description(summary)
    .option('--typescript', 'step definitions in TypeScript, loaded through ts-node')
    .option('--legacy', 'for the package cucumber, version 6, not @cucumber/cucumber')
    .addHelpText('after', '\nWrites into the package in the working folder. Overwrites nothing.')
    .action((options: { readonly typescript?: true; readonly legacy?: true }) =>
      initProject(terminal, {
        typescript: options.typescript ?? false,
        legacy: options.legacy ?? false,
      }),
    );
}

function initProject(terminal: Terminal, options: Omit<StarterOptions, 'esModules'>): void {
  const { folder } = terminal;
  const manifestText = readManifest(folder);
  const manifest = parseManifest(manifestText);
  const starter: StarterOptions = { ...options, esModules: manifest.type === 'module' };
  const outcomes = [
    ...starterFiles(starter).map((file) => writeNew(folder, file)),
    addIgnores(folder),
    addScripts(folder, manifestText, manifest),
  ];
  for (const outcome of outcomes) terminal.print(describe(outcome));
  terminal.print(nextStep(manifest, starter));
}

function readManifest(folder: string): string {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) {
    throw new CommandFailure(
      `no package.json in ${folder}: run this in the folder of a package, or make one with "npm init"`,
      exitCodes.usage,
    );
  }
  return readFileSync(path, 'utf8');
}

function parseManifest(text: string): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch (error) {
    throw new CommandFailure(
      `package.json is not JSON: ${(error as Error).message}`,
      exitCodes.usage,
    );
  }
}

function writeNew(folder: string, file: StarterFile): Outcome {
  const other = file.sameAs.find((path) => existsSync(join(folder, path)));
  if (other !== undefined) return { path: other, verdict: 'kept', note: `not ${file.path}` };
  const target = join(folder, file.path);
  mkdirSync(dirname(target), { recursive: true });
  try {
    writeFileSync(target, file.content, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { path: file.path, verdict: 'kept' };
  }
  return { path: file.path, verdict: 'created' };
}

function addIgnores(folder: string): Outcome {
  const path = '.gitignore';
  const target = join(folder, path);
  const before = existsSync(target) ? readFileSync(target, 'utf8') : '';
  const present = before.split(/\r?\n/).map((line) => line.trim());
  const missing = starterIgnores.filter((line) => !present.includes(line));
  if (missing.length === 0) return { path, verdict: 'kept' };
  const glue = before === '' || before.endsWith('\n') ? '' : '\n';
  writeFileSync(target, `${before}${glue}${missing.join('\n')}\n`);
  return { path, verdict: before === '' ? 'created' : 'updated', note: missing.join(', ') };
}

function addScripts(folder: string, text: string, manifest: Manifest): Outcome {
  const path = 'package.json';
  const missing = Object.keys(starterScripts).filter((name) => !(name in (manifest.scripts ?? {})));
  if (missing.length === 0) return { path, verdict: 'kept' };
  const scripts = {
    ...manifest.scripts,
    ...Object.fromEntries(missing.map((name) => [name, starterScripts[name]])),
  };
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? 2;
  const end = text.endsWith('\n') ? '\n' : '';
  writeFileSync(
    join(folder, path),
    `${JSON.stringify({ ...manifest, scripts }, undefined, indent)}${end}`,
  );
  return { path, verdict: 'updated', note: `scripts ${missing.join(', ')}` };
}

function describe({ path, verdict, note }: Outcome): string {
  const colour = verdict === 'kept' ? 'dim' : 'green';
  return `${paint(colour, verdict.padEnd(8))} ${path}${note === undefined ? '' : ` (${note})`}`;
}

/** What is left to do: packages that are not named in package.json yet, then the first run. */
function nextStep(manifest: Manifest, { legacy, typescript }: StarterOptions): string {
  const needed: readonly string[] = [
    'brine',
    legacy ? 'cucumber' : '@cucumber/cucumber',
    ...(typescript ? ['ts-node', 'typescript'] : []),
  ];
  const known = { ...manifest.dependencies, ...manifest.devDependencies };
  const missing = needed.filter((name) => !(name in known));
  const pinned = missing.map((name) => pinnedVersions[name] ?? name);
  const install = missing.length === 0 ? '' : `npm install --save-dev ${pinned.join(' ')} && `;
  return `\nNext: ${install}npm run features`;
}

/** Packages whose newest version is not the one that works here. */
const pinnedVersions: Readonly<Record<string, string>> = {
  cucumber: 'cucumber@6',
  typescript: 'typescript@6',
};
