import { describeValue, type HandlerName, TcpError } from '../base/errors';
import { type ConnectionFacts, describeConnection, messageOf } from './system-error';

/** A callback that threw or rejected. */
export function handlerError(
  handler: HandlerName,
  cause: unknown,
  facts: ConnectionFacts,
): TcpError {
  return new TcpError(`${handler} threw ${describeConnection(facts)}: ${messageOf(cause)}`, {
    ...facts,
    code: 'EHANDLER',
    phase: 'handler',
    handler,
    cause,
  });
}

/** A callback that returned what it may not. */
export function wrongReturn(
  handler: HandlerName,
  value: unknown,
  facts: ConnectionFacts,
): TcpError {
  const allowed = handler === 'onBytes' ? 'a Uint8Array or nothing' : 'nothing';
  const got = describeValue(value);
  const what = `${handler} must return ${allowed}, got ${got}`;
  return new TcpError(`${what} ${describeConnection(facts)}`, {
    ...facts,
    code: 'EHANDLER',
    phase: 'handler',
    handler,
  });
}

/** A listener of events that threw. */
export function eventListenerError(event: string, cause: unknown): TcpError {
  return new TcpError(`a listener of "${event}" threw: ${messageOf(cause)}`, {
    code: 'EHANDLER',
    phase: 'handler',
    cause,
  });
}

/** Whether a handler answered with a promise, of whatever make. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
