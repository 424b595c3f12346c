import type { TcpError } from '../base/errors';

/** A failure that was met, and whether a step asked for it. */
export interface MetFailure {
  readonly error: TcpError;
  readonly atUs: number;
  readonly step: string;
  /** FIN of the peer is no failure by itself; it is one only where a step asks for it. */
  readonly ordinary: boolean;
  seen: boolean;
}

/** The failures that somebody met, in order. */
export class MetFailures {
  readonly all: MetFailure[] = [];

  meet(error: TcpError, atUs: number, step: string): void {
    this.all.push({ error, atUs, step, ordinary: error.code === 'EPEERCLOSED', seen: false });
  }

  /** The first failure that no step has seen and that fits; it counts as seen then. */
  see(fits: (error: TcpError) => boolean): MetFailure | undefined {
    const found = this.all.find(({ seen, error }) => !seen && fits(error));
    if (found !== undefined) found.seen = true;
    return found;
  }

  /** Those that no step has seen. */
  get unseen(): readonly MetFailure[] {
    return this.all.filter(({ seen }) => !seen);
  }
}
