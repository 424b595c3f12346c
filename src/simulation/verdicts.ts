/**
 * Verdicts about a run: what the simulation says about a program, not what a network says to it.
 *
 * They are classes of their own and no TcpErrors, so that no code under test catches one by
 * mistake. All carry a stable `code`.
 */
/** Nothing is scheduled any more, and the body still waits. The message names who waits for what. */
export class DeadlockError extends Error {
  override readonly name: string = 'DeadlockError';
  readonly code: string = 'DEADLOCK';
}

/** What a {@link BudgetError} ran out of. */
export type BudgetCode =
  | 'EVENTS'
  | 'VIRTUAL_TIME'
  | 'REAL_TIME'
  | 'TIME_NOT_MOVING'
  | 'MEMORY'
  | 'BUSY_LOOP';

/** A limit of the run was passed. */
export class BudgetError extends Error {
  override readonly name: string = 'BudgetError';
  readonly code: BudgetCode;

  constructor(code: BudgetCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The program keeps scheduling immediate work, so the next event never gets its turn. */
export class SimulationStalled extends Error {
  override readonly name: string = 'SimulationStalled';
  readonly code: string = 'STALLED';
}

/** Code inside a simulated world reached for the real network, a process or a thread. */
export class SimulationEscape extends Error {
  override readonly name: string = 'SimulationEscape';
  readonly code: string = 'ESCAPE';
  /** What was called, such as `net.connect 127.0.0.1:6379`. */
  readonly call: string;

  constructor(call: string) {
    super(
      `real network call inside a simulated world: ${call} (use world.network, or a driver hook: see the table of drivers)`,
    );
    this.call = call;
  }
}

/** Two runs of one plan went apart. The message shows the first event that differs. */
export class NondeterminismError extends Error {
  override readonly name: string = 'NondeterminismError';
  readonly code: string = 'NONDETERMINISM';
  /** Index of the first event that differs. */
  readonly index: number;

  constructor(index: number, message: string) {
    super(message);
    this.index = index;
  }
}

/** A connection failed and had no `error` listener: in a program outside it would have crashed. */
export class UnheardError extends Error {
  override readonly name: string = 'UnheardError';
  /** The code of the failure, such as `ECONNRESET`. */
  readonly code: string;
  /** `c1`, `s1`. */
  readonly connection: string;

  constructor(connection: string, label: string, cause: NodeJS.ErrnoException) {
    super(
      `connection ${connection} (${label}) failed and had no error listener: ${cause.message}`,
      {
        cause,
      },
    );
    this.code = cause.code ?? 'ERROR';
    this.connection = connection;
  }
}
