/**
 * A running mock: a Listener whose connections are played by exchanges.
 *
 * `exchange.ts` plays one connection, `journal.ts` keeps what happened, `verification.ts` judges it,
 * `mock-connection.ts` is a connection taken by hand.
 */
import type { Address } from '../base/address';
import { formatAddress } from '../base/address';
import { type Duration, formatDuration, readDuration } from '../base/duration';
import type { TcpError } from '../base/errors';
import type { CaptureSource } from '../capture/capture-source';
import type { RedactionRule } from '../capture/mask-rule';
import type { Listener } from '../tcp/listener';
import type { BytesDefinition } from './bytes-definition';
import { compileBytes } from './bytes-source';
import { Compiling } from './compiling';
import type { Exchange } from './exchange';
import { type Explanation, explainFrame } from './explanation';
import type { JournalEntry, JournalQuery } from './journal-entry';
import { MockConnection } from './mock-connection';
import type { MockDefinition } from './mock-model';
import { type PlanOptions, planMock } from './mock-plan';
import type { MockRuntime } from './mock-runtime';
import { type PredicateLike, readPredicate } from './predicate-like';
import { countOf, receivedOf } from './received-frames';
import { Verification } from './verification';
import { waitForFailure } from './verification-failures';

/** How long {@link MockServer.accepts} waits. */
export interface AcceptsOptions {
  /** Default 10 s. */
  readonly within?: Duration;
  /** `true`: a frame that is not the expected one is answered by the rules, if one takes it. Default `false`. */
  readonly rules?: boolean;
}

/**
 * A mock that listens.
 *
 * @source docs/mocks.md
 */
export class MockServer implements AsyncDisposable {
  readonly #runtime: MockRuntime;
  readonly #listener: Listener;
  #address: Address;
  #stopped: Promise<void> | undefined;

  /** @internal */
  constructor(runtime: MockRuntime, listener: Listener, address: Address) {
    this.#runtime = runtime;
    this.#listener = listener;
    this.#address = address;
  }

  /** What it runs on. @internal */
  get runtime(): MockRuntime {
    return this.#runtime;
  }

  get name(): string {
    return this.#runtime.plan.name;
  }

  get host(): string {
    return this.#address.host;
  }

  get port(): number {
    return this.#address.port;
  }

  /** `host:port`. */
  get address(): string {
    return formatAddress(this.#address);
  }

  /** Its connections, and what is to be hidden of them: `capture(mock, path)`. */
  get wire(): CaptureSource {
    const { redact = [] } = this.definition;
    return { ...this.#listener.wire, label: this.name, redaction: redact as RedactionRule[] };
  }

  /** What it was started with, as a file has it. */
  get definition(): MockDefinition {
    return this.#runtime.plan.definition;
  }

  /** Things that are worth knowing and no failure, such as an expression that took too long. */
  get warnings(): readonly string[] {
    return this.#runtime.warnings;
  }

  /** Connections that it accepted so far. */
  get accepted(): number {
    return this.#runtime.accepted;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#runtime.exchanges.filter(({ isOpen }) => isOpen).length;
  }

  /** Whether a script was played to its end and no connection is open; also when there is no script. */
  get isPlayed(): boolean {
    const { plan, exchanges } = this.#runtime;
    if (plan.script.length === 0) return true;
    return (
      exchanges.some(({ player }) => player.finished) && exchanges.every(({ isOpen }) => !isOpen)
    );
  }

  /** Entries of the journal, oldest first. */
  journal(query: JournalQuery = {}): readonly JournalEntry[] {
    return this.#runtime.journal.entries(query);
  }

  /** Entries that limits pushed out of the journal. */
  get dropped(): number {
    return this.#runtime.journal.dropped;
  }

  /** Calls back for each entry of the journal from now on; the returned function ends that. */
  onEntry(listener: (entry: JournalEntry) => void): () => void {
    return this.#runtime.journal.subscribe(listener);
  }

  /**
   * Takes the next connection by hand: the oldest one that nothing has answered yet, or the next.
   *
   * @throws VerificationError - none came in time
   */
  async accepts(options: AcceptsOptions = {}): Promise<MockConnection> {
    const { within = '10s', rules = false } = options;
    const find = (): Exchange | undefined => this.#runtime.exchanges.find((one) => one.mayTake);
    const found = await this.#runtime.waitUntil(find, within, (take) =>
      this.#runtime.reserve(take),
    );
    if (found === undefined) {
      throw new Verification(this.#runtime, false).error(
        `mock "${this.name}" accepted no connection (waited ${formatDuration(readDuration('within', within))})`,
      );
    }
    found.takeOver();
    return new MockConnection(found, new Verification(this.#runtime, false), rules);
  }

  /**
   * Waits for a frame, one that has come already included.
   *
   * @param options - `within`, default 2 s; `times`, default 1: how many such frames
   * @returns its journal entry
   * @throws VerificationError - with what came instead, and the nearest rule
   */
  async waitFor(
    predicate: PredicateLike,
    options: { readonly within?: Duration; readonly times?: number } = {},
  ): Promise<JournalEntry> {
    const { within = '2s', times = 1 } = options;
    const compiled = readPredicate(predicate);
    const find = (): JournalEntry | undefined =>
      receivedOf(this.#runtime, compiled.predicate)[times - 1];
    const found = await this.#runtime.waitUntil(find, within);
    if (found !== undefined) return found;
    throw waitForFailure(this.#runtime, compiled, readDuration('within', within));
  }

  /**
   * How often such a frame came so far; without framing, how often it stands in the streams.
   *
   * @throws VerificationError - limits pushed frames out of the journal, and they were not counted
   */
  count(predicate: PredicateLike): number {
    const count = countOf(this.#runtime, readPredicate(predicate).predicate);
    if (typeof count === 'number') return count;
    throw new Verification(this.#runtime, false).error(count);
  }

  /** What connections met, handshakes too, oldest first: resets, bytes that break the framing, … */
  get errors(): readonly TcpError[] {
    return this.#runtime.met;
  }

  /** Takes one of {@link errors} for expected: verification does not report it. */
  pardon(error: TcpError): void {
    this.#runtime.pardon(error);
  }

  /** The turn of the script at which the last connection waits; `undefined` when none does. */
  get waitingTurn(): { readonly number: number; readonly words: string } | undefined {
    const turn = this.#runtime.exchanges.at(-1)?.player.current;
    return turn && { number: turn.number, words: turn.words };
  }

  /** Calls back whenever something changed that verification may look at. */
  onChange(listener: () => void): () => void {
    return this.#runtime.onChange(listener);
  }

  /**
   * Claims about what came: each one is checked at once and throws when it does not hold.
   *
   * With a function, all its claims are checked first and one error says everything that failed.
   *
   * @throws VerificationError
   * @example
   * server.verify().received('PING', once()).nothingUnexpected();
   */
  verify(): Verification;
  verify(claims: (verification: Verification) => unknown): Verification;
  verify(claims?: (verification: Verification) => unknown): Verification {
    if (claims === undefined) return new Verification(this.#runtime, false);
    const collecting = new Verification(this.#runtime, true);
    claims(collecting);
    collecting.settle();
    return collecting;
  }

  /** What a frame would be answered with, and why no other rule takes it. */
  explain(
    bytes: BytesDefinition,
    options: { readonly state?: string; readonly connection?: number } = {},
  ): Explanation {
    const frame = compileBytes(bytes, new Compiling('bytes', this.#runtime.plan.folder));
    return explainFrame(this.#runtime, frame.constant ?? new Uint8Array(), options);
  }

  /** The state of the mock, or of a connection by its number. */
  state(connection?: number): string {
    return this.#runtime.stateOf(connection).name;
  }

  /** Changes the state of the mock and of every open connection, or of one. */
  setState(name: string, connection?: number): void {
    this.#runtime.setState(name, connection);
  }

  /**
   * Sends bytes to open connections, between the replies to their frames.
   *
   * @param options - `to`: a connection's number, default all; `raw`: past the framing
   * @returns how many connections got them
   */
  async push(
    bytes: BytesDefinition,
    options: { readonly to?: number | 'all'; readonly raw?: boolean } = {},
  ): Promise<number> {
    const { to = 'all', raw = false } = options;
    const place = new Compiling('push', this.#runtime.plan.folder);
    const source = compileBytes(bytes, place);
    const targets = this.#runtime.exchanges.filter(
      ({ isOpen, number }) => isOpen && (to === 'all' || to === number),
    );
    await Promise.all(
      targets.map((one) =>
        one.enqueue(() =>
          one.stage.send(source.bytes(one.moment(new Uint8Array(), {}).scope), raw, undefined),
        ),
      ),
    );
    return targets.length;
  }

  /**
   * Replaces the definition; open connections use the new rules from their next frame on. Address,
   * framing, TLS and limits stay.
   *
   * @throws TcpError `ECONFIG` - the new one is wrong; the old one goes on
   */
  replace(definition: MockDefinition, options: PlanOptions = {}): void {
    this.#runtime.replace(planMock(definition, { folder: this.#runtime.plan.folder, ...options }));
  }

  /** Forgets journal, counters and failures, and puts states back to the beginning. */
  reset(): void {
    this.#runtime.reset();
  }

  /**
   * Stops listening and ends every connection: `end` with FIN, `reset` with RST. May be called twice.
   */
  stop(options: { readonly how?: 'end' | 'reset' } = {}): Promise<void> {
    this.#stopped ??= this.#stop(options.how ?? 'end');
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(how: 'end' | 'reset'): Promise<void> {
    this.#runtime.stop();
    if (how === 'reset') await this.#listener.immediateStop();
    else {
      await this.#listener.stopAccepting();
      await Promise.all(this.#runtime.exchanges.map(({ caller }) => caller.close()));
      await this.#listener.gracefulStop({ timeout: '1s' });
    }
    await this.#runtime.finished();
  }
}
