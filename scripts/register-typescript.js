'use strict';

/**
 * `ts-node/register` with a memory: what was compiled once is read from a file the next time, and
 * the compiler is loaded only when something is new. A run of all tests starts some hundred
 * processes, each of which would compile the same sources again. Run as a program, it compiles all
 * that is new, so that no two of them do, and drops what is old.
 */
const { createHash } = require('node:crypto');
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { join, resolve } = require('node:path');

const top = resolve(__dirname, '..');
const folder = join(top, 'node_modules', '.cache', 'brine-typescript');

/** What changes the output, beside the source and its path. */
const settings = [
  readFileSync(join(top, 'tsconfig.json'), 'utf8'),
  readFileSync(__filename, 'utf8'),
  require('typescript/package.json').version,
  require('ts-node/package.json').version,
].join('\n');

let compiler;

function compile(source, path) {
  compiler ??= require('ts-node').create({ cwd: top, transpileOnly: true });
  return compiler.compile(source, path);
}

const used = new Set();

function compiled(path) {
  const source = readFileSync(path, 'utf8');
  const key = createHash('sha256').update(`${settings}\n${path}\n${source}`).digest('hex');
  const kept = join(folder, `${key}.js`);
  used.add(kept);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const output = compile(source, path);
    keep(kept, output);
    return output;
  }
}

/** Under another name first, so that no other process reads half of it. */
function keep(path, output) {
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, output);
    renameSync(draft, path);
  } catch {
    // Without a place to keep it, it is compiled again the next time.
  }
}

const roots = ['src', 'test', 'scripts', 'features', 'step-definitions', 'examples'];

function compileAll() {
  for (const root of roots.map((name) => join(top, name)).filter((path) => existsSync(path))) {
    for (const name of readdirSync(root, { recursive: true })) {
      if (name.endsWith('.ts') && !name.endsWith('.d.ts')) compiled(join(root, name));
    }
  }
  for (const name of readdirSync(folder)) {
    if (!used.has(join(folder, name))) rmSync(join(folder, name), { force: true });
  }
}

if (require.main === module) compileAll();

process.setSourceMapsEnabled(true);
require.extensions['.ts'] = (module, path) => {
  module._compile(compiled(path), path);
};
