import { readCount, refuseUnknownKeys } from '../../base/option-reader';
import { seededRandom } from '../../base/random';
import type { Trace } from '../trace';
import type { World } from '../world';
import { createScope } from '../world/scope';
import { createTrace, isWorldTrace, type TraceOptions } from '../world/trace';
import { RealClock } from './clock';
import { freshSeed } from './entropy';
import { RealNetwork } from './network';

/** What a real world may be given. */
export interface RealWorldOptions {
  /**
   * The log to write, or what a new one keeps. Default: one that is off, since a process that lives
   * long must not grow.
   */
  readonly trace?: Trace | TraceOptions;
  /** What `world.random` follows from. Default: a fresh one; `world.random.seed` tells it. */
  readonly seed?: number;
}

/** How long the end of a scope may take before it is given up, in ms. */
const patienceMs = 10_000;

/**
 * A world over kernel sockets, the clock of the process and fresh chance.
 *
 * It holds nothing open by itself; `await world.scope[Symbol.asyncDispose]()` ends what it opened.
 *
 * @throws TcpError `ECONFIG` - an unknown key, wrong options of a trace, or a seed that is no whole
 * number of 0 or more
 * @example
 * const world = realWorld({ trace: { mode: 'full' } });
 */
export function realWorld(options: RealWorldOptions = {}): World {
  refuseUnknownKeys('realWorld', options, ['trace', 'seed']);
  const seed = options.seed === undefined ? freshSeed() : readCount('seed', options.seed);
  const trace = traceOf(options.trace ?? { mode: 'off' });
  // The clock that measures patience registers nowhere, or the scope would wait for its own timer.
  const scope = createScope('world', {
    patience: (signal) => new RealClock(createScope('patience')).sleep(patienceMs, { signal }),
  });
  const clock = new RealClock(scope);
  if (isWorldTrace(trace)) trace.useClock(() => clock.now());
  const network = new RealNetwork(scope, trace, clock);
  return { kind: 'real', network, clock, random: seededRandom(seed), trace, scope };
}

function traceOf(trace: Trace | TraceOptions): Trace {
  return 'add' in trace ? trace : createTrace(trace);
}
