import { quoteArgument, splitCommandLine } from './command-line';
import { fillTemplate, interpolate, type Resolve } from './interpolation';
import { hasGroups } from './process-group';
import { shellLine, windowsShellLine } from './shell-line';

/** What a command line comes to. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  /** For messages: the line with its values in it. */
  readonly shown: string;
  readonly verbatim?: boolean;
}

/**
 * Makes an invocation of a command line.
 *
 * @param shell - hands the line to the system shell as it is, its values quoted
 * @throws Error a line that cannot be split, a reference to nothing
 */
export function readInvocation(line: string, values: Resolve, shell: boolean): Invocation {
  return shell ? shellInvocation(line, values) : plainInvocation(line, values);
}

function plainInvocation(line: string, values: Resolve): Invocation {
  const [file, ...args] = splitCommandLine(line).map((word) => fillTemplate(word, values));
  return { file: file ?? '', args, shown: [file ?? '', ...args].map(quoteArgument).join(' ') };
}

function shellInvocation(line: string, values: Resolve): Invocation {
  const shown = interpolate(line, values);
  if (hasGroups) {
    const { script, values: parameters } = shellLine(line, values);
    return { file: '/bin/sh', args: ['-c', script, 'sh', ...parameters], shown };
  }
  const text = windowsShellLine(line, values);
  const file = process.env['ComSpec'] ?? 'cmd.exe';
  return { file, args: ['/d', '/s', '/c', `"${text}"`], shown, verbatim: true };
}
