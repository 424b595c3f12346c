/** What runs in a worker thread: the preload first, then one case after the other. */
import './preload';
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';
import type { WireEvent } from '../network/wire-event';
import type { SimulatedWorld } from './simulated-world';
import { simulatedWorld } from './world';
import type { SimulationOptions } from './world-options';

/** A case, as it is sent to the thread. */
export interface CaseMessage {
  readonly module: string;
  readonly name: string;
  readonly input: unknown;
  readonly options: SimulationOptions;
}

/** What the thread answers. */
export type OutcomeMessage =
  | { readonly result: unknown; readonly events: readonly WireEvent[]; readonly hash: string }
  | { readonly failure: Failure };

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: unknown;
}

type Case = (world: SimulatedWorld, input: unknown) => unknown;

parentPort?.on('message', (message: CaseMessage) => {
  void runCase(message).then(answer);
});

function answer(outcome: OutcomeMessage): void {
  try {
    parentPort?.postMessage(outcome);
  } catch (error) {
    // A result that cannot be copied is a failure of the case.
    parentPort?.postMessage({ failure: describe(error) });
  }
}

async function runCase({ module, name, input, options }: CaseMessage): Promise<OutcomeMessage> {
  try {
    const found: unknown = (await load(module))[name];
    if (typeof found !== 'function')
      throw new Error(`${module} does not export a function ${name}`);
    const world = simulatedWorld(options);
    const result = await world.run(async (driven) => (found as Case)(driven, input));
    return { result, events: world.trace.events, hash: world.trace.hash() };
  } catch (error) {
    return { failure: describe(error) };
  }
}

/** What `require` says of a module that only `import` can load: of its kind, or for its top-level await. */
const importable: readonly string[] = ['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE'];

/** `require` where it can, so that loaders such as ts-node apply; a module for `import` otherwise. */
async function load(module: string): Promise<Record<string, unknown>> {
  try {
    return require(module) as Record<string, unknown>;
  } catch (error) {
    if (!importable.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  }
}

function describe(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: '' };
  const { name, message, stack = '' } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { name, message, stack, ...(code === undefined ? {} : { code }) };
}
