/**
 * A world in memory: a network, a clock that moves only from event to event, and a log.
 *
 * Start here, then: `driver.ts` moves time, `quiescence.ts` says when it may, `network.ts` is the
 * network and `controls.ts` what a test does to it, `plan.ts` is the data that chance becomes.
 * Nothing here opens a socket or waits in real time longer than the program needs to come to rest.
 */
import { deferred } from '../base/deferred';
import { type Duration, readDuration, toMicroseconds } from '../base/duration';
import { TcpError } from '../base/errors';
import { type Random, seededRandom } from '../base/random';
import type { Clock } from '../network/clock';
import type { Scope } from '../network/scope';
import type { Trace } from '../network/trace';
import { assertClean, LeakError } from '../network/world/leak-error';
import { createScope, currentScope } from '../network/world/scope';
import type { AuditReport } from './audit';
import { VirtualClock } from './clock';
import { currentPlace, type Place, runAt } from './context';
import { ControlledNetwork, type SimulatedNetwork } from './controls';
import { deadlock } from './deadlock-report';
import { Driver } from './driver';
import { Engine } from './engine';
import { priorities } from './event-queue';
import { netstat } from './netstat';
import type { Plan } from './plan';
import { PlanRunner } from './plan-runner';
import { soon } from './quiescence';
import type { SimulatedWorld } from './simulated-world';
import { Surroundings } from './surroundings';
import { Topology } from './topology';
import { BudgetError, type SimulationEscape } from './verdicts';
import { compareTraces, isDue } from './verify';
import {
  readSimulationOptions,
  type SimulationOptions,
  type SimulationSettings,
} from './world-options';

export type { SimulatedWorld } from './simulated-world';

/** A scope that does not end within this of virtual time never will. */
const disposalPatienceUs = 3_600_000_000;

/** Events after which a network that is to settle counts as never resting. */
const settleLimit = 100_000;

/**
 * Makes a simulated world.
 *
 * @throws TcpError `ECONFIG` - a wrong option, or a plan that is none
 * @example
 * const echoed = await simulatedWorld().run(async (world) => {
 *   const endpoint = await world.network.listen({ port: 7 }, (peer) => peer.pipe(peer));
 *   const connection = world.network.connect(endpoint.address);
 *   connection.end('hello');
 *   return (await connection.toArray()).join('');
 * });
 */
export function simulatedWorld(options: SimulationOptions = {}): SimulatedWorld {
  return new MemoryWorld(options);
}

class MemoryWorld implements SimulatedWorld {
  readonly kind = 'simulated';
  readonly network: SimulatedNetwork;
  readonly simulation: SimulatedNetwork;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly scope: Scope;
  readonly plan: Plan;
  readonly #options: SimulationOptions;
  readonly #settings: SimulationSettings;
  readonly #engine: Engine;
  readonly #core: ControlledNetwork;
  readonly #driver: Driver;
  readonly #place: Place;
  readonly #planRunner: PlanRunner | undefined;
  readonly #surroundings: Surroundings;
  readonly #endScope: () => PromiseLike<void>;
  #end: Promise<void> | undefined;

  constructor(options: SimulationOptions) {
    const settings = readSimulationOptions(options);
    this.#options = options;
    this.#settings = settings;
    const { plan, budgets, trace } = settings;
    const engine = new Engine(plan.tape?.tieBreak ?? [], budgets.memory);
    trace.useClock(() => engine.nowUs);
    engine.trace = trace;
    this.#engine = engine;
    this.trace = trace;
    this.plan = plan;
    this.random = seededRandom(settings.seed);
    this.scope = createScope('simulated world');
    this.#endScope = this.scope[Symbol.asyncDispose].bind(this.scope);
    // Whoever ends the scope ends the world: what that takes needs time to move.
    Object.defineProperty(this.scope, Symbol.asyncDispose, {
      value: () => this[Symbol.asyncDispose](),
    });
    const topology = new Topology(plan);
    this.#place = { world: engine, host: 'local' };
    this.clock = new VirtualClock(engine, this.scope, settings.epochMs, () => {
      const place = currentPlace();
      return place?.world === engine ? topology.host(place.host).skewMs : 0;
    });
    const core = new ControlledNetwork({
      engine,
      topology,
      scope: this.scope,
      tlsHome: () => ({
        clock: this.clock,
        trace,
        scope: currentScope(this.scope),
        nextTurn: soon,
      }),
      world: engine,
      cuts: plan.cuts ?? [],
    });
    this.#core = core;
    this.network = core;
    this.simulation = core;
    this.#surroundings = new Surroundings(settings.surroundings, {
      engine,
      clock: this.clock,
      random: this.random,
      place: this.#place,
    });
    this.#driver = new Driver(engine, budgets, () => this.#deadlock());
    core.onExternal = (work) => this.#driver.external(work);
    if (plan.faults !== undefined) {
      this.#planRunner = new PlanRunner(core, plan.faults);
      core.watch = this.#planRunner;
    }
  }

  async run<T>(body: (world: SimulatedWorld) => Promise<T> | T): Promise<T> {
    if (!isDue(this.#settings.verify)) return this.#runOnce(body);
    // A rehearsal with the same plan; what it throws, the run itself throws too, or they differ.
    const rehearsal = new MemoryWorld({ ...this.#options, plan: this.plan, verify: 0 });
    await rehearsal.#runOnce(body).catch(() => undefined);
    const outcome = this.#runOnce(body);
    await outcome.catch(() => undefined);
    compareTraces(rehearsal.trace.events, this.trace.events);
    return outcome;
  }

  async #runOnce<T>(body: (world: SimulatedWorld) => Promise<T> | T): Promise<T> {
    const result = await this.drive(body).catch(async (error: unknown) => {
      // The first failure is the one to tell.
      await this.#dispose().catch(() => undefined);
      throw error;
    });
    await this.#dispose();
    this.assertClean();
    return result;
  }

  drive<T>(body: (world: SimulatedWorld) => Promise<T> | T): Promise<T> {
    if (this.#end !== undefined) {
      return Promise.reject(
        new TcpError('this simulated world has ended', { code: 'ESTATE', phase: 'config' }),
      );
    }
    return this.#drive(async () => body(this));
  }

  async advance(duration: Duration): Promise<void> {
    const delayUs = toMicroseconds(readDuration('duration', duration));
    this.#refuseUnlessDriven();
    const { promise, resolve } = deferred<void>();
    // Behind everything else of that instant.
    this.#engine.schedule(delayUs, priorities.last, () => this.#engine.call(resolve), 'advance');
    await promise;
  }

  async quiesce(): Promise<void> {
    this.#refuseUnlessDriven();
    await this.#driver.until(() => true);
  }

  async settle(): Promise<void> {
    this.#refuseUnlessDriven();
    const { queue } = this.#engine;
    const limit = this.#driver.events + settleLimit;
    await this.#driver.until(() => !queue.networkBusy || this.#driver.events > limit);
    if (!queue.networkBusy) return;
    const labels = queue.list().map(({ label }) => label);
    throw new BudgetError(
      'EVENTS',
      `the network is still busy after ${settleLimit} events: ${[...new Set(labels)].slice(0, 5).join(', ')}`,
    );
  }

  assertClean(): void {
    assertClean(this.scope);
  }

  snapshot(): string {
    return netstat(this.#core);
  }

  neverFired(): readonly string[] {
    return this.#planRunner?.neverFired() ?? [];
  }

  get escapes(): readonly SimulationEscape[] {
    return this.#surroundings.escapes;
  }

  audit(): AuditReport | undefined {
    return this.#surroundings.report(this.scope.leaks().unhandledErrors);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#driver.driving) await this.#endScope();
    else await this.#dispose();
  }

  #refuseUnlessDriven(): void {
    if (this.#driver.driving) return;
    throw new TcpError('time moves only inside run() or drive()', {
      code: 'ESTATE',
      phase: 'config',
    });
  }

  #drive<T>(body: () => Promise<T>): Promise<T> {
    return this.#surroundings.around(() => this.#driver.drive(() => runAt(this.#place, body)));
  }

  #dispose(): Promise<void> {
    this.#end ??= this.#disposeOnce();
    return this.#end;
  }

  async #disposeOnce(): Promise<void> {
    // What the run has used up must not keep it from ending.
    this.#driver.renew();
    const { queue } = this.#engine;
    const patience = this.#engine.schedule(
      disposalPatienceUs,
      priorities.timer,
      () => {
        const where = 'the simulated world, which does not end,';
        this.#engine.fail(new LeakError(where, this.scope.leaks()));
      },
      'patience with what does not end',
    );
    try {
      await this.#drive(async () => {
        await this.#endScope();
        this.#planRunner?.close();
        await this.#driver.until(() => !queue.networkBusy);
      });
    } finally {
      queue.cancel(patience);
      this.#surroundings.end();
    }
  }

  #deadlock(): Error {
    return deadlock({
      engine: this.#engine,
      network: this.#core,
      scope: this.scope,
      events: this.#driver.events,
      neverFired: this.neverFired(),
    });
  }
}
