import { formatAddress } from '../base/address';
import { deferred } from '../base/deferred';
import { type Duration, readDuration, toMicroseconds } from '../base/duration';
import type { TcpError } from '../base/errors';
import type { Random } from '../base/random';
import type { Capture } from '../capture/running-capture';
import type { World } from '../network/world';
import type { Caller } from '../tcp/caller';
import { defaultWorld } from '../tcp/default-world';
import type { ListenerSecureSocket } from '../tcp/secure-socket';
import { runActs } from './action-runner';
import { type Barriers, barriersOf } from './barriers';
import { Exchange } from './exchange';
import { Journal } from './journal';
import { certificateNamed, type MockCertificates } from './mock-certificates';
import { MockFaults } from './mock-faults';
import type { MockFailure, MockHost } from './mock-host';
import type { MockPlan, Repeated } from './mock-plan';
import { MockState } from './mock-state';
import { type MockTls, mergeTls, ownHosts, secureSocketOf } from './mock-tls';
import { ownKey } from './own-key';
import { rulesWith } from './regex-rules';
import type { RegexLimit } from './subject';

/** What a mock holds while it runs. */
export class MockRuntime implements MockHost {
  readonly world: World;
  readonly journal: Journal;
  readonly random: Random;
  readonly barriers: Barriers;
  readonly regexLimit: RegexLimit;
  readonly counts: Map<string, number> = new Map<string, number>();
  readonly sharedState: MockState;
  readonly exchanges: Exchange[] = [];
  readonly failures: MockFailure[] = [];
  readonly warnings: string[] = [];
  readonly faults: MockFaults | undefined;
  /** Absent where no file is named. */
  capture: Capture | undefined;
  readonly #certificates: MockCertificates;
  readonly met: TcpError[] = [];
  readonly #pardoned = new WeakSet<TcpError>();
  readonly #watchers = new Set<() => void>();
  readonly #reservations: ((exchange: Exchange) => void)[] = [];
  readonly #runs = new Set<Promise<void>>();
  readonly #end = new AbortController();
  #plan: MockPlan;
  #count = 0;
  #accepted = 0;
  #numbered = 0;
  #startUs: number;
  #key: Promise<ListenerSecureSocket> | undefined;

  constructor(
    plan: MockPlan,
    options: {
      readonly world?: World;
      readonly certificates?: MockCertificates;
      readonly tls?: MockTls;
    },
  ) {
    const { world = defaultWorld(), certificates = {}, tls } = options;
    this.#plan = tls === undefined ? plan : { ...plan, tls: mergeTls(plan.tls, tls) };
    this.world = world;
    this.#certificates = certificates;
    this.#startUs = world.clock.now();
    this.random = world.random.fork(`mock ${plan.name}`);
    this.barriers = barriersOf(world);
    this.sharedState = new MockState(plan.state.initial, plan.state.vars);
    const { clock, random } = world;
    this.faults =
      plan.faults.length === 0
        ? undefined
        : new MockFaults(plan.faults, plan.name, clock, random.seed);
    this.journal = new Journal({
      mock: plan.name,
      now: () => world.clock.now() - this.#startUs,
      mostEvents: plan.limits.journalEvents,
      mostBytes: plan.limits.journalBytes,
      redact: (bytes, direction) => this.#plan.redact(bytes, direction),
    });
    this.regexLimit = {
      limitMs: plan.limits.regexMs,
      ...(world.clock.kind === 'real' && { now: () => world.clock.now() }),
      exceeded: (expression) =>
        this.#warn(
          `${expression}${rulesWith(this.#plan, expression)} took longer than ${plan.limits.regexMs} ms and counts as not matching`,
        ),
    };
  }

  get plan(): MockPlan {
    return this.#plan;
  }

  /** Connections accepted so far. */
  get accepted(): number {
    return this.#accepted;
  }

  nextCount(): number {
    return ++this.#count;
  }

  fail(failure: MockFailure): void {
    if (failure.error !== undefined && this.#pardoned.has(failure.error)) return;
    this.failures.push(failure);
    this.changed();
  }

  async tlsFor(certificate: string | undefined): Promise<ListenerSecureSocket> {
    const { tls } = this.#plan;
    if (certificate !== undefined) {
      const key = certificateNamed(certificate, tls?.socket.sni ?? {}, this.#certificates);
      return { ...tls?.socket, key };
    }
    this.#key ??= secureSocketOf(
      tls ?? { mode: 'starttls', hosts: ownHosts, socket: {} },
      (hosts, preset) => ownKey(this.world, hosts, preset),
    );
    return await this.#key;
  }

  /** Plays a connection. */
  serve(caller: Caller): void {
    if (this.exchanges.filter(({ isOpen }) => isOpen).length >= this.#plan.limits.connections) {
      const remote = formatAddress(caller.remote);
      this.journal.add({ connection: 0, kind: 'refused', remote, reason: 'limits.connections' });
      caller.reset();
      return;
    }
    const exchange = new Exchange(this, caller, ++this.#numbered);
    this.#accepted++;
    this.exchanges.push(exchange);
    this.#forgetOld();
    this.#reservations.shift()?.(exchange);
    const run = exchange.run().catch((error: unknown) => {
      this.world.scope.report(error instanceof Error ? error : new Error(String(error)));
    });
    this.#runs.add(run);
    void run.finally(() => this.#runs.delete(run));
    this.changed();
  }

  noteHandshake(error: TcpError): void {
    this.journal.add({ connection: 0, kind: 'error', reason: error.message });
    this.meet(error);
    this.fail({ text: error.message, connection: 0, always: false, error });
  }

  meet(error: TcpError): void {
    this.met.push(error);
    this.changed();
  }

  /** Takes a failure back that somebody asked for, also when it has yet to be told. */
  pardon(error: TcpError): void {
    this.#pardoned.add(error);
    const kept = this.failures.filter((failure) => failure.error !== error);
    this.failures.splice(0, this.failures.length, ...kept);
  }

  /** Starts what repeats for the whole mock, now that it listens. */
  begin(): void {
    this.#startUs = this.world.clock.now();
    this.faults?.begin();
    for (const every of this.#plan.every) if (every.scope === 'mock') void this.#repeat(every);
  }

  changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  onChange(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** The next connection goes to whoever waits for it by hand. */
  reserve(take: (exchange: Exchange) => void): () => void {
    this.#reservations.push(take);
    return () => {
      const at = this.#reservations.indexOf(take);
      if (at >= 0) this.#reservations.splice(at, 1);
    };
  }

  /**
   * Waits until something is found.
   *
   * @param reserve - called when it must be waited for; what it is given counts as found
   * @returns `undefined` when the time has passed
   */
  async waitUntil<T>(
    find: () => T | undefined,
    within: Duration,
    reserve?: (take: (found: T) => void) => () => void,
  ): Promise<T | undefined> {
    const first = find();
    if (first !== undefined) return first;
    const outcome = deferred<T | undefined>();
    const watch = (): void => {
      const found = find();
      if (found !== undefined) outcome.resolve(found);
    };
    const release = reserve?.(outcome.resolve);
    const limitUs = toMicroseconds(readDuration('within', within));
    const timer = this.world.clock.after(limitUs, () => outcome.resolve(find()), 'mock waits', {
      hold: true,
    });
    if (reserve === undefined) this.#watchers.add(watch);
    try {
      return await outcome.promise;
    } finally {
      timer.cancel();
      this.#watchers.delete(watch);
      release?.();
    }
  }

  /** The state of the mock, or of a connection. */
  stateOf(connection?: number): MockState {
    if (connection !== undefined) {
      return this.exchanges.find(({ number }) => number === connection)?.state ?? this.sharedState;
    }
    if (this.#plan.state.scope === 'mock') return this.sharedState;
    return this.exchanges.at(-1)?.state ?? this.sharedState;
  }

  setState(name: string, connection?: number): void {
    const targets = this.exchanges.filter(({ isOpen, number }) =>
      connection === undefined ? isOpen : number === connection,
    );
    this.sharedState.name = name;
    for (const { state } of targets) state.name = name;
    this.journal.add({ connection: connection ?? 0, kind: 'state', state: name });
    this.changed();
  }

  /**
   * Takes over rules, `unmatched` and what follows from them; keeps what a running mock cannot
   * change. The initial state is that of connections to come.
   */
  replace(plan: MockPlan): void {
    const { host, port, framer, isStream, limits, tls, name, faults, capture } = this.#plan;
    const state = { ...plan.state, scope: this.#plan.state.scope };
    const kept = { host, port, framer, isStream, limits, tls, name, faults, capture };
    this.#plan = { ...plan, ...kept, state };
    this.changed();
  }

  reset(): void {
    this.journal.clear();
    this.counts.clear();
    this.failures.length = 0;
    this.met.length = 0;
    this.warnings.length = 0;
    this.sharedState.reset();
    for (const { state } of this.exchanges) state.reset();
    const open = this.exchanges.filter(({ isOpen }) => isOpen);
    this.exchanges.splice(0, this.exchanges.length, ...open);
    this.#accepted = open.length;
  }

  stop(): void {
    this.faults?.stop();
    this.#end.abort();
  }

  /** Resolves when every connection was played to its end, and is in the capture. */
  async finished(): Promise<void> {
    await Promise.all(this.#runs);
    await this.capture?.close();
  }

  #warn(text: string): void {
    if (!this.warnings.includes(text)) this.warnings.push(text);
    this.journal.add({ connection: 0, kind: 'timeout', reason: text });
  }

  /** Connections that ended long ago and went well need no memory. */
  #forgetOld(): void {
    if (this.exchanges.length < 2_000) return;
    const kept = this.exchanges.filter((one, index) => one.isOpen || index >= 1_000);
    this.exchanges.splice(0, this.exchanges.length, ...kept);
  }

  async #repeat({ acts, intervalMs }: Repeated): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      await this.world.clock
        .sleep(intervalMs, { signal, label: 'mock every' })
        .catch(() => undefined);
      if (signal.aborted || this.world.scope.signal.aborted) return;
      for (const one of this.exchanges.filter(({ isOpen }) => isOpen)) {
        void one.enqueue(() => runActs(acts, one.stage, one.moment(new Uint8Array(), {})));
      }
    }
  }
}
