import type { ConnectionInfo } from './connection';

/**
 * Who owns what, and what is still open.
 *
 * Network, clock and everything above register what they create; disposing a scope aborts its
 * signal, disposes its children, settles, destroys and closes what is left, cancels timers and
 * waits until the last `close` was seen. It may be disposed twice; the second call waits for the
 * first. What is registered afterwards is ended at once.
 *
 * @source docs/network.md#scope
 */
export interface Scope extends AsyncDisposable {
  readonly label: string;
  /** Aborted when the scope is disposed. */
  readonly signal: AbortSignal;
  /** Registers a thing; `release` must follow when it is over. Returns the thing. */
  own<T extends Owned>(thing: T, label: string): T;
  /** Takes a thing off the books, since it has ended by itself. */
  release(thing: Owned): void;
  /** Keeps a failure that nobody listened to; it makes the scope unclean. */
  report(error: Error): void;
  child(label: string): Scope;
  /**
   * Runs a function; what its world opens inside, also later in what it started, belongs to this
   * scope and not to the world's own. Accepted connections belong where `listen` was called.
   *
   * @returns what the function returns
   */
  run<T>(work: () => T): T;
  /** The scope in whose `run` the calling code was started, if it is of this world; else this one. */
  current(): Scope;
  /** What is open right now, here and in the children. */
  leaks(): LeakReport;
}

/** Something with a life. The kind says where it is listed in a {@link LeakReport}. */
export interface Owned {
  readonly kind:
    | 'recorder'
    | 'channel'
    | 'connection'
    | 'endpoint'
    | 'timer'
    | 'read'
    | 'write'
    | 'other';
  /** Ends it at once; may return a promise that settles when it is over. Never throws. */
  dispose(): unknown;
  /** Facts for the report. */
  describe?(): string;
  info?(): ConnectionInfo;
  /** Of a channel, which is listed by what waits on it and not for itself: it has a connection. */
  waiting?(): Waiting;
  readonly dueUs?: number;
}

/** Calls that wait on a channel, in words. */
export interface Waiting {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** What a scope still holds. */
export interface LeakReport {
  readonly connections: readonly ConnectionInfo[];
  readonly endpoints: readonly string[];
  readonly timers: readonly { readonly label: string; readonly dueUs: number }[];
  readonly pendingReads: readonly string[];
  readonly pendingWrites: readonly string[];
  readonly others: readonly string[];
  readonly unhandledErrors: readonly Error[];
  readonly clean: boolean;
}
