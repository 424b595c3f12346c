import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

/** How a process ended. */
export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Our package.json, as far as it is read here. */
export interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<
    Record<string, string | { readonly types: string; readonly default: string }>
  >;
  readonly typesVersions: { readonly '*': Readonly<Record<string, readonly string[]>> };
  readonly sideEffects: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
}

export const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/**
 * A temporary package with Brine in it as npm would install it: the packed tarball, its
 * dependencies, and of the packages beside it only those that are asked for.
 */
export class PackedProject {
  readonly folder: string;
  /** Where Brine is installed. */
  readonly brine: string;
  readonly #scratch: string;

  constructor(
    options: { readonly type?: 'module' | 'commonjs'; readonly beside?: readonly string[] } = {},
  ) {
    this.#scratch = mkdtempSync(join(tmpdir(), 'brine-package-'));
    this.folder = join(this.#scratch, 'project');
    this.brine = join(this.folder, 'node_modules', 'brine');
    mkdirSync(this.brine, { recursive: true });
    check('tar', ['-xzf', packed(), '-C', this.brine, '--strip-components=1']);
    for (const name of [...Object.keys(manifest.dependencies), ...(options.beside ?? [])]) {
      this.#install(name);
    }
    this.#command('brine', join(this.brine, manifest.bin['brine'] ?? ''));
    const type = options.type === undefined ? '' : `,\n  "type": "${options.type}"`;
    this.write('package.json', `{\n  "name": "reader",\n  "version": "1.0.0"${type}\n}\n`);
  }

  /** Links an installed package and its commands, as npm does. */
  #install(name: string): void {
    const target = resolve('node_modules', name);
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
    const { bin = {} } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
    const commands = typeof bin === 'string' ? { [name]: bin } : bin;
    for (const [command, file] of Object.entries(commands)) {
      this.#command(command, join(target, String(file)));
    }
  }

  #command(name: string, target: string): void {
    const path = join(this.folder, 'node_modules', '.bin', name);
    mkdirSync(dirname(path), { recursive: true });
    if (target.startsWith(this.brine)) chmodSync(target, 0o755);
    symlinkSync(target, path);
  }

  /** Writes a file and returns its full path. */
  write(path: string, content: string): string {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Runs a command line as `npm run` would: in the package, with its commands on PATH. */
  run(line: string): Promise<Run> {
    const path = [join(this.folder, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
    return runProcess('/bin/sh', ['-c', line], this.folder, { PATH: path });
  }

  /** Runs Node in a fresh process. */
  node(...words: readonly string[]): Promise<Run> {
    return runProcess(process.execPath, words, this.folder, {});
  }

  remove(): void {
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}

async function runProcess(
  program: string,
  words: readonly string[],
  cwd: string,
  extra: NodeJS.ProcessEnv,
): Promise<Run> {
  const { NODE_TEST_CONTEXT: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const child = spawn(program, words, {
    cwd,
    env: { ...env, ...extra },
    signal: AbortSignal.timeout(60_000),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.on('error', (error) => {
    stderr += `\n${error.message}`;
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}

let tarball: string | undefined;

/** The packed tarball; made once per process, removed with it. */
export function packed(): string {
  if (tarball !== undefined) return tarball;
  const folder = mkdtempSync(join(tmpdir(), 'brine-tarball-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  check('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  tarball = join(folder, `brine-${manifest.version}.tgz`);
  return tarball;
}

/** Runs a program that must succeed; returns what it printed. */
export function check(program: string, words: readonly string[]): string {
  const run = spawnSync(program, words, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${program} ${words.join(' ')}: ${run.stderr}`);
  return run.stdout;
}
