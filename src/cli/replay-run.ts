import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TcpError } from '../base/errors';
import { isToken, readStoredCase, readToken, type StoredCase } from '../property/stored-case';
import { CommandFailure, exitCodes } from './exit-codes';
import { runFuzz } from './fuzz-run';
import { endpointTarget, moduleTarget } from './fuzz-target';
import type { Terminal } from './print';

/**
 * Runs one stored case again.
 *
 * @throws CommandFailure - with 3 when it still fails, with 2 when it cannot be run
 */
export async function replayCase(
  terminal: Terminal,
  text: string,
  options: { readonly module?: string; readonly echo?: true; readonly allowRemote?: true },
): Promise<void> {
  const stored = readCase(terminal, text);
  const { module = stored.target, echo, allowRemote } = options;
  const isFile = existsSync(resolve(terminal.folder, module));
  const isAddress = !isFile && /:\d+$/.test(module);
  if (!isFile && !isAddress) {
    const hint = 'name it with --module';
    throw new CommandFailure(
      `the case was found in "${module}", which is no file here; ${hint}`,
      exitCodes.usage,
    );
  }
  const target = isFile
    ? moduleTarget(terminal.folder, module)
    : endpointTarget(module, { echo: echo === true }, allowRemote === true);
  const replay = isToken(text) ? text : resolve(terminal.folder, text);
  const world = stored.world;
  // Whether it still fails is asked; how often it does was told when it was found.
  const stability = world === 'real' ? { simulated: 0, real: 3 } : { simulated: 10, real: 0 };
  await runFuzz(terminal, target, [stored.property], { replay, world, stability, database: false });
}

function readCase(terminal: Terminal, text: string): StoredCase {
  const path = resolve(terminal.folder, text);
  if (!isToken(text) && !existsSync(path)) {
    throw new CommandFailure(`there is no case "${text}"`, exitCodes.usage);
  }
  try {
    return isToken(text) ? readToken(text) : readStoredCase(readFileSync(path, 'utf8'), text);
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw new CommandFailure(error.message, exitCodes.usage);
  }
}
