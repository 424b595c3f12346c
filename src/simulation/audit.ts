import { createHook, executionAsyncId } from 'node:async_hooks';
import { currentPlace } from './context';
import type { SimulationEscape } from './verdicts';

/** Native work that the event loop does not show, or that has no place in a simulated world. */
const watched = new Set([
  'CIPHERREQUEST',
  'DERIVEBITSREQUEST',
  'GETADDRINFOREQWRAP',
  'GETNAMEINFOREQWRAP',
  'HASHREQUEST',
  'HKDFREQUEST',
  'KEYGENREQUEST',
  'KEYPAIRGENREQUEST',
  'PBKDF2REQUEST',
  'PIPECONNECTWRAP',
  'PROCESSWRAP',
  'QUERYWRAP',
  'RANDOMBYTESREQUEST',
  'RANDOMPRIMEREQUEST',
  'SCRYPTREQUEST',
  'SIGNREQUEST',
  'TCPCONNECTWRAP',
  'TCPSERVERWRAP',
  'Timeout',
  'UDPWRAP',
  'WORKER',
  'ZLIB',
]);

/** Native work of one kind. */
export interface NativeWork {
  /** Name of the resource in `node:async_hooks`; `Timeout` is a timer in real time. */
  readonly type: string;
  readonly count: number;
  /** Where it was first begun. */
  readonly stack: string;
}

/**
 * What a run did that a simulation cannot repeat or time cannot wait for. Empty lists and zeros
 * are the proof that nothing left the world.
 */
export interface AuditReport {
  readonly escapes: readonly SimulationEscape[];
  readonly nativeWork: readonly NativeWork[];
  /** Calls of `Math.random`, and of `Date` for the present time, by code of the world. */
  readonly mathRandomCalls: number;
  readonly dateCalls: number;
  /** Failures that nobody heard. */
  readonly unhandled: readonly Error[];
}

/** Watches what code of one world begins. */
export class Audit {
  readonly #world: object;
  readonly #native = new Map<string, { count: number; readonly stack: string }>();
  readonly #counts = { mathRandomCalls: 0, dateCalls: 0 };
  readonly #hook = createHook({ init: (_id, type) => this.#begun(type) });

  constructor(world: object) {
    this.#world = world;
  }

  start(): void {
    this.#hook.enable();
  }

  stop(): void {
    this.#hook.disable();
  }

  count(what: 'mathRandomCalls' | 'dateCalls'): void {
    this.#counts[what]++;
  }

  report(escapes: readonly SimulationEscape[], unhandled: readonly Error[]): AuditReport {
    const nativeWork = [...this.#native].map(([type, { count, stack }]) => ({
      type,
      count,
      stack,
    }));
    return { escapes: [...escapes], nativeWork, ...this.#counts, unhandled: [...unhandled] };
  }

  #begun(type: string): void {
    if (!watched.has(type) || executionAsyncId() === 0) return;
    if (currentPlace()?.world !== this.#world) return;
    const known = this.#native.get(type);
    if (known !== undefined) known.count++;
    else this.#native.set(type, { count: 1, stack: new Error(type).stack ?? '' });
  }
}
