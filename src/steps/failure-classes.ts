import type { TcpErrorCode } from '../base/error-codes';
import type { TcpError } from '../base/errors';

/**
 * A class of failures, as the words of a step name it.
 *
 * Steps match classes, so that one line passes on every network and every Node.
 */
export interface FailureClass {
  /** `connection reset`. */
  readonly words: string;
  readonly codes: readonly TcpErrorCode[];
  /** Absent: any phase. */
  readonly phase?: 'connect' | 'listen' | 'read' | 'write';
}

/** Every class that a step can name, the most common first. */
export const failureClasses: readonly FailureClass[] = [
  { words: 'connection refused', codes: ['ECONNREFUSED'], phase: 'connect' },
  { words: 'host unreachable', codes: ['EUNREACHABLE'], phase: 'connect' },
  { words: 'unknown host', codes: ['ENOTFOUND'], phase: 'connect' },
  { words: 'address in use', codes: ['EADDRINUSE'], phase: 'listen' },
  { words: 'connection reset', codes: ['ECONNRESET'] },
  { words: 'end of stream', codes: ['EPEERCLOSED'], phase: 'read' },
  { words: 'timeout', codes: ['ECONNECTTIMEOUT', 'EREADTIMEOUT', 'EWRITETIMEOUT'] },
  { words: 'connect timeout', codes: ['ECONNECTTIMEOUT'], phase: 'connect' },
  { words: 'read timeout', codes: ['EREADTIMEOUT'], phase: 'read' },
  { words: 'write timeout', codes: ['EWRITETIMEOUT'], phase: 'write' },
];

/** Whether a failure belongs to a class. */
export function isOfClass(failure: FailureClass, error: TcpError): boolean {
  return failure.codes.includes(error.code);
}

/** The words of the narrowest class that an error belongs to; its code when there is none. */
export function failureWords(error: TcpError): string {
  const fits = failureClasses.filter((failure) => isOfClass(failure, error));
  const narrow = fits.sort((left, right) => left.codes.length - right.codes.length)[0];
  return narrow?.words ?? error.code;
}
