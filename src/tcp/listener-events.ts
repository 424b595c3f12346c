import { configError, type TcpError } from '../base/errors';
import type { Scope } from '../network/scope';
import type { Caller } from './caller';
import type { CloseInfo } from './close-info';
import { eventListenerError } from './handler-error';

/** What a listener tells, and with what. */
export interface ListenerEvents {
  connection: [caller: Caller];
  close: [info: CloseInfo, caller: Caller];
  handlerError: [error: TcpError, caller: Caller];
  acceptError: [error: TcpError];
  handshakeError: [error: TcpError];
}

/** The name of an event of a listener. */
export type ListenerEventName = keyof ListenerEvents;

type AnyListener = (...args: never[]) => void;

const names: readonly string[] = [
  'connection',
  'close',
  'handlerError',
  'acceptError',
  'handshakeError',
];

/** Tells events to whoever listens. One that throws disturbs neither the others nor the connection. */
export class EventTeller {
  readonly #listeners = new Map<string, readonly AnyListener[]>();
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** @throws TcpError `ECONFIG` - no such event, or something that cannot be called */
  on(event: string, listener: unknown): void {
    if (!names.includes(event)) {
      throw configError('event', `one of ${names.map((name) => `"${name}"`).join(', ')}`, event);
    }
    if (typeof listener !== 'function') throw configError('listener', 'a function', listener);
    this.#listeners.set(event, [...this.#of(event), listener as AnyListener]);
  }

  off(event: string, listener: unknown): void {
    const rest = this.#of(event).filter((other) => other !== listener);
    this.#listeners.set(event, rest);
  }

  /** Whether anybody listens. */
  hears(event: ListenerEventName): boolean {
    return this.#of(event).length > 0;
  }

  tell<E extends ListenerEventName>(event: E, ...args: ListenerEvents[E]): void {
    if (this.#listeners.size === 0) return;
    for (const listener of this.#of(event)) {
      try {
        listener(...(args as readonly unknown[] as never[]));
      } catch (cause) {
        this.#failed(event, cause, args);
      }
    }
  }

  #failed(event: ListenerEventName, cause: unknown, args: readonly unknown[]): void {
    const error = eventListenerError(event, cause);
    const caller = event === 'connection' ? args[0] : args[1];
    // What listens to failures and fails itself has nobody left to tell.
    const heard = event !== 'handlerError' && this.hears('handlerError');
    if (heard) this.tell('handlerError', error, caller as Caller);
    else this.#scope.report(error);
  }

  #of(event: string): readonly AnyListener[] {
    return this.#listeners.get(event) ?? [];
  }
}

/** The part of a listener that tells events. */
export class EventSource {
  /** @internal */
  protected readonly events: EventTeller;

  constructor(events: EventTeller) {
    this.events = events;
  }

  /** A connection was accepted; nothing was asked or delivered yet. */
  on(event: 'connection', listener: (caller: Caller) => void): this;
  /** A connection is over. */
  on(event: 'close', listener: (info: CloseInfo, caller: Caller) => void): this;
  /** A callback failed. */
  on(event: 'handlerError', listener: (error: TcpError, caller: Caller) => void): this;
  /** A connection could not be accepted. */
  on(event: 'acceptError', listener: (error: TcpError) => void): this;
  /** A connection was accepted, and TLS on it failed: nobody else is told of it. */
  on(event: 'handshakeError', listener: (error: TcpError) => void): this;
  on(event: string, listener: unknown): this {
    this.events.on(event, listener);
    return this;
  }

  off(event: string, listener: (...args: never[]) => void): this {
    this.events.off(event, listener);
    return this;
  }
}
