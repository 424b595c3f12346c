import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { printScript } from '../capture/script-printer';
import type { FramerName } from '../framing/framer-names';
import { mockFromScript } from '../mock/mock-builder';
import { printMocks } from '../mock/mock-file';
import type { MockDefinition } from '../mock/mock-model';
import { scriptOfTurns } from '../mock/script-export';
import { CommandFailure, exitCodes } from './exit-codes';
import { requireFiles } from './mock-files';
import type { Terminal } from './print';

/** Turns one form into another. @throws CommandFailure 2 - a suffix, a file or its content is wrong */
export function convertMock(
  terminal: Terminal,
  from: string,
  to: string,
  options: { readonly framing: string; readonly force?: true },
): void {
  const target = resolve(terminal.folder, to);
  if (existsSync(target) && options.force !== true) {
    throw new CommandFailure(`${to} is there already; --force overwrites it`, exitCodes.usage);
  }
  const mocks = read(terminal, from, options.framing);
  writeFileSync(target, print(to, mocks));
  terminal.print(`${from} → ${to}`);
}

function read(terminal: Terminal, from: string, framing: string): readonly MockDefinition[] {
  if (extname(from) !== '.script') {
    return requireFiles(terminal, [from]).flatMap(({ mocks }) =>
      mocks.map(({ definition }) => definition),
    );
  }
  const path = resolve(terminal.folder, from);
  if (!existsSync(path))
    throw new CommandFailure(`${from}: there is no such file`, exitCodes.usage);
  const name = basename(from, '.script').replace(/[^A-Za-z0-9_.-]/g, '-');
  const settings = { name, framing: framing as FramerName };
  return [mockFromScript(readFileSync(path, 'utf8'), settings).toDefinition()];
}

function print(to: string, mocks: readonly MockDefinition[]): string {
  switch (extname(to)) {
    case '.yaml':
    case '.yml':
      return printMocks(mocks);
    case '.json':
      return `${JSON.stringify({ version: 1, mocks }, undefined, 2)}\n`;
    case '.script': {
      const [only, ...others] = mocks;
      if (only === undefined || others.length > 0) {
        throw new CommandFailure('a script is of one mock', exitCodes.usage);
      }
      return printScript(scriptOfTurns(only.script ?? []));
    }
    default:
      throw new CommandFailure(
        `${to}: the suffix must be .yaml, .json or .script`,
        exitCodes.usage,
      );
  }
}
