/** How a run of the command `brine` ends. */
export const exitCodes = {
  ok: 0,
  /** Something went wrong while the command ran. */
  runtime: 1,
  /** The words of the command, or a file it was given, are wrong. */
  usage: 2,
  /** A check ran and found something. */
  verification: 3,
  /** Ended by SIGINT, and nothing was wrong. */
  interrupted: 130,
  /** Ended by SIGTERM, and nothing was wrong. */
  terminated: 143,
} as const;

/** One of the {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a message on standard error, unless it is empty, and an exit code. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}
