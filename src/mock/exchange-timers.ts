import { formatDuration, toMicroseconds } from '../base/duration';
import { TcpError } from '../base/errors';
import type { ClockTimer } from '../network/clock';
import { type Moment, runActs, type Stage } from './action-runner';
import type { MockHost } from './mock-host';
import type { Turn } from './script-turns';

/** The connection that timers belong to. */
export interface TimersOwner {
  readonly number: number;
  readonly host: MockHost;
  readonly stage: Stage & { noteTimeout(text: string): void; noteError(error: unknown): void };
  enqueue(work: () => Promise<void>): Promise<void>;
  moment(frame: Uint8Array, captures: Readonly<Record<string, never>>): Moment;
}

/** What happens on one connection because time passes. */
export class ExchangeTimers {
  readonly #owner: TimersOwner;
  #limit: ClockTimer | undefined;
  #idle: ClockTimer | undefined;

  constructor(owner: TimersOwner) {
    this.#owner = owner;
  }

  /** Ends the connection when nothing moves for as long as the limit says. */
  startIdle(): void {
    const { host, number, stage } = this.#owner;
    const { idleMs } = host.plan.limits;
    if (idleMs === undefined) return;
    const end = (): void => {
      const reason = `nothing moved for ${formatDuration(idleMs)}`;
      host.journal.add({ connection: number, kind: 'timeout', reason });
      void stage.close('end');
    };
    this.#idle = host.world.clock.after(toMicroseconds(idleMs), end, 'mock idle');
  }

  restartIdle(): void {
    this.#idle?.restart();
  }

  /** Fails the script when a turn waits for too long. */
  limitTurn(turn: Turn): void {
    if (turn.optional || turn.skip) return;
    const { host, stage } = this.#owner;
    const within = formatDuration(turn.withinMs);
    const text = `script stopped at turn ${turn.number} (${turn.words}): nothing came within ${within}`;
    const late = (): void => stage.noteTimeout(text);
    const label = `script turn ${turn.number}`;
    this.#limit = host.world.clock.after(toMicroseconds(turn.withinMs), late, label);
  }

  cancelLimit(): void {
    this.#limit?.cancel();
  }

  cancel(): void {
    this.#limit?.cancel();
    this.#idle?.cancel();
  }

  /** Starts the actions that repeat on each connection. */
  repeat(): void {
    for (const { acts, intervalMs, scope } of this.#owner.host.plan.every) {
      if (scope === 'connection') this.#repeatOne(acts, intervalMs);
    }
  }

  #repeatOne(acts: Parameters<typeof runActs>[0], intervalMs: number): void {
    const { stage } = this.#owner;
    const moment = (): Moment => this.#owner.moment(new Uint8Array(), {});
    const again = async (): Promise<void> => {
      for (;;) {
        await stage.sleep(intervalMs);
        if (stage.isOver) return;
        await this.#owner.enqueue(() => runActs(acts, stage, moment()));
      }
    };
    again().catch((error: unknown) => {
      if (!TcpError.is(error)) stage.noteError(error);
    });
  }
}
