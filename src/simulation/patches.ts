/** Replaces members of Node's own objects, and puts them back. */
import { syncBuiltinESMExports } from 'node:module';
import { realAfter } from './real-time';

interface Replaced {
  readonly target: object;
  readonly key: string;
  readonly before: PropertyDescriptor | undefined;
  readonly ours: unknown;
}

/** Members that are replaced together and put back together. */
export class Patches {
  readonly #what: string;
  readonly #install: (patches: Patches) => void;
  readonly #lingerMs: number;
  #replaced: Replaced[] = [];
  #holders = 0;
  #lingering: (() => void) | undefined;

  /**
   * @param what - names them in a refusal
   * @param install - calls {@link replace} for each
   * @param lingerMs - stay so long in real time after the last holder has gone, since putting them
   * in place and back costs more than a short run
   */
  constructor(what: string, install: (patches: Patches) => void, lingerMs = 0) {
    this.#what = what;
    this.#install = install;
    this.#lingerMs = lingerMs;
  }

  /** Whether they are in place. */
  get installed(): boolean {
    return this.#replaced.length > 0;
  }

  /**
   * Puts them in place, unless they are.
   *
   * @returns puts what was there back once everybody who held them has done so; may be called twice
   */
  hold(): () => void {
    this.#lingering?.();
    this.#lingering = undefined;
    this.#holders++;
    if (!this.installed) {
      this.#install(this);
      syncBuiltinESMExports();
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#letGo();
    };
  }

  /** Replaces one member; `make` gets what was there. */
  replace<T extends object, K extends keyof T & string>(
    target: T,
    key: K,
    make: (original: T[K]) => T[K],
  ): void {
    const original = target[key];
    const ours = make(original);
    if (typeof original === 'function' && typeof ours === 'function') lendSymbols(original, ours);
    const before = Object.getOwnPropertyDescriptor(target, key);
    Object.defineProperty(target, key, {
      configurable: true,
      enumerable: before?.enumerable ?? true,
      writable: true,
      value: ours,
    });
    this.#replaced.push({ target, key, before, ours });
  }

  /** @throws Error somebody else replaced one of them meanwhile and has not put it back */
  #letGo(): void {
    if (--this.#holders > 0) return;
    if (this.#lingerMs > 0) {
      // A replacement of somebody else on top of ours means that ours have to stay.
      this.#lingering = realAfter(this.#lingerMs, () => {
        if (this.#foreign === undefined) this.#restore();
      });
      return;
    }
    const foreign = this.#foreign;
    if (foreign !== undefined) {
      throw new Error(
        `${this.#what}: ${foreign.key} was replaced meanwhile; put things back in reverse order`,
      );
    }
    this.#restore();
  }

  get #foreign(): Replaced | undefined {
    return this.#replaced.find(({ target, key, ours }) => Reflect.get(target, key) !== ours);
  }

  #restore(): void {
    for (const { target, key, before } of this.#replaced.reverse()) {
      if (before === undefined) Reflect.deleteProperty(target, key);
      else Object.defineProperty(target, key, before);
    }
    this.#replaced = [];
    syncBuiltinESMExports();
  }
}

/** `util.promisify` finds its own version of a function under symbols. */
function lendSymbols(original: object, ours: object): void {
  for (const key of Object.getOwnPropertySymbols(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    const taken = Object.getOwnPropertyDescriptor(ours, key);
    if (descriptor !== undefined && taken === undefined) {
      Object.defineProperty(ours, key, descriptor);
    }
  }
}
