import { type Deferred, deferred } from '../base/deferred';
import type { CallLimit } from './call-options';
import type { CloseInfo } from './close-info';
import type { ListenerSettings } from './listener-configuration';
import type { ListenerRun, OpenConnection } from './listener-run';

/**
 * What a stop did.
 *
 * @source docs/listeners.md
 */
export interface StopReport {
  readonly mode: 'graceful' | 'immediate' | 'escalated';
  /** Open when the stop began. */
  readonly connections: number;
  /** Ended by FIN with everything flushed. */
  readonly drained: number;
  /** Ended by RST. */
  readonly reset: number;
  /** Handlers that still ran after `handlerGrace`; what they answer is ignored. */
  readonly abandonedHandlers: number;
  /** Bytes written and not flushed when connections were reset. */
  readonly unflushedBytes: number;
  /** Microseconds of the world's clock. */
  readonly durationUs: number;
}

/** The report of a stop that found nothing to do. */
export function emptyReport(mode: StopReport['mode']): StopReport {
  return {
    mode,
    connections: 0,
    drained: 0,
    reset: 0,
    abandonedHandlers: 0,
    unflushedBytes: 0,
    durationUs: 0,
  };
}

/**
 * One stop: in order, at once, or first in order and then at once.
 *
 * @source docs/listeners.md
 */
export class ListenerStop {
  readonly report: Promise<StopReport>;
  readonly #run: ListenerRun;
  readonly #settings: ListenerSettings;
  readonly #begunUs: number;
  readonly #connections: readonly OpenConnection[];
  /** Without those that are over and whose last callback still runs. */
  readonly #open: readonly OpenConnection[];
  readonly #atOnce: Deferred<void> = deferred<void>();
  #mode: StopReport['mode'];
  #unflushed = 0;
  #abandoned = 0;

  constructor(run: ListenerRun, settings: ListenerSettings, mode: 'graceful' | 'immediate') {
    this.#run = run;
    this.#settings = settings;
    this.#mode = mode;
    this.#begunUs = settings.world.clock.now();
    this.#connections = [...run.open];
    this.#open = this.#connections.filter(({ wire }) => !wire.over);
    this.report = this.#stop();
  }

  /** Goes on without patience. */
  escalate(): void {
    if (this.#mode === 'graceful') this.#mode = 'escalated';
    this.#atOnce.resolve();
  }

  /** Goes on without patience after a while, or when a signal says so. */
  limit({ timeoutUs, signal }: CallLimit): void {
    if (this.#mode !== 'graceful') return;
    const escalate = (): void => this.escalate();
    const limited = Number.isFinite(timeoutUs);
    const timer = limited
      ? this.#settings.world.clock.after(timeoutUs, escalate, 'drain', { hold: true })
      : undefined;
    if (signal?.aborted) escalate();
    else signal?.addEventListener('abort', escalate);
    void this.report.then(() => {
      timer?.cancel();
      signal?.removeEventListener('abort', escalate);
    });
  }

  async #stop(): Promise<StopReport> {
    const closed = this.#run.stopAccepting();
    const dropped = this.#run.dropHandshakes();
    if (this.#mode === 'graceful') {
      const drained = Promise.all(this.#connections.map((connection) => this.#drain(connection)));
      await Promise.race([drained, this.#atOnce.promise]);
    }
    if (this.#mode !== 'graceful') await this.#resetAll();
    const infos = await Promise.all(this.#open.map(({ wire }) => wire.closed));
    await Promise.all([closed, dropped]);
    return this.#count(infos);
  }

  /** Delivers what has come, flushes what was answered, and ends with FIN. */
  async #drain({ wire, dispatcher }: OpenConnection): Promise<void> {
    wire.intake.stop();
    await dispatcher?.quiet;
    await wire.close('stop');
    await dispatcher?.finished;
  }

  async #resetAll(): Promise<void> {
    for (const { wire } of this.#open) {
      this.#unflushed += wire.outlet.writes.unflushed;
      wire.reset('stop');
    }
    await Promise.all(this.#connections.map(({ wire }) => wire.closed));
    await this.#awaitHandlers();
  }

  async #awaitHandlers(): Promise<void> {
    const { clock, scope } = this.#settings.world;
    const { timeoutUs } = this.#settings.grace;
    const dispatchers = this.#connections.flatMap(({ dispatcher }) => dispatcher ?? []);
    const grace = deferred<void>();
    const limited = Number.isFinite(timeoutUs);
    const timer = limited
      ? clock.after(timeoutUs, grace.resolve, 'handler grace', { hold: true })
      : undefined;
    // Timers of a world that ends do not run any more.
    if (scope.signal.aborted) grace.resolve();
    const finished = Promise.all(dispatchers.map((dispatcher) => dispatcher.finished));
    await Promise.race([finished, grace.promise]);
    timer?.cancel();
    for (const dispatcher of dispatchers.filter(({ running }) => running)) {
      this.#abandoned++;
      dispatcher.abandon();
    }
  }

  #count(infos: readonly CloseInfo[]): StopReport {
    const byReset = infos.filter(({ sent, received }) => sent === 'rst' || received === 'rst');
    return {
      mode: this.#mode,
      connections: infos.length,
      drained: infos.length - byReset.length,
      reset: byReset.length,
      abandonedHandlers: this.#abandoned,
      unflushedBytes: this.#unflushed,
      durationUs: this.#settings.world.clock.now() - this.#begunUs,
    };
  }
}
