import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What opens a file as its owner would by hand, by platform; everywhere else `xdg-open`. */
const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/**
 * Opens a page in the browser of whoever runs the command, and does not wait for it.
 *
 * @param path - absolute
 * @returns why it was not opened, in words; on a machine of CI nobody would see it
 */
export async function openPage(
  path: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const { CI: ci = '' } = environment;
  if (ci !== '' && ci !== 'false') return 'not opened: CI is set';
  const [program, ...words] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...words, path], {
    detached: true,
    stdio: 'ignore',
    env: environment,
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? `not opened: there is no ${program}` : `not opened: ${message}`;
  }
  child.on('error', () => undefined);
  child.unref();
  return undefined;
}
