/** `brine proxy run`: a command that runs behind proxies. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { formatAddress } from '../base/address';
import type { ControlServer } from '../control/control-server';
import { CommandFailure, type ExitCode, exitCodes } from './exit-codes';
import type { Terminal } from './print';
import { type ServeOptions, serving } from './proxy-serve';
import { Signals } from './signals';

/** Serves, runs the command, and ends as it does. @throws CommandFailure */
export async function runBehindProxies(
  terminal: Terminal,
  words: readonly string[],
  options: ServeOptions,
): Promise<void> {
  const quiet: Terminal = { ...terminal, print: () => undefined };
  let code: number = exitCodes.ok;
  await serving(quiet, options, async (control) => {
    code = await runCommand(terminal, words, environmentOf(control));
  });
  if (code !== exitCodes.ok) throw new CommandFailure('', code as ExitCode);
}

function environmentOf({ url, proxies }: ControlServer): NodeJS.ProcessEnv {
  const addresses = proxies
    .list()
    .map(({ name, listen }) => [
      `BRINE_PROXY_${name.toUpperCase().replace(/\W/g, '_')}`,
      formatAddress(listen),
    ]);
  return { ...process.env, BRINE_URL: url, TOXIPROXY_URL: url, ...Object.fromEntries(addresses) };
}

/** The exit status of a command; signals of ours go to it. */
async function runCommand(
  { folder }: Terminal,
  [command = '', ...words]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const signals = new Signals();
  const child = spawn(command, words, { cwd: folder, env, stdio: 'inherit' });
  void signals.first.promise.then((signal) => child.kill(signal));
  void signals.second.promise.then(() => child.kill('SIGKILL'));
  try {
    const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  } catch (error) {
    throw new CommandFailure(`${command}: ${(error as Error).message}`, exitCodes.runtime);
  } finally {
    signals.dispose();
  }
}
