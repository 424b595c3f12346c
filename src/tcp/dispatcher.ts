/**
 * The callbacks of one connection: one at a time, in the order of events, `onClose` last.
 *
 * A handler that answers at once costs no promise; one that answers later holds everything behind
 * it. What cannot be handled now waits: chunks in the queue of the wire, failures and the end here.
 */
import { type Deferred, deferred } from '../base/deferred';
import type { HandlerName, TcpError } from '../base/errors';
import { busyError } from './call-errors';
import type { Caller } from './caller';
import type { CloseInfo } from './close-info';
import { FramedService } from './framed';
import { handlerError, isThenable, wrongReturn } from './handler-error';
import { chunkBytes } from './intake';
import type { ConnectionService, Service } from './service';
import { checkConnectionService } from './service-shape';
import type { Wire } from './wire';
import type { WireConsumer } from './wire-settings';
import type { WriteOutcome } from './write-call';

/** What the listener decides, and where failures are told. */
export interface DispatchSettings {
  readonly onConnectFailure: 'close' | 'reset';
  readonly onHandlerFailure: 'keep' | 'close' | 'reset';
  /** `heard`: whether the service itself was told. */
  failed(error: TcpError, caller: Caller, heard: boolean): void;
}

/** A failure on its way to `onError`; of a handler, or of the connection. */
interface Failure {
  readonly error: TcpError;
  /** `handler`: also told to the listener. `framing`: nothing behind it can be understood. */
  readonly of: 'handler' | 'framing' | 'connection';
}

export class Dispatcher implements WireConsumer {
  readonly #wire: Wire;
  readonly #caller: Caller;
  readonly #settings: DispatchSettings;
  readonly #failures: Failure[] = [];
  readonly #reply: WriteOutcome;
  #service: ConnectionService | undefined;
  #running = false;
  /** Counts what is waited for; the answer of a handler that was given up is not. */
  #turn = 0;
  #blocked = false;
  #fin = false;
  #silent = false;
  #broken: TcpError | undefined;
  #replyFailed = false;
  #info: CloseInfo | undefined;
  /** Whether onClose was called. */
  #last = false;
  #finished = false;
  #finish: Deferred<void> | undefined;
  #quiet: Deferred<void> | undefined;

  constructor(wire: Wire, caller: Caller, settings: DispatchSettings) {
    this.#wire = wire;
    this.#caller = caller;
    this.#settings = settings;
    this.#reply = {
      isReply: true,
      resolve: () => undefined,
      reject: (error) => this.#replyRefused(error),
    };
  }

  /** Whether a callback runs. */
  get running(): boolean {
    return this.#running;
  }

  /** Resolves when no callback will run any more. */
  get finished(): Promise<void> {
    if (this.#finished) return Promise.resolve();
    this.#finish ??= deferred();
    return this.#finish.promise;
  }

  /** Resolves when everything that has come was handled. */
  get quiet(): Promise<void> {
    if (this.#isQuiet()) return Promise.resolve();
    this.#quiet ??= deferred();
    return this.#quiet.promise;
  }

  /** Asks the service who gets the bytes. */
  begin(service: Service): void {
    this.#run(
      () => service.onConnect(this.#caller),
      (answer) => this.#connected(answer),
      (error) => this.#refused(error),
    );
  }

  /** Goes on without the handler that runs; its answer is ignored. The connection must be over. */
  abandon(): void {
    this.#turn++;
    this.#running = false;
    this.#failures.length = 0;
    this.#broken = undefined;
    if (this.#service === undefined || this.#last) this.#end();
    else this.#pump();
  }

  // What the wire tells

  get hungry(): boolean {
    if (this.#blocked) return false;
    if (!this.#running) return true;
    return this.#wire.readsAhead && this.#wire.intake.reads.bytes.length === 0;
  }

  chunk(bytes: Uint8Array): void {
    const { bytes: queue } = this.#wire.intake.reads;
    const mustWait =
      this.#running || this.#blocked || queue.length > 0 || bytes.length > chunkBytes;
    if (mustWait) {
      queue.push(bytes);
      this.#pump();
      return;
    }
    this.#deliver(bytes);
    if (this.#failures.length > 0) this.#pump();
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
    if (!this.#blocked) return;
    if (this.#wire.outlet.writes.unflushed > this.#wire.settings.writeHighWaterMark / 2) return;
    this.#blocked = false;
    this.#pump();
  }

  over(info: CloseInfo): void {
    this.#info = info;
    this.#blocked = false;
    this.#pump();
  }

  // The sequence

  #connected(answer: unknown): void {
    if (answer === undefined || answer === null) {
      this.#end();
      return;
    }
    const { reader } = this.#wire;
    try {
      checkConnectionService(answer);
      if (reader !== undefined) {
        throw busyError('onBytes', 'read', reader.name, this.#wire.facts());
      }
    } catch (error) {
      this.#refused(error);
      return;
    }
    this.#service = answer as ConnectionService;
    this.#bind(answer);
    this.#wire.reader = { name: 'onBytes' };
    this.#wire.intake.reads.rejectWaiting(() =>
      busyError('read', 'read', 'onBytes', this.#wire.facts()),
    );
    this.#wire.consume(this);
    // What happened while onConnect ran.
    this.#fin = this.#wire.intake.finReceived;
    if (this.#wire.ending.breakage !== undefined) this.#broken = this.#wire.ending.error;
    this.#info = this.#wire.info;
    this.#pump();
  }

  #bind(service: unknown): void {
    if (!(service instanceof FramedService)) return;
    const { clock } = this.#wire.world;
    service.bind(this.#caller, {
      clock,
      reply: (bytes) => this.#send(bytes),
      goesOn: () => !this.#blocked && !this.#wire.closing,
      fail: (error) => this.#failures.push({ error, of: 'framing' }),
      silent: () => {
        this.#silent = true;
        this.#pump();
      },
    });
  }

  /** `onConnect` failed: nobody wants this connection. */
  #refused(cause: unknown): void {
    const error = handlerError('onConnect', cause, this.#wire.facts());
    if (this.#settings.onConnectFailure === 'reset') this.#wire.reset('handler-failure', error);
    else void this.#wire.close('handler-failure', error);
    this.#settings.failed(error, this.#caller, false);
    this.#end();
  }

  /** Runs what is next, until something must be waited for. */
  #pump(): void {
    if (this.#service === undefined || this.#last) return;
    while (!this.#running && this.#step(this.#service));
    this.#wire.intake.steer();
    if (this.#quiet !== undefined && this.#isQuiet()) {
      this.#quiet.resolve();
      this.#quiet = undefined;
    }
  }

  /** One callback; `false` when there is nothing to do now. */
  #step(service: ConnectionService): boolean {
    const failure = this.#failures.shift();
    if (failure !== undefined) {
      this.#tell(service, failure);
      return true;
    }
    const { bytes } = this.#wire.intake.reads;
    if (bytes.length > 0 || this.#framesWait()) return !this.#blocked && this.#next(service);
    if (this.#silent) return this.#endOfSilence(service);
    if (this.#fin) return this.#endOfPeer(service);
    if (this.#broken !== undefined) {
      const error = this.#broken;
      this.#broken = undefined;
      if (!this.#replyFailed) this.#tell(service, { error, of: 'connection' });
      return true;
    }
    if (this.#info === undefined) return false;
    this.#close(service, this.#info);
    return false;
  }

  /** The next message of a framed service that was interrupted, or the next chunk. */
  #next(service: ConnectionService): boolean {
    if (service instanceof FramedService && service.ready(this.#caller)) {
      this.#call('onBytes', () => service.go(this.#caller));
      return true;
    }
    this.#silent = false;
    const chunk = this.#wire.intake.reads.next(chunkBytes);
    if (chunk !== undefined) this.#deliver(chunk);
    return chunk !== undefined;
  }

  #deliver(data: Uint8Array): void {
    const service = this.#service;
    if (service === undefined) return;
    let answer: unknown;
    // Nothing else may be delivered while a handler runs, whatever it calls.
    this.#running = true;
    try {
      answer = service.onBytes(data, this.#caller);
    } catch (error) {
      this.#running = false;
      this.#handlerFailed('onBytes', error);
      return;
    }
    this.#running = false;
    if (answer === undefined || answer === null) return;
    if (isThenable(answer)) {
      this.#wait(
        answer,
        (value) => this.#answered(value, data),
        (error) => this.#handlerFailed('onBytes', error),
      );
    } else {
      this.#answered(answer, data);
    }
  }

  /** What `onBytes` returned is queued before it is called again. */
  #answered(answer: unknown, data: Uint8Array): void {
    if (answer === undefined || answer === null) return;
    if (answer instanceof Uint8Array) {
      // What came in was the handler's own, and nobody else has it: it needs no copy to go out.
      this.#send(answer === data ? answer : Buffer.from(answer));
      return;
    }
    const error = wrongReturn('onBytes', answer, this.#wire.facts());
    this.#failures.push({ error, of: 'handler' });
  }

  #send(bytes: Uint8Array): void {
    const { outlet, settings } = this.#wire;
    outlet.write(bytes, settings.write, this.#reply);
    this.#blocked = outlet.writes.unflushed > settings.writeHighWaterMark;
  }

  #framesWait(): boolean {
    const service = this.#service;
    return service instanceof FramedService && !this.#wire.closing && service.ready(this.#caller);
  }

  #endOfSilence(service: ConnectionService): boolean {
    this.#silent = false;
    if (service instanceof FramedService) {
      this.#call('onBytes', () => service.silence(this.#caller));
    }
    return true;
  }

  /** Everything before the peer's FIN was delivered: it takes effect. */
  #endOfPeer(service: ConnectionService): boolean {
    this.#fin = false;
    if (service instanceof FramedService && !this.#wire.closing) {
      this.#call(
        'onBytes',
        () => service.finish(this.#caller),
        () => this.#answerFin(service),
      );
    } else {
      this.#answerFin(service);
    }
    return true;
  }

  #answerFin(service: ConnectionService): void {
    if (this.#wire.closing) return;
    this.#wire.intake.meetFin();
    if (this.#wire.halfOpen) this.#call('onEnd', () => service.onEnd?.(this.#caller));
  }

  #tell(service: ConnectionService, { error, of }: Failure): void {
    const heard = service.onError !== undefined;
    this.#call(
      'onError',
      () => service.onError?.(error, this.#caller),
      () => {
        if (of === 'framing') void this.#wire.close('error', error);
        if (of !== 'handler') return;
        this.#settings.failed(error, this.#caller, heard);
        const { onHandlerFailure } = this.#settings;
        if (onHandlerFailure === 'reset') this.#wire.reset('handler-failure', error);
        if (onHandlerFailure === 'close') void this.#wire.close('handler-failure', error);
      },
    );
  }

  #close(service: ConnectionService, info: CloseInfo): void {
    if (service instanceof FramedService) service.release(this.#caller);
    this.#last = true;
    this.#call(
      'onClose',
      () => service.onClose?.(info),
      () => this.#end(),
    );
  }

  /** A callback that returns nothing. `done` follows it, also when it fails. */
  #call(handler: HandlerName, run: () => unknown, done: () => void = () => undefined): void {
    this.#run(
      run,
      (value) => {
        if (value !== undefined && value !== null) {
          this.#callFailed(wrongReturn(handler, value, this.#wire.facts()));
        }
        done();
      },
      (cause) => {
        this.#callFailed(handlerError(handler, cause, this.#wire.facts()));
        done();
      },
    );
  }

  #run(run: () => unknown, settle: (value: unknown) => void, fail: (error: unknown) => void): void {
    let answer: unknown;
    this.#running = true;
    try {
      answer = run();
    } catch (error) {
      this.#running = false;
      fail(error);
      return;
    }
    this.#running = false;
    if (isThenable(answer)) this.#wait(answer, settle, fail);
    else settle(answer);
  }

  #callFailed(error: TcpError): void {
    // What onError and onClose do wrong cannot be told to onError.
    const last = error.handler === 'onError' || error.handler === 'onClose';
    if (last) this.#settings.failed(error, this.#caller, false);
    else this.#failures.push({ error, of: 'handler' });
  }

  #handlerFailed(handler: HandlerName, cause: unknown): void {
    const error = handlerError(handler, cause, this.#wire.facts());
    this.#failures.push({ error, of: 'handler' });
  }

  #wait(
    answer: PromiseLike<unknown>,
    settle: (value: unknown) => void,
    fail: (error: unknown) => void,
  ): void {
    this.#running = true;
    const turn = ++this.#turn;
    const then = (next: (value: unknown) => void) => (value: unknown) => {
      if (turn !== this.#turn) return;
      this.#running = false;
      next(value);
      this.#pump();
    };
    answer.then(then(settle), then(fail));
  }

  /** A reply could not be sent. What broke the connection is told once, and by the first reply. */
  #replyRefused(error: TcpError): void {
    const over = this.#wire.ending.breakage !== undefined || this.#wire.closing;
    if (over && this.#replyFailed) return;
    this.#replyFailed ||= over;
    this.#failures.push({ error, of: 'connection' });
    this.#pump();
  }

  #isQuiet(): boolean {
    if (this.#finished) return true;
    if (this.#running || this.#failures.length > 0) return false;
    return this.#wire.intake.reads.bytes.length === 0 && !this.#framesWait();
  }

  #end(): void {
    this.#finished = true;
    this.#finish?.resolve();
    this.#quiet?.resolve();
  }
}
