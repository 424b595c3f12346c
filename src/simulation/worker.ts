/** One world per worker thread, for cases that share nothing and for code that may never return. */
import { Worker } from 'node:worker_threads';
import { readDuration } from '../base/duration';
import { readObject, readText, refuseUnknownKeys } from '../base/option-reader';
import type { WireEvent } from '../network/wire-event';
import { realAfter } from './real-time';
import { BudgetError } from './verdicts';
import type { CaseMessage, OutcomeMessage } from './worker-main';
import type { SimulationOptions } from './world-options';

/** A case that runs in a thread of its own. Everything but functions of the module is copied. */
export interface IsolatedCase {
  /** Absolute path of a module. */
  readonly module: string;
  /** Name of the function that it exports; it gets the world and `input`. Default `run`. */
  readonly export?: string;
  /** Copied to the thread. */
  readonly input?: unknown;
  /** Options of the world; globals are installed unless said otherwise. */
  readonly world?: SimulationOptions;
  /** Whether the thread may serve the next case of the same module. Default false. */
  readonly reusable?: boolean;
}

/** What came of an isolated case. */
export interface IsolatedOutcome {
  /** What the function returned, copied. */
  readonly result: unknown;
  readonly events: readonly WireEvent[];
  readonly hash: string;
}

/** Real time of a case when nothing is said, as the budget of a world. */
const defaultRealTimeMs = 10_000;

/** Idle threads that may be used again, by module. */
const idle = new Map<string, Worker[]>();

/**
 * Runs one case in a worker thread, in a world whose globals were in place before anything loaded.
 *
 * @throws Error what the case failed with: its name, message, code and stack
 * @throws BudgetError `BUSY_LOOP` - the thread did not answer within twice the real-time budget
 * @throws TcpError `ECONFIG` - a wrong option
 */
export async function runIsolated(isolated: IsolatedCase): Promise<IsolatedOutcome> {
  readObject('case', isolated);
  refuseUnknownKeys('case', isolated, ['module', 'export', 'input', 'world', 'reusable']);
  const module = readText('case.module', isolated.module);
  const realTime = isolated.world?.budgets?.realTime ?? defaultRealTimeMs;
  const limitMs = 2 * readDuration('case.world.budgets.realTime', realTime);
  const worker = idle.get(module)?.pop() ?? startWorker();
  worker.ref();
  const message: CaseMessage = {
    module,
    name: isolated.export ?? 'run',
    input: isolated.input,
    options: { globals: 'installed', ...isolated.world },
  };
  const outcome = await ask(worker, message, limitMs);
  if (isolated.reusable === true) {
    worker.unref();
    idle.set(module, [...(idle.get(module) ?? []), worker]);
  } else {
    await worker.terminate();
  }
  if ('failure' in outcome)
    throw Object.assign(new Error(outcome.failure.message), outcome.failure);
  return outcome;
}

/** Ends the threads that wait to be used again. */
export async function endIdleWorkers(): Promise<void> {
  const workers = [...idle.values()].flat();
  idle.clear();
  await Promise.all(workers.map((worker) => worker.terminate()));
}

function startWorker(): Worker {
  // A thread inherits what Node was started with, so it can load what this process can load.
  return new Worker(`require(${JSON.stringify(require.resolve('./worker-main'))})`, { eval: true });
}

function ask(worker: Worker, message: CaseMessage, limitMs: number): Promise<OutcomeMessage> {
  return new Promise((resolve, reject) => {
    const callOff = realAfter(limitMs, () => {
      end(() => {
        const text = `the case did not end within ${limitMs} ms of real time: it loops without end`;
        reject(new BudgetError('BUSY_LOOP', text));
        return worker.terminate();
      });
    });
    const onMessage = (outcome: OutcomeMessage): void => end(() => resolve(outcome));
    const onError = (error: Error): void => end(() => reject(error));
    const onExit = (code: number): void =>
      end(() => reject(new Error(`the worker thread of the case ended with code ${code}`)));
    const end = (settle: () => unknown): void => {
      callOff();
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      settle();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(message);
  });
}
