import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { readBlocks } from './markdown';
import { runNode } from './run-process';

const page = 'docs/cli.md';
const main = resolve('dist/cli/main.js');

/** Blocks that show what a command prints about itself begin with this line. */
const usages = readBlocks(page, readFileSync(page, 'utf8')).flatMap(({ line, code }) => {
  const command = /^Usage: brine (\w+)/.exec(code)?.[1];
  return command === undefined ? [] : [{ command, line, code }];
});

for (const { command, line, code } of usages) {
  test(`${page}:${line} shows what brine ${command} --help prints`, async () => {
    const { output } = await runNode([main, command, '--help'], resolve('.'));

    assert.equal(code, output);
  });
}

test(`${page} has a chapter and the usage of every command`, async () => {
  const { output } = await runNode([main, '--help'], resolve('.'));
  const list = output.slice(output.indexOf('Commands:'));
  const commands = [...list.matchAll(/^ {2}(\w+) /gm)].map((match) => match[1] ?? '');
  const own = commands.filter((command) => command !== 'help');

  assert.ok(own.length > 0);
  assert.deepEqual(
    usages.map(({ command }) => command),
    own,
  );
  for (const command of own) {
    assert.match(readFileSync(page, 'utf8'), new RegExp(`^## brine ${command}$`, 'm'));
  }
});
