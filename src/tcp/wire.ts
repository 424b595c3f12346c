/**
 * One open connection, as Client and Caller need it: reads and writes in order, deadlines, states,
 * and the ways to end.
 *
 * The wire holds the raw connection of the network and its two halves (`intake.ts`, `outlet.ts`)
 * over the pure queues (`read-queue.ts`, `write-queue.ts`). What users see of it is `channel.ts`;
 * the callbacks of a service are in `dispatcher.ts`.
 */
import { formatDuration } from '../base/duration';
import type { TcpError } from '../base/errors';
import type { Connection } from '../network/connection';
import type { Owned, Scope } from '../network/scope';
import type { SecuredConnection } from '../network/tls-info';
import type { World } from '../network/world';
import { describeRead, idleTimedOut } from './call-errors';
import type { CallLimit } from './call-options';
import type { CloseInfo, CloseReason } from './close-info';
import { chunkBytes, Intake } from './intake';
import { type DueOwner, LazyTimer } from './lazy-timer';
import { Milestone } from './milestone';
import { Outlet } from './outlet';
import type { Want } from './read-call';
import { breakageOf, brokenCall, closedError } from './system-error';
import { noteTimeout } from './timeout-note';
import { waitingCalls } from './waiting-calls';
import { WireClosing } from './wire-closing';
import { WireConnection } from './wire-connection';
import { type EndFacts, WireEnding } from './wire-ending';
import type { EventHearer } from './wire-events';
import { WireFacts } from './wire-facts';
import type { Holder, WireConsumer, WireOwner, WireSettings } from './wire-settings';

const never = Number.POSITIVE_INFINITY;

export class Wire extends WireFacts implements WireOwner, DueOwner, EndFacts, EventHearer {
  readonly world: World;
  readonly settings: WireSettings;
  readonly ending: WireEnding = new WireEnding();
  readonly timer: LazyTimer;
  readonly intake: Intake;
  readonly outlet: Outlet;
  /** Whether our side stays open when a read meets the peer's FIN. */
  halfOpen: boolean;
  /** Who reads, or writes, alone; `undefined` when everybody may. */
  reader: Holder | undefined;
  writer: Holder | undefined;

  /** The host that was dialled, as it was named. */
  dialled: string | undefined;
  readonly openedAtUs: number;
  /** Told at the end, after everything that waits was settled. */
  onOver: ((info: CloseInfo) => void) | undefined;

  readonly #closing: WireClosing;
  protected readonly below: WireConnection;
  readonly #scope: Scope;
  readonly #owned: Owned;
  #consumer: WireConsumer | undefined;
  #info: CloseInfo | undefined;
  readonly #closed = new Milestone<CloseInfo>();
  /** Made on first need: most connections are never asked. */
  #abort: AbortController | undefined;
  #movedAtUs: number;

  constructor(world: World, connection: Connection, settings: WireSettings) {
    super();
    this.world = world;
    this.below = new WireConnection(connection, this);
    this.settings = settings;
    this.halfOpen = settings.allowHalfOpen;
    this.timer = new LazyTimer(world.clock, connection.id, this);
    this.intake = new Intake(this);
    this.outlet = new Outlet(this);
    this.#closing = new WireClosing(this);
    this.openedAtUs = world.clock.now();
    this.#movedAtUs = this.openedAtUs;
    this.#scope = world.scope.current();
    this.#owned = {
      kind: 'channel',
      dispose: () => this.#dispose(),
      waiting: () => waitingCalls(connection.label, this.intake.reads, this.outlet.writes),
    };
    this.#scope.own(this.#owned, connection.label);
    if (settings.idleTimeoutUs !== never) {
      this.timer.wantBy(this.openedAtUs + settings.idleTimeoutUs);
    }
  }

  /** Whether bytes go to a consumer. */
  get consumed(): boolean {
    return this.#consumer !== undefined;
  }

  /** Whether the mark allows bytes that nobody waits for. */
  get readsAhead(): boolean {
    return this.settings.readHighWaterMark >= chunkBytes;
  }

  /** Never rejects. */
  get closed(): Promise<CloseInfo> {
    return this.#closed.promise;
  }

  /** How it ended, once it has. */
  get info(): CloseInfo | undefined {
    return this.#info;
  }

  /** Whether the network has let go of it. */
  get over(): boolean {
    return this.#info !== undefined;
  }

  /** Whether we closed or reset it. */
  get closing(): boolean {
    return this.#closing.begun;
  }

  /** Whether a write may be queued. */
  get writable(): boolean {
    return (
      !this.#closing.begun &&
      !this.outlet.ended &&
      this.ending.breakage === undefined &&
      this.#info === undefined &&
      this.outlet.writes.broken === undefined
    );
  }

  /** Aborted when the connection is over; the reason is its CloseInfo. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#info !== undefined) this.#abort.abort(this.#info);
    }
    return this.#abort.signal;
  }

  now(): number {
    return this.world.clock.now();
  }

  /** Hands bytes and the end to a consumer instead of reads, from now on. */
  consume(consumer: WireConsumer): void {
    this.#consumer = consumer;
    this.intake.consume(consumer);
  }

  read(want: Want, limit: CallLimit): Promise<Uint8Array> {
    if (this.closing) return Promise.reject(closedError(describeRead(want), 'read', this.facts()));
    return this.intake.read(want, limit);
  }

  /** FIN behind all writes; reading goes on. */
  end(limit: CallLimit = this.settings.write): Promise<void> {
    this.#closing.endedFirst ||= !this.intake.finMet;
    return this.outlet.end(limit);
  }

  /** FIN in answer to the peer's. */
  follow(): void {
    this.outlet.endQuietly();
  }

  /** Flushes, sends FIN, drops what still comes until the peer's FIN, and lets go. */
  close(reason: CloseReason = 'local-close', error?: TcpError): Promise<CloseInfo> {
    // Nothing in order is possible in the middle of a handshake.
    if (this.upgrading) this.reset(reason, error);
    else if (!this.closing && !this.over) this.#closing.close(reason, error);
    return this.closed;
  }

  /** RST, now. */
  reset(reason: CloseReason = 'local-reset', error?: TcpError): void {
    if (!this.over) this.#closing.reset(reason, error);
  }

  /** Puts TLS below, in place of the raw connection. @throws what the handshake throws */
  async underTls(handshake: () => Promise<SecuredConnection>): Promise<SecuredConnection> {
    try {
      return await this.below.secure(handshake, [this.intake, this.outlet]);
    } catch (error) {
      this.ending.begin('tls-error', error as TcpError);
      this.heardClose();
      throw error;
    }
  }

  finSent(): void {
    this.#closing.finSent();
  }

  endFailed(): void {
    this.#closing.endFailed();
  }

  /** Something went in or out. */
  moved(): void {
    if (this.settings.idleTimeoutUs !== never) this.#movedAtUs = this.now();
  }

  /** Writes went out, or failed. */
  wrote(): void {
    this.moved();
    this.rest();
    this.#consumer?.moved();
  }

  /** Lets the timer go when nothing is limited. */
  rest(): void {
    if (!this.timer.eager) return;
    const waits = this.intake.reads.waiting > 0 || !this.outlet.writes.idle;
    if (waits || this.#closing.dueUs !== never || this.settings.idleTimeoutUs !== never) return;
    this.timer.rest();
  }

  noteTimeout(what: string): void {
    noteTimeout(this.world.trace, this.connection, what);
  }

  /** Settles what is due. */
  due(nowUs: number): number {
    const readDueUs = this.intake.reads.expire(nowUs);
    const writeDueUs = this.outlet.writes.expire(nowUs);
    this.#closing.expire(nowUs);
    if (this.#idleDueUs <= nowUs) this.#idleOut();
    return Math.min(readDueUs, writeDueUs, this.#closing.dueUs, this.#idleDueUs);
  }

  get #idleDueUs(): number {
    return this.closing ? never : this.#movedAtUs + this.settings.idleTimeoutUs;
  }

  #idleOut(): void {
    const error = idleTimedOut(this.settings.idleTimeoutUs / 1_000, this.facts());
    this.noteTimeout(`idle for ${formatDuration(this.settings.idleTimeoutUs / 1_000)}`);
    this.intake.reads.rejectWaiting(() => error);
    this.#consumer?.broken(error);
    void this.close('idle-timeout', error);
  }

  #dispose(): Promise<CloseInfo> {
    this.reset('abort');
    return this.closed;
  }

  heardData(chunk: Buffer): void {
    this.intake.take(chunk);
  }

  heardEnd(): void {
    this.ending.finReceived();
    this.intake.fin();
  }

  heardError(cause: Error): void {
    const { ending } = this;
    if (ending.sent === 'rst' || ending.breakage !== undefined || this.#info !== undefined) return;
    const breakage = breakageOf(cause);
    const unsent = !this.outlet.writes.idle;
    const error = brokenCall(breakage, unsent ? 'write' : 'read', this.facts());
    ending.broke(breakage);
    ending.told = unsent;
    this.outlet.broke(breakage);
    if (this.closing) {
      if (unsent) ending.error ??= error;
      return;
    }
    ending.begin(WireEnding.reasonOf(breakage), error);
    this.intake.broke(breakage, error);
  }

  heardClose(): void {
    this.events.cut();
    this.timer.cancel();
    this.#scope.release(this.#owned);
    const aborted = this.#scope.signal.aborted;
    this.ending.nameUnless(this.#closing.endedFirst ? 'local-close' : 'peer-close', aborted);
    this.#info = this.ending.info(this);
    this.outlet.close();
    this.intake.over();
    this.#abort?.abort(this.#info);
    this.#closed.reach(this.#info);
    this.#consumer?.over(this.#info);
    this.onOver?.(this.#info);
  }
}
