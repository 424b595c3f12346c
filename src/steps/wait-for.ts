import { toMicroseconds } from '../base/duration';
import type { Clock } from '../network/clock';

/** Something that changes and says so: a transcript, the output of a program. */
export interface Changing {
  /** Calls back after every change; the returned function ends that. */
  onChange(listener: () => void): () => void;
}

/** Keeps listeners and calls them; the ready-made half of {@link Changing}. */
export class Changes implements Changing {
  readonly #listeners = new Set<() => void>();

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Says that something changed. */
  changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** What is waited for may have nothing else that keeps the process alive. */
const hold = { hold: true } as const;

/** Changes when one of two things changes. */
export function either(one: Changing, other: Changing): Changing {
  return {
    onChange(listener) {
      const ends = [one.onChange(listener), other.onChange(listener)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

/** How a wait ended: with what was looked for, or by the clock. */
export interface Wait<T> {
  /** What `look` gave; absent when the limit passed. */
  readonly found?: T;
  readonly waitedMs: number;
}

/**
 * Waits until `look` gives something else than `undefined`, looking again after every change of
 * the source, at most `limitMs` on the clock. Nothing is polled.
 *
 * A `look` that also wants to stop early (the peer is gone, the program has exited) returns a
 * value that says so. On a real clock a look that comes due together with the limit still counts,
 * since bytes may lie in the kernel while the process had no turn.
 */
export function waitFor<T>(
  clock: Clock,
  source: Changing,
  look: () => T | undefined,
  limitMs: number,
  label: string,
): Promise<Wait<T>> {
  const beganUs = clock.now();
  const waitedMs = (): number => (clock.now() - beganUs) / 1_000;
  return new Promise((resolve, reject) => {
    const attempt = (): boolean => {
      try {
        const found = look();
        if (found === undefined) return false;
        finish(() => resolve({ found, waitedMs: waitedMs() }));
      } catch (error) {
        finish(() => reject(error));
      }
      return true;
    };
    const giveUp = (): void => {
      if (!attempt()) finish(() => resolve({ waitedMs: waitedMs() }));
    };
    const turnThenGiveUp = (): void => {
      if (clock.kind === 'virtual') giveUp();
      else grace = clock.after(0, giveUp, label, hold);
    };
    let grace: { cancel(): void } | undefined;
    const timer = clock.after(toMicroseconds(limitMs), turnThenGiveUp, label, hold);
    const unsubscribe = source.onChange(attempt);
    const finish = (settle: () => void): void => {
      timer.cancel();
      grace?.cancel();
      unsubscribe();
      settle();
    };
    attempt();
  });
}
