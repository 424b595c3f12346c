import type { Captures, CaptureValue } from '../base/byte-pattern-result';
import type { HandlerContext } from './mock-model';

/** A frame, and everything a predicate may ask about it. */
export interface Subject {
  readonly bytes: Uint8Array;
  readonly state: string;
  /** In order of accept, from 1. */
  readonly connection: number;
  readonly secured: boolean;
  /** Common name and SHA-256 fingerprint of the certificate that the client showed. */
  readonly clientCert: readonly string[];
  /** What a handler sees. */
  context(captures: Captures): HandlerContext;
  /** Judges an expression that may take long; see `regex-limit.ts`. */
  readonly regexLimit: RegexLimit;
}

/** How long expressions may take, and who is told when one takes longer. */
export interface RegexLimit {
  readonly limitMs: number;
  /** A clock that goes on while code runs, in microseconds. */
  readonly now?: () => number;
  /** What expressions that may take long have taken of it for this frame, in milliseconds. */
  spentMs?: number;
  exceeded(expression: string): void;
}

/** What names caught, while more may be added. */
export type MutableCaptures = Record<string, CaptureValue>;

/** One demand of a predicate. */
export interface Check {
  /** `bytes`: of the frame; `state`: of the conversation; `condition`: of the connection. */
  readonly kind: 'bytes' | 'state' | 'condition';
  /** 3 `equals`, 2 what looks at bytes otherwise, 1 anything at all. */
  readonly rank: 1 | 2 | 3;
  /** Bytes that a frame begins with, for finding what is nearest. */
  readonly wanted?: Uint8Array;
  readonly names?: readonly string[];
  /** Whether it holds; what it catches is added. */
  holds(subject: Subject, captures: MutableCaptures): boolean;
  /** Why it does not hold. */
  reason(subject: Subject): string;
  /** Where it ends on a stream; absent for those that cannot say. */
  onStream?(bytes: Uint8Array, subject: Subject, captures: MutableCaptures): StreamMatch;
}

/** `more`: more bytes are needed; `never`: no further byte helps; else the offset behind the match. */
export type StreamMatch = number | 'more' | 'never';
