/** The one place that writes to the terminal. Library files print nothing. */

const ansiCodes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** A way of making a word stand out. */
export type Style = keyof typeof ansiCodes;

/** Writes lines to standard output, as they are. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes lines to standard error, as they are. */
export function printProblem(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Whether a stream shows colour: a terminal only, and only when the environment does not say no.
 *
 * Node reads `NO_COLOR`, `NODE_DISABLE_COLORS`, `FORCE_COLOR` and `TERM=dumb` for us.
 *
 * @source https://nodejs.org/api/tty.html
 */
export function showsColour(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && stream.hasColors();
}

/** Text in a style, or plain where the stream shows no colour. */
export function paint(
  style: Style,
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  if (!showsColour(stream)) return text;
  const [on, off] = ansiCodes[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** A number with its noun: `1 feature`, `3 features`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Where a command runs and what it prints to. */
export interface Terminal {
  /** The working folder. */
  readonly folder: string;
  /** Prints lines to standard output. */
  print(text: string): void;
  /** Prints lines to standard error. */
  printProblem(text: string): void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  endWithTheReader();
  return { folder: process.cwd(), print, printProblem };
}

/** Ends quietly when the reader of our output has gone, as in `brine steps | head`. */
function endWithTheReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
