import { TcpError } from '../base/errors';
import type { Random } from '../base/random';
import { formatByteCount } from '../base/size';
import type { Caller } from '../tcp/caller';
import type { Stage } from './action-runner';
import type { CloseHow, PushTarget } from './actions';
import type { ConnectionFaults } from './connection-faults';
import type { Delivery } from './delivery';
import type { Inbox } from './inbox';
import type { MockHost } from './mock-host';
import type { Scalar } from './mock-model';
import type { MockState } from './mock-state';
import { UpstreamLink } from './upstream-link';

/** How long `await` waits for a name, in milliseconds. */
const awaitMs = 10_000;

/** The connection that a stage belongs to. */
export interface StageOwner {
  readonly number: number;
  readonly caller: Caller;
  readonly host: MockHost;
  readonly inbox: Inbox;
  readonly state: MockState;
  readonly faults: ConnectionFaults | undefined;
  /** Bytes of a stream that no turn has taken. */
  readonly stream: Uint8Array;
  readonly leftover: Uint8Array;
  noteActivity(): void;
}

/** What actions do on one connection, and what is noted of it. */
export class ExchangeStage implements Stage {
  readonly random: Random;
  readonly #exchange: StageOwner;
  #isOver = false;
  #closing: Promise<void> | undefined;
  #upstream: UpstreamLink | undefined;

  constructor(exchange: StageOwner) {
    this.#exchange = exchange;
    this.random = exchange.host.random;
  }

  get isOver(): boolean {
    return this.#isOver || this.#exchange.caller.signal.aborted;
  }

  async send(bytes: Uint8Array, raw: boolean, delivery: Delivery | undefined): Promise<void> {
    const { host, number } = this.#exchange;
    const whole = raw ? bytes : host.plan.framer.encode(bytes);
    const pieces = delivery?.pieces(whole) ?? [whole];
    const sent = delivery === undefined || pieces.length !== 1 ? undefined : pieces[0];
    for (const [index, piece] of pieces.entries()) {
      await this.#write(piece);
      this.#exchange.noteActivity();
      const pause = delivery?.pauseMs(piece.length) ?? 0;
      if (pause > 0 && index < pieces.length - 1) await this.sleep(pause);
      if (this.isOver) break;
    }
    const shown = sent === whole || sent === undefined ? bytes : sent;
    host.journal.add({
      connection: number,
      kind: 'sent',
      direction: 'out',
      bytes: shown,
      ...(raw && { raw }),
    });
  }

  async sleep(ms: number): Promise<void> {
    if (ms <= 0) return;
    const { caller, host } = this.#exchange;
    await host.world.clock
      .sleep(ms, { signal: caller.signal, label: 'mock wait' })
      .catch((error: unknown) => {
        if (!caller.signal.aborted) throw error;
      });
  }

  close(how: CloseHow): Promise<void> {
    const { caller } = this.#exchange;
    const { faults } = this.#exchange;
    const lane = faults?.outbound.empty === false ? faults : undefined;
    if (how === 'half')
      return lane === undefined ? caller.end() : Promise.resolve(lane.end('half'));
    this.#isOver = true;
    if (how === 'reset') caller.reset();
    else if (lane !== undefined) lane.end('close');
    else this.#closing ??= caller.close();
    return Promise.resolve();
  }

  #write(bytes: Uint8Array): Promise<unknown> {
    const { caller, faults, host } = this.#exchange;
    if (faults === undefined) return caller.writeBytes(bytes);
    return faults.write(bytes, host.plan.limits.buffered);
  }

  holdReading(): Promise<void> {
    return this.#exchange.inbox.hold();
  }

  async startTls(certificate: string | undefined): Promise<void> {
    const { inbox, caller, host } = this.#exchange;
    await inbox.hold();
    const left = inbox.unread + this.#exchange.stream.length;
    if (left > 0) {
      this.fail(`plain bytes left before the TLS upgrade (${formatByteCount(left)})`);
      return await this.close('reset');
    }
    await caller.upgradeToTls(await host.tlsFor(certificate));
    this.noteSecured();
    inbox.release();
  }

  pause(on: boolean): void {
    this.#exchange.inbox.pause(on);
  }

  goto(state: string): void {
    const { host, number } = this.#exchange;
    this.#exchange.state.name = state;
    host.journal.add({ connection: number, kind: 'state', state });
    host.changed();
  }

  set(name: string, value: Scalar): void {
    this.#exchange.state.vars.set(name, value);
  }

  notify(name: string): void {
    this.#exchange.host.barriers.notify(name);
  }

  async reached(name: string): Promise<void> {
    const { host, caller } = this.#exchange;
    using limit = host.world.clock.deadline(awaitMs, `await ${name}`);
    const { signal } = limit;
    const passed = new Promise<'late'>((resolve) => {
      signal.addEventListener('abort', () => resolve('late'), { once: true });
      caller.signal.addEventListener('abort', () => resolve('late'), { once: true });
    });
    const outcome = await Promise.race([host.barriers.reached(name), passed]);
    if (outcome === 'late' && signal.aborted)
      this.noteTimeout(`await ${name}: nobody said notify within 10 s`);
  }

  async push(bytes: Uint8Array, raw: boolean, to: PushTarget): Promise<void> {
    const own = this.#exchange;
    for (const other of own.host.exchanges) {
      if (other.number === own.number || !other.isOpen || to === 'self') continue;
      void other.enqueue(() => other.stage.send(bytes, raw, undefined));
    }
    if (to !== 'others') await this.send(bytes, raw, undefined);
  }

  async forward(
    frame: Uint8Array,
    to: { readonly host: string; readonly port: number } | undefined,
  ): Promise<void> {
    const { host } = this.#exchange;
    const target = to ?? host.plan.upstream;
    if (target === undefined) return this.fail('forward: there is no upstream');
    this.#upstream ??= new UpstreamLink(host.world, host.plan.framer);
    await this.send(await this.#upstream.exchange(frame, target), false, undefined);
  }

  fail(text: string, error?: TcpError, always: boolean = true): void {
    const { host, number } = this.#exchange;
    host.journal.add({ connection: number, kind: 'error', reason: text });
    const cause = error === undefined ? {} : { error };
    host.fail({ text, connection: number, always, ...cause });
  }

  noteTimeout(text: string): void {
    const { host, number } = this.#exchange;
    host.journal.add({ connection: number, kind: 'timeout', reason: text });
    host.fail({ text, connection: number, always: true });
    host.changed();
  }

  noteSecured(): void {
    const { host, number, caller } = this.#exchange;
    const reason = `${caller.tls?.protocol ?? 'TLS'} ${caller.tls?.cipher ?? ''}`.trim();
    host.journal.add({ connection: number, kind: 'secured', reason });
  }

  /** The first bytes of the connection: a ClientHello where no TLS is spoken is worth a note. */
  noteFirst([type, major]: Uint8Array): void {
    const { host, number, caller } = this.#exchange;
    if (type !== 0x16 || major !== 0x03 || caller.tls !== undefined) return;
    host.journal.add({ connection: number, kind: 'tls-hello-on-plain' });
  }

  /** Bytes that break the framing. */
  noteProblem(error: TcpError): void {
    const { host } = this.#exchange;
    host.meet(error);
    this.fail(error.message, error);
  }

  /** What went wrong while actions ran. The end of a connection under them is no failure. */
  noteError(error: unknown): void {
    const { host, number } = this.#exchange;
    const reason = error instanceof Error ? error.message : String(error);
    const met = TcpError.is(error) ? error : undefined;
    const isHandshake = met?.phase === 'handshake';
    if (met !== undefined && this.#exchange.caller.signal.aborted && !isHandshake) {
      host.journal.add({ connection: number, kind: 'error', reason });
      return;
    }
    if (met !== undefined) host.meet(met);
    this.fail(reason, met, !isHandshake);
  }

  /** How bytes that are no whole frame read in a message. */
  leftoverWords(how: 'end' | 'reset' | 'closed'): string {
    const { leftover } = this.#exchange;
    const end = how === 'reset' ? 'a reset' : 'the end of stream';
    return `incomplete frame at ${end} (${formatByteCount(leftover.length)})`;
  }

  async dispose(): Promise<void> {
    this.#isOver = true;
    await this.#closing;
    await this.#upstream?.close();
  }
}
