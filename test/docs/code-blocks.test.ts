import assert from 'node:assert/strict';
import { basename, join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import ts from 'typescript';
import { allBlocks, type Block } from './markdown';
import { onItsLines, ReaderProject } from './reader-project';
import { runNode } from './run-process';
import { isStepDefinitions } from './step-definitions';

const blocks = allBlocks().filter(({ language }) => language === 'ts' || language === 'js');
const typed = blocks.filter(({ language }) => language === 'ts');
const project = new ReaderProject();
let problems = new Map<string, string[]>();

before(() => {
  for (const block of blocks) project.write(sourceOf(block), onItsLines(block.line, block.code));
  problems = compile(typed.map((block) => join(project.folder, sourceOf(block))));
});

after(() => project.remove());

for (const block of typed) {
  test(`the code at ${block.page}:${block.line} compiles`, () => {
    assert.deepEqual(problems.get(sourceOf(block)) ?? [], []);
  });
}

for (const block of blocks.filter((block) => !isStepDefinitions(block))) {
  test(`the code at ${block.page}:${block.line} runs to its end`, async () => {
    const program = sourceOf(block).replace(/\.mts$/, '.mjs');
    const run = await runNode(['--enable-source-maps', program], project.folder);

    assert.equal(run.exitCode, 0, run.output);
  });
}

/** Blocks are modules, so that they may wait at the top; a `require` makes a script. */
function sourceOf({ page, line, language, code }: Block): string {
  const name = `${page.replace(/[^\w]+/g, '-')}-${line}`;
  if (language === 'ts') return `${name}.mts`;
  return /\brequire\(|\bmodule\.exports\b/.test(code) ? `${name}.cjs` : `${name}.mjs`;
}

/** Compiles all of them at once; returns what is wrong, by file, with the lines of the pages. */
function compile(files: readonly string[]): Map<string, string[]> {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ['node'],
    typeRoots: [join(project.folder, 'node_modules', '@types')],
    strict: true,
    skipLibCheck: true,
    esModuleInterop: true,
    inlineSourceMap: true,
  });
  const { diagnostics } = program.emit();
  const found = new Map<string, string[]>();
  for (const problem of [...ts.getPreEmitDiagnostics(program), ...diagnostics]) {
    const message = ts.flattenDiagnosticMessageText(problem.messageText, '\n');
    const { file, start = 0 } = problem;
    const name = file === undefined ? '' : relative(project.folder, file.fileName);
    const line = file === undefined ? 0 : ts.getLineAndCharacterOfPosition(file, start).line + 1;
    found.set(basename(name), [...(found.get(basename(name)) ?? []), `line ${line}: ${message}`]);
  }
  return found;
}
