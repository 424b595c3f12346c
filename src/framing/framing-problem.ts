import { printHex } from '../base/byte-encodings';
import { TcpError, type TcpErrorDetails } from '../base/errors';

/**
 * What can be wrong with the bytes of a frame.
 *
 * | Code | Meaning |
 * | --- | --- |
 * | `frame-too-large` | longer than `max`, or a length field that says so |
 * | `bad-length` | a length that is no number, or too small to be true |
 * | `bad-delimiter` | other bytes where a start, an end or a line end must be |
 * | `bad-escape` | an escape in front of a byte that is never escaped |
 * | `bad-syntax` | bytes that no message of this protocol begins or goes on with |
 * | `incomplete` | the stream ended inside a frame |
 *
 * @source docs/framing.md#what-goes-wrong
 */
export type FramingProblemCode =
  | 'frame-too-large'
  | 'bad-length'
  | 'bad-delimiter'
  | 'bad-escape'
  | 'bad-syntax'
  | 'incomplete';

/** Why bytes are not a frame. */
export interface FramingProblem {
  readonly code: FramingProblemCode;
  /** What was expected, and what came. */
  readonly message: string;
  /** Offset, 0-based, of the byte at fault; of the frame's start for `frame-too-large` and `incomplete`. */
  readonly offset: number;
}

/**
 * The error that a reader of a stream raises for a problem; `cause` is the problem itself.
 *
 * @param details - facts of the connection, and `partial`
 * @returns `ELIMIT` for `frame-too-large`, `EPEERCLOSED` for `incomplete`, otherwise `EFRAME`; phase `read`
 * @source docs/framing.md#what-goes-wrong
 */
export function framingError(
  problem: FramingProblem,
  details: Partial<TcpErrorDetails> = {},
): TcpError {
  const where = `at byte ${problem.offset} of the stream`;
  return new TcpError(`read of a frame: ${problem.message} (${problem.code}, ${where})`, {
    ...details,
    code: errorCodeOf(problem.code),
    phase: 'read',
    cause: problem,
  });
}

/** The refusal of a message that a framing cannot carry. @internal */
export function encodeError(length: number, reason: string): TcpError {
  return new TcpError(`encode of a frame of ${countBytes(length)}: ${reason}`, {
    code: 'EFRAME',
    phase: 'write',
  });
}

/** Bytes for a message: `0d 0a`; at most 16 of them. @internal */
export function hexText(bytes: Uint8Array): string {
  const shown = printHex(bytes.subarray(0, 16));
  return bytes.length > 16 ? `${shown} …` : shown;
}

/** `1 byte`, `2 bytes`. @internal */
export function countBytes(count: number | bigint): string {
  return `${count} ${count === 1 || count === 1n ? 'byte' : 'bytes'}`;
}

function errorCodeOf(code: FramingProblemCode): 'ELIMIT' | 'EPEERCLOSED' | 'EFRAME' {
  if (code === 'frame-too-large') return 'ELIMIT';
  return code === 'incomplete' ? 'EPEERCLOSED' : 'EFRAME';
}
