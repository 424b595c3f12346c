/**
 * The callbacks of one connection: one at a time, in the order of events, `onClose` last.
 *
 * A handler that answers at once costs no promise; one that answers later holds everything behind
 * it. What cannot be handled now waits: chunks in the queue of the wire, failures and the end here.
 */
import type { TcpError } from '../base/errors';
import type { Caller } from './caller';
import type { CloseInfo } from './close-info';
import { type Callbacks, Deliveries } from './deliveries';
import { type Failure, type FailureRules, Failures } from './failures';
import { frameLink } from './frame-link';
import { FramedService } from './framed';
import { Milestone } from './milestone';
import { Replies } from './replies';
import type { ConnectionService, Service } from './service';
import { takeReader } from './take-reader';
import { Turns } from './turns';
import type { Wire } from './wire';
import type { WireConsumer } from './wire-settings';

export class Dispatcher implements WireConsumer, Callbacks {
  /** Told when no callback will run any more. */
  onFinished: (() => void) | undefined;
  readonly wire: Wire;
  readonly caller: Caller;
  readonly turns: Turns;
  readonly replies: Replies;
  readonly failures: Failures;
  #service: ConnectionService | undefined;
  #deliveries: Deliveries | undefined;
  #fin = false;
  #silent = false;
  #broken: TcpError | undefined;
  #info: CloseInfo | undefined;
  #closeCalled = false;
  readonly #finished = new Milestone<void>();
  #quiet: Milestone<void> | undefined;

  constructor(wire: Wire, caller: Caller, rules: FailureRules) {
    this.wire = wire;
    this.caller = caller;
    this.failures = new Failures(wire, caller, rules);
    this.turns = new Turns(this.failures, () => this.#pump());
    this.replies = new Replies(wire, (error) => {
      this.failures.add(error, 'connection');
      this.#pump();
    });
  }

  /** Whether a callback runs. */
  get running(): boolean {
    return this.turns.running;
  }

  get isFinished(): boolean {
    return this.#finished.reached;
  }

  /** Resolves when no callback will run any more. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Resolves when everything that has come was handled. */
  get quiet(): Promise<void> {
    if (this.#isQuiet()) return Promise.resolve();
    this.#quiet ??= new Milestone();
    return this.#quiet.promise;
  }

  /** Asks the service who gets the bytes. */
  begin(service: Service): void {
    this.turns.run(
      () => service.onConnect(this.caller),
      (answer) => this.#connected(answer),
      (error) => this.#refused(error),
    );
  }

  /** Goes on without the handler that runs; its answer is ignored. The connection must be over. */
  abandon(): void {
    this.turns.giveUp();
    this.failures.clear();
    this.#broken = undefined;
    if (this.#service === undefined || this.#closeCalled) this.#finish();
    else this.#pump();
  }

  // What the wire tells

  get hungry(): boolean {
    if (this.replies.blocked) return false;
    if (!this.turns.running) return true;
    return this.wire.readsAhead && this.#deliveries?.wait === false;
  }

  chunk(bytes: Uint8Array): void {
    const delivered = this.#deliveries?.chunk(bytes);
    if (!delivered || this.failures.wait) this.#pump();
  }

  fin(): void {
    this.#fin = true;
    this.#pump();
  }

  broken(error: TcpError): void {
    this.#broken = error;
    this.#pump();
  }

  moved(): void {
    if (this.replies.unblock()) this.#pump();
  }

  over(info: CloseInfo): void {
    this.#info = info;
    this.replies.blocked = false;
    this.#pump();
  }

  // The beginning

  #connected(answer: unknown): void {
    const wire = this.wire;
    try {
      this.#service = takeReader(wire, answer);
    } catch (error) {
      this.#refused(error);
      return;
    }
    if (this.#service === undefined) {
      this.#finish();
      return;
    }
    this.#deliveries = new Deliveries(this.#service, this);
    if (this.#service instanceof FramedService) this.#bind(this.#service);
    wire.consume(this);
    // What happened while onConnect ran.
    this.#fin = wire.intake.finReceived;
    if (wire.ending.breakage !== undefined) this.#broken = wire.ending.error;
    this.#info = wire.info;
    this.#pump();
  }

  #bind(service: FramedService): void {
    const silent = (): void => {
      this.#silent = true;
      this.#pump();
    };
    service.bind(this.caller, frameLink(this.wire, this.replies, this.failures, silent));
  }

  #refused(cause: unknown): void {
    this.failures.refuse(cause);
    this.#finish();
  }

  // The sequence

  /** Runs what is next, until something must be waited for. */
  #pump(): void {
    if (this.#service === undefined || this.#closeCalled) return;
    while (!this.turns.running && this.#step(this.#service));
    this.wire.intake.steer();
    if (this.#quiet !== undefined && this.#isQuiet()) this.#quiet.reach();
  }

  /** One callback; `false` when there is nothing to do now. */
  #step(service: ConnectionService): boolean {
    const failure = this.failures.next();
    if (failure !== undefined) return this.#tell(service, failure);
    if (this.#deliveries?.wait) {
      if (this.wire.intake.reads.bytes.length > 0) this.#silent = false;
      return this.#deliveries.next();
    }
    if (this.#silent) return this.#endOfSilence(service);
    if (this.#fin) return this.#endOfPeer(service);
    if (this.#broken !== undefined) {
      const error = this.#broken;
      this.#broken = undefined;
      return this.replies.toldEnd || this.#tell(service, { error, of: 'connection' });
    }
    if (this.#info !== undefined) this.#close(service, this.#info);
    return false;
  }

  #endOfSilence(service: ConnectionService): boolean {
    this.#silent = false;
    if (service instanceof FramedService) {
      this.turns.call('onBytes', () => service.silence(this.caller));
    }
    return true;
  }

  /** Everything before the peer's FIN was delivered: it takes effect. */
  #endOfPeer(service: ConnectionService): boolean {
    this.#fin = false;
    const answerFin = (): void => this.#answerFin(service);
    if (service instanceof FramedService) {
      this.turns.call('onBytes', () => service.finish(this.caller), answerFin);
    } else {
      answerFin();
    }
    return true;
  }

  #answerFin(service: ConnectionService): void {
    if (this.wire.closing) return;
    this.wire.intake.meetFin();
    if (this.wire.halfOpen) this.turns.call('onEnd', () => service.onEnd?.(this.caller));
  }

  #tell(service: ConnectionService, failure: Failure): true {
    this.turns.call(
      'onError',
      () => service.onError?.(failure.error, this.caller),
      () => this.failures.judge(failure, service.onError !== undefined),
    );
    return true;
  }

  #close(service: ConnectionService, info: CloseInfo): void {
    this.#closeCalled = true;
    if (service instanceof FramedService) service.release(this.caller);
    if (service.onClose === undefined) this.#finish();
    else {
      this.turns.call(
        'onClose',
        () => service.onClose?.(info),
        () => this.#finish(),
      );
    }
  }

  #isQuiet(): boolean {
    if (this.isFinished) return true;
    if (this.turns.running || this.failures.wait) return false;
    return this.#deliveries?.wait !== true;
  }

  #finish(): void {
    this.#finished.reach();
    this.#quiet?.reach();
    this.onFinished?.();
  }
}
