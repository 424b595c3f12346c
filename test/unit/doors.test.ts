import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/** The source file behind every door that package.json publishes. */
const doors = Object.entries<string | { readonly default: string }>(manifest.exports).flatMap(
  ([door, files]) =>
    typeof files === 'string'
      ? []
      : [{ door, file: files.default.replace(/^\.\/dist/, 'src').replace(/\.js$/, '.ts') }],
);

const options = ts.parseJsonConfigFileContent(
  ts.readConfigFile('tsconfig.json', ts.sys.readFile).config,
  ts.sys,
  '.',
).options;
const program = ts.createProgram(
  doors.map(({ file }) => resolve(file)),
  options,
);
const checker = program.getTypeChecker();

for (const { door, file } of doors) {
  test(`every export of ${door} says what the caller gets`, () => {
    assert.ok(existsSync(file), `${file} is missing`);
    const source = program.getSourceFile(resolve(file));
    const door = source && checker.getSymbolAtLocation(source);
    const exported = door === undefined ? [] : checker.getExportsOfModule(door);

    const silent = exported.filter((symbol) => !isDocumented(symbol)).map(({ name }) => name);

    assert.deepEqual(silent, []);
  });
}

function isDocumented(symbol: ts.Symbol): boolean {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return ts.displayPartsToString(target.getDocumentationComment(checker)).trim() !== '';
}
