import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the peers are asked to do. */
export type Ask =
  | { readonly do: 'listen' }
  | {
      readonly do: 'begin';
      readonly connections: number;
      readonly port: number;
      readonly seed: number;
    }
  /** Everybody ends in good order; answered when the last socket is closed. */
  | { readonly do: 'finish' };

/** What one end of a connection sent and saw. */
export interface EndReport {
  readonly sent: number;
  readonly received: number;
  readonly ended: 'open' | 'fin' | 'rst';
  readonly wrongAt?: number;
}

/** One connection; the server is absent when its number never got there. */
export interface PairReport {
  readonly id: number;
  /** Local port of the client. */
  readonly port: number;
  readonly client: EndReport;
  readonly server?: EndReport;
}

export interface PeersReport {
  readonly pairs: readonly PairReport[];
}

/** The process with both ends of all connections. */
export class Peers {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async start(): Promise<Peers> {
    const child = fork(join(__dirname, 'peers.ts'), [], {
      execArgv: ['-r', join(process.cwd(), 'scripts/register-typescript.js')],
    });
    await once(child, 'message');
    return new Peers(child);
  }

  async ask<T>(ask: Ask): Promise<T> {
    this.#process.send(ask);
    const [{ answer }] = await once(this.#process, 'message');
    return answer as T;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}
