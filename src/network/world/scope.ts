import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import { type Deferred, deferred } from '../../base/deferred';
import { TcpError } from '../../base/errors';
import type { ConnectionInfo } from '../connection';
import type { LeakReport, Owned, Scope } from '../scope';
import { LeakError } from './leak-error';
import { OwnedThings } from './owned-things';

export interface ScopeOptions {
  /**
   * How long disposal waits for things that do not end: it gives up, with a LeakError, when this
   * promise resolves. Called once per disposal; `signal` is aborted when it is not needed any more.
   * Default: it waits as long as it takes.
   */
  readonly patience?: (signal: AbortSignal) => Promise<unknown>;
}

/** Makes the scope of a world. */
export function createScope(label: string, options: ScopeOptions = {}): Scope {
  return new OwnerScope(label, undefined, options);
}

/** The scope in whose `run` this code was started, if it belongs to the same world; else the world's own. */
export function currentScope(root: Scope): Scope {
  const current = attribution.getStore();
  return current !== undefined && current.root === root ? current : root;
}

const attribution = new AsyncLocalStorage<OwnerScope>();

/**
 * What records is closed first, so that it does not record how the rest is ended; who waits for
 * bytes is settled before the connection goes away under it.
 */
const endingOrder: readonly Owned['kind'][] = [
  'recorder',
  'channel',
  'read',
  'write',
  'connection',
  'endpoint',
  'timer',
  'other',
];

/** The report of a scope that holds nothing. */
const nothing: LeakReport = {
  connections: [],
  endpoints: [],
  timers: [],
  pendingReads: [],
  pendingWrites: [],
  others: [],
  unhandledErrors: [],
  clean: true,
};

class OwnerScope implements Scope {
  readonly label: string;
  readonly root: Scope;
  readonly #parent: OwnerScope | undefined;
  readonly #options: ScopeOptions;
  readonly #owned = new OwnedThings();
  readonly #endings = new Map<Owned, Promise<void>>();
  readonly #children = new Set<OwnerScope>();
  readonly #unhandled: Error[] = [];
  /** Made on first need: most scopes are never asked for it. */
  #abort: AbortController | undefined;
  #disposal: Deferred<void> | undefined;

  constructor(label: string, parent: OwnerScope | undefined, options: ScopeOptions) {
    this.label = label;
    this.#parent = parent;
    this.root = parent?.root ?? this;
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#aborter().signal;
  }

  own<T extends Owned>(thing: T, label: string): T {
    this.#owned.set(thing, label);
    if (this.#disposal !== undefined) void this.#end(thing);
    return thing;
  }

  release(thing: Owned): void {
    this.#owned.delete(thing);
  }

  report(error: Error): void {
    this.#unhandled.push(error);
  }

  child(label: string): Scope {
    const child = new OwnerScope(label, this, this.#options);
    this.#children.add(child);
    if (this.#disposal !== undefined) void child[Symbol.asyncDispose]();
    return child;
  }

  run<T>(work: () => T): T {
    return attribution.run(this, work);
  }

  current(): Scope {
    return currentScope(this.root);
  }

  leaks(): LeakReport {
    if (this.#owned.size + this.#children.size + this.#unhandled.length === 0) return nothing;
    const children = [...this.#children].map((child) => child.leaks());
    const own = [...this.#owned];
    const texts = (kind: Owned['kind']): string[] =>
      own
        .filter(([thing]) => thing.kind === kind)
        .map(([thing, label]) => thing.describe?.() ?? label);
    const infos = own
      .map(([thing]) => (thing.kind === 'connection' ? thing.info?.() : undefined))
      .filter((info): info is ConnectionInfo => info !== undefined);
    const timers = own
      .filter(([thing]) => thing.kind === 'timer')
      .map(([thing, label]) => ({ label, dueUs: thing.dueUs ?? 0 }));
    const waiting = own.flatMap(([thing]) => thing.waiting?.() ?? []);
    const reads = [...texts('read'), ...waiting.flatMap((calls) => calls.reads)];
    const writes = [...texts('write'), ...waiting.flatMap((calls) => calls.writes)];
    const report = {
      connections: [...infos, ...children.flatMap((child) => child.connections)],
      endpoints: [...texts('endpoint'), ...children.flatMap((child) => child.endpoints)],
      timers: [...timers, ...children.flatMap((child) => child.timers)],
      pendingReads: [...reads, ...children.flatMap((child) => child.pendingReads)],
      pendingWrites: [...writes, ...children.flatMap((child) => child.pendingWrites)],
      others: [
        ...texts('recorder'),
        ...texts('other'),
        ...children.flatMap((child) => child.others),
      ],
      unhandledErrors: [...this.#unhandled, ...children.flatMap((child) => child.unhandledErrors)],
    };
    return { ...report, clean: Object.values(report).every((list) => list.length === 0) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposal === undefined) {
      const disposal = deferred();
      // Nobody may wait for the end of a child; its parent hears of a failure all the same.
      disposal.promise.catch(() => undefined);
      this.#disposal = disposal;
      this.#dispose().then(disposal.resolve, disposal.reject);
    }
    return this.#disposal.promise;
  }

  async #dispose(): Promise<void> {
    this.#abort?.abort(this.#ended());
    const late = await this.#endInTime();
    this.#parent?.forget(this);
    if (late) throw new LeakError(`scope "${this.label}", which does not end,`, this.leaks());
  }

  /** Whether patience was over before everything had ended. */
  async #endInTime(): Promise<boolean> {
    const ended = this.#endEverything();
    const { patience } = this.#options;
    if (patience === undefined) {
      await ended;
      return false;
    }
    const enough = new AbortController();
    const gaveUp = patience(enough.signal).then(() => true);
    // The clock that lends its patience rejects when it is called off.
    gaveUp.catch(() => undefined);
    const late = Promise.race([ended.then(() => false), gaveUp]);
    return late.finally(() => enough.abort());
  }

  /** What the signal of an ended scope says. */
  #ended(): TcpError {
    return new TcpError(`scope "${this.label}" ended`, { code: 'ABORT_ERR', phase: 'close' });
  }

  async #endEverything(): Promise<void> {
    const failures: unknown[] = [];
    // Ending one thing may open another, for instance in a listener of `close`.
    while (this.#owned.size > 0 || this.#children.size > 0) {
      const children = [...this.#children].map((child) => child[Symbol.asyncDispose]());
      const things = endingOrder.flatMap((kind) =>
        [...this.#owned].map(([thing]) => thing).filter((thing) => thing.kind === kind),
      );
      const endings = things.map((thing) => this.#end(thing));
      for (const outcome of await Promise.allSettled([...children, ...endings])) {
        if (outcome.status === 'rejected') failures.push(outcome.reason);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Ends a thing once; a failure to end counts as one that nobody heard. */
  #end(thing: Owned): Promise<void> {
    const begun = this.#endings.get(thing);
    if (begun !== undefined) return begun;
    const ending = new Promise<unknown>((resolve) => resolve(thing.dispose()))
      .catch((error) => this.report(error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        this.#owned.delete(thing);
        this.#endings.delete(thing);
      })
      .then(() => undefined);
    this.#endings.set(thing, ending);
    return ending;
  }

  #aborter(): AbortController {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      // Everything that waits in this scope listens: a large number is no leak.
      setMaxListeners(0, this.#abort.signal);
      if (this.#disposal !== undefined) this.#abort.abort(this.#ended());
    }
    return this.#abort;
  }

  private forget(child: OwnerScope): void {
    this.#children.delete(child);
  }
}
