/**
 * One connection of a mock: `onConnect`, then the script, then rules, then `unmatched`.
 *
 * What comes is read by an `Inbox`; `exchange-stage.ts` does what actions say. Everything that
 * sends runs in one queue, so that replies leave in the order of their frames whatever waits.
 */

import { formatAddress } from '../base/address';
import type { CaptureValue } from '../base/byte-pattern-result';
import { deferred } from '../base/deferred';
import type { Caller } from '../tcp/caller';
import type { CloseInfo } from '../tcp/close-info';
import { type Moment, runActs } from './action-runner';
import { type Act, startsTls } from './actions';
import { takeCaptures } from './captures';
import type { ConnectionFaults } from './connection-faults';
import { ExchangeStage } from './exchange-stage';
import { ExchangeTimers } from './exchange-timers';
import { faultsOf } from './faulted-connection';
import { Inbox } from './inbox';
import type { InboxItem } from './inbox-item';
import type { MockHost } from './mock-host';
import { answersFrames } from './mock-plan';
import { MockState } from './mock-state';
import { momentOf, subjectOn } from './moment';
import { answerByRules } from './rule-answers';
import { type ScriptMatch, ScriptPlayer } from './script-player';
import { type Turn, waits } from './script-turns';
import type { Subject } from './subject';

/** One connection, while it lasts and afterwards. */
export class Exchange {
  /** In order of accept, from 1. */
  readonly number: number;
  readonly caller: Caller;
  readonly host: MockHost;
  readonly state: MockState;
  readonly player: ScriptPlayer;
  readonly inbox: Inbox;
  readonly stage: ExchangeStage;
  /** What breaks this connection; absent where nothing does. */
  readonly faults: ConnectionFaults | undefined;
  /** What turns of the script caught. */
  readonly kept: Record<string, CaptureValue> = {};
  /** Somebody takes the frames by hand. */
  interactive = false;
  /** Bytes of a stream that no turn has taken. */
  stream: Uint8Array = new Uint8Array();
  /** Bytes that were no whole frame when the client ended. */
  leftover: Uint8Array = new Uint8Array();
  info: CloseInfo | undefined;
  /** Frames were answered by the layers, so that nobody can take the connection by hand any more. */
  touched = false;
  #tail: Promise<void> = Promise.resolve();
  #decision = deferred<void>();
  #played: Turn | undefined;
  #isFinished = false;
  readonly #timers: ExchangeTimers;

  constructor(host: MockHost, caller: Caller, number: number) {
    const { plan } = host;
    this.host = host;
    this.caller = caller;
    this.number = number;
    const { initial, scope, vars } = plan.state;
    this.state = scope === 'mock' ? host.sharedState : new MockState(initial, vars);
    this.faults = faultsOf(host, caller, number);
    this.player = new ScriptPlayer(plan.script, number);
    this.inbox = new Inbox({
      caller,
      framer: plan.framer,
      clock: host.world.clock,
      most: plan.limits.buffered,
      onItem: (item) => this.#arrived(item),
      onChunk: (chunk, isFirst) => {
        this.faults?.sees(chunk, isFirst);
        if (isFirst) this.stage.noteFirst(chunk);
      },
      ...(this.faults === undefined ? {} : { lane: this.faults.inbound }),
    });
    this.stage = new ExchangeStage(this);
    this.#timers = new ExchangeTimers(this);
  }

  get isOpen(): boolean {
    return this.info === undefined;
  }

  /** Whether it may still be taken by hand. */
  get mayTake(): boolean {
    return this.isOpen && !this.touched;
  }

  /** Plays the connection to its end. Never rejects. */
  async run(): Promise<void> {
    this.#timers.startIdle();
    const remote = formatAddress(this.caller.remote);
    this.host.journal.add({ connection: this.number, kind: 'accept', remote });
    if (this.caller.tls !== undefined) this.stage.noteSecured();
    if (this.faults !== undefined && !(await this.faults.admit())) this.inbox.pause(true);
    const { onConnect } = this.host.plan;
    const first = this.enqueue(async () => {
      if (startsTls(onConnect)) await this.inbox.hold();
      await runActs(onConnect, this.stage, this.moment(new Uint8Array(), {}));
      await this.#advance();
    });
    this.inbox.start();
    this.#timers.repeat();
    await first;
    await this.#loop();
    this.info = await this.caller.closed;
    this.#timers.cancel();
    if (this.info.error !== undefined) this.host.meet(this.info.error);
    this.faults?.dispose();
    await this.stage.dispose();
    const how = this.info.received === 'rst' || this.info.sent === 'rst' ? 'reset' : 'end';
    const { bytesRead: bytesIn, bytesFlushed: bytesOut } = this.info;
    const facts = { connection: this.number, reason: how, bytesIn, bytesOut };
    this.host.journal.add({ ...facts, kind: 'closed' });
    this.host.changed();
  }

  /** Runs work when everything before it is done. Never rejects: what fails is kept as a failure. */
  enqueue(work: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(async () => {
      try {
        if (!this.stage.isOver) await work();
      } catch (error) {
        this.stage.noteError(error);
      }
    });
    return this.#tail;
  }

  /** Gives the frames to whoever takes them by hand. */
  takeOver(): void {
    this.interactive = true;
    this.touched = true;
    this.#decision.resolve();
  }

  /** The frame as predicates see it. */
  subject(bytes: Uint8Array): Subject {
    return subjectOn(this, bytes);
  }

  moment(frame: Uint8Array, captures: Readonly<Record<string, CaptureValue>>): Moment {
    return momentOf(this, frame, captures);
  }

  /** A frame was taken, by a rule, a turn or by hand. */
  noteMatched(bytes: Uint8Array, rule: string): void {
    this.host.journal.add({
      connection: this.number,
      kind: 'matched',
      direction: 'in',
      bytes,
      rule,
    });
    this.host.changed();
  }

  async #loop(): Promise<void> {
    for (;;) {
      await this.inbox.available();
      if (this.interactive) return;
      if (this.#isUndecided()) {
        this.#decision = deferred<void>();
        await this.#decision.promise;
        continue;
      }
      const item = this.inbox.take();
      if (item === undefined) return;
      this.touched = true;
      await this.enqueue(() => this.#handle(item));
      if (item.kind !== 'frame') return;
    }
  }

  /** Frames of a mock that only greets wait for whoever takes them by hand. */
  #isUndecided(): boolean {
    const answers = answersFrames(this.host.plan);
    const items = this.inbox.peek();
    return !answers && items[0]?.kind === 'frame' && items.at(-1)?.kind === 'frame';
  }

  #arrived(item: InboxItem): void {
    this.#timers.restartIdle();
    this.#decision.resolve();
    const { journal } = this.host;
    if (item.kind === 'frame') {
      journal.add({ connection: this.number, kind: 'frame', direction: 'in', bytes: item.bytes });
    } else if (item.kind === 'problem') {
      this.stage.noteProblem(item.error);
    } else {
      this.leftover = item.leftover;
      const reason =
        item.leftover.length === 0 ? {} : { reason: this.stage.leftoverWords(item.kind) };
      if (item.kind !== 'closed')
        journal.add({ connection: this.number, kind: item.kind, direction: 'in', ...reason });
    }
    this.host.changed();
  }

  async #handle(item: InboxItem): Promise<void> {
    if (item.kind === 'frame') {
      await (this.host.plan.isStream ? this.#takeStream(item.bytes) : this.#takeFrame(item.bytes));
      return;
    }
    if (item.kind === 'problem') {
      this.caller.reset();
      return;
    }
    if (item.kind === 'end' || item.kind === 'reset') {
      const match = this.player.offerEnd(item.kind);
      if (match !== undefined) await this.#play(match, new Uint8Array());
    }
    if (this.stage.isOver) return;
    if (item.kind === 'end') {
      await runActs(this.host.plan.onClose, this.stage, this.moment(new Uint8Array(), {}));
    }
    await this.stage.close('end');
  }

  async #takeFrame(bytes: Uint8Array): Promise<void> {
    if (this.player.playing) {
      const match = this.player.offer(this.subject(bytes));
      if (match !== undefined) return await this.#play(match, bytes);
      if (this.player.current?.skip === true) return this.noteMatched(bytes, 'script skip');
    }
    await answerByRules(this, bytes);
  }

  async #takeStream(chunk: Uint8Array): Promise<void> {
    this.stream = this.stream.length === 0 ? chunk : Buffer.concat([this.stream, chunk]);
    while (this.player.playing && this.stream.length > 0) {
      const match = this.player.offerStream(this.stream, this.subject(this.stream));
      if (match === 'more') return;
      if (match === 'never') break;
      const taken = this.stream.subarray(match.start, match.end);
      this.stream = this.stream.subarray(match.end);
      await this.#play(match, taken);
    }
    const burst = this.stream;
    this.stream = new Uint8Array();
    if (burst.length > 0 && !this.stage.isOver) await answerByRules(this, burst);
  }

  /** Runs actions; nothing may be read behind the trigger of TLS. */
  async perform(acts: readonly Act[], moment: Moment): Promise<void> {
    if (startsTls(acts)) await this.inbox.hold();
    await runActs(acts, this.stage, moment);
  }

  async #play({ turn, passed, captures }: ScriptMatch, bytes: Uint8Array): Promise<void> {
    this.#timers.cancelLimit();
    for (const one of passed)
      await this.perform([...one.before, ...one.after], this.moment(bytes, {}));
    if (this.player.current !== turn) await this.perform(turn.before, this.moment(bytes, {}));
    Object.assign(this.kept, captures, takeCaptures(turn.capture, bytes));
    if (bytes.length > 0) this.noteMatched(bytes, `script turn ${turn.number}`);
    const parent = this.player.leave(turn);
    const tlsNext = this.player.startsTlsNext(({ after }) => startsTls(after));
    if (tlsNext) await this.inbox.hold();
    await this.perform([...turn.after, ...(parent?.after ?? [])], this.moment(bytes, captures));
    await this.#advance();
  }

  /** Plays the turns that wait for nothing, up to one that waits for the client. */
  async #advance(): Promise<void> {
    for (;;) {
      const turn = this.player.current;
      if (turn === undefined || this.stage.isOver) break;
      if (this.#played !== turn) {
        await this.perform(turn.before, this.moment(new Uint8Array(), {}));
        this.#played = turn;
      }
      if (waits(turn)) {
        if (!this.interactive) this.#timers.limitTurn(turn);
        return;
      }
      await this.perform(turn.after, this.moment(new Uint8Array(), {}));
      this.player.leave(turn);
    }
    this.#noteFinished();
    this.host.changed();
  }

  #noteFinished(): void {
    const { script } = this.host.plan;
    if (script.length === 0 || this.#isFinished || !this.player.finished) return;
    this.#isFinished = true;
    this.host.journal.add({ connection: this.number, kind: 'script-finished' });
  }

  /** The idle time counts anew, since bytes left. */
  noteActivity(): void {
    this.#timers.restartIdle();
  }
}
