import type { HandlerName, TcpError } from '../base/errors';
import type { Caller } from './caller';
import { handlerError, wrongReturn } from './handler-error';
import type { Wire } from './wire';

/** What the listener decides about failures, and where it hears of them. */
export interface FailureRules {
  readonly onConnectFailure: 'close' | 'reset';
  readonly onHandlerFailure: 'keep' | 'close' | 'reset';
  /** `heard`: whether the service itself was told. */
  failed(error: TcpError, caller: Caller, heard: boolean): void;
}

/** A failure on its way to `onError`. */
export interface Failure {
  readonly error: TcpError;
  /** `handler`: also told to the listener. `framing`: nothing behind it can be understood. */
  readonly of: 'handler' | 'framing' | 'connection';
}

/** The failures of one connection that wait for `onError`, and what becomes of it after each. */
export class Failures {
  readonly #wire: Wire;
  readonly #caller: Caller;
  readonly #rules: FailureRules;
  #waiting: Failure[] = [];

  constructor(wire: Wire, caller: Caller, rules: FailureRules) {
    this.#wire = wire;
    this.#caller = caller;
    this.#rules = rules;
  }

  get wait(): boolean {
    return this.#waiting.length > 0;
  }

  add(error: TcpError, of: Failure['of']): void {
    this.#waiting.push({ error, of });
  }

  /** A callback threw or rejected. */
  threw(handler: HandlerName, cause: unknown): void {
    this.#addHandler(handlerError(handler, cause, this.#wire.facts()));
  }

  /** A callback answered with what it may not. */
  returned(handler: HandlerName, value: unknown): void {
    this.#addHandler(wrongReturn(handler, value, this.#wire.facts()));
  }

  next(): Failure | undefined {
    return this.#waiting.shift();
  }

  clear(): void {
    this.#waiting = [];
  }

  /** `onConnect` failed: nobody wants this connection. */
  refuse(cause: unknown): void {
    const error = handlerError('onConnect', cause, this.#wire.facts());
    if (this.#rules.onConnectFailure === 'reset') this.#wire.reset('handler-failure', error);
    else void this.#wire.close('handler-failure', error);
    this.#rules.failed(error, this.#caller, false);
  }

  /** What becomes of the connection after `onError` was asked. */
  judge({ error, of }: Failure, heard: boolean): void {
    if (of === 'framing') void this.#wire.close('error', error);
    if (of !== 'handler') return;
    this.#rules.failed(error, this.#caller, heard);
    const { onHandlerFailure } = this.#rules;
    if (onHandlerFailure === 'reset') this.#wire.reset('handler-failure', error);
    if (onHandlerFailure === 'close') void this.#wire.close('handler-failure', error);
  }

  #addHandler(error: TcpError): void {
    // What onError and onClose do wrong cannot be told to onError.
    const last = error.handler === 'onError' || error.handler === 'onClose';
    if (last) this.#rules.failed(error, this.#caller, false);
    else this.#waiting.push({ error, of: 'handler' });
  }
}
