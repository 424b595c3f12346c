/**
 * Virtual time and chance for programs that use Node's own: `setTimeout`, `Date`, `Math.random`.
 *
 * Every function that is put in place looks up the world of the calling code and falls back to
 * the real one outside. So one captured `setTimeout` is right in every world, if it was captured
 * after the functions were put in place; `preload.ts` does that before anything else is loaded.
 */
import crypto from 'node:crypto';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import type { Random } from '../base/random';
import type { Clock } from '../network/clock';
import { currentPlace, type Place } from './context';
import type { Engine } from './engine';
import { Patches } from './patches';
import { promisedTimers } from './promised-timers';
import { virtualCrypto } from './virtual-crypto';
import { TimeoutHome, timeoutByNumber, VirtualTimeout } from './virtual-timeout';

/** What a world lends to programs. */
export interface GlobalsSource {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  readonly place: Place;
  /** Whether `crypto.randomUUID`, `randomBytes` and `getRandomValues` come from the seed, too. */
  readonly seedCrypto: boolean;
  /** Counts calls of what cannot be repeated, where a world is audited. */
  readonly count: (what: 'mathRandomCalls' | 'dateCalls') => void;
  /** False where calls are only counted. */
  readonly virtual: boolean;
}

/** What is put in place for one world. */
export interface VirtualGlobals extends GlobalsSource {
  readonly timeouts: TimeoutHome;
}

const worlds = new WeakMap<object, VirtualGlobals>();

/** Worlds that have ended with timers; drivers keep some for the whole life of a process. */
const endedHomes = new Set<TimeoutHome>();

/** Lends time and chance of a world to programs that run in it; timers of ended worlds move in. */
export function lendGlobals(source: GlobalsSource): VirtualGlobals {
  const timeouts = new TimeoutHome(source.engine, source.place, inherit);
  const globals = { ...source, timeouts };
  worlds.set(source.place.world, globals);
  for (const { pending } of endedHomes) {
    for (const timer of [...pending]) timer.adopt(timeouts);
  }
  endedHomes.clear();
  return globals;
}

/** The world has ended: its timers wait for the next one. */
export function endGlobals({ timeouts }: VirtualGlobals): void {
  timeouts.ended = true;
  endedHomes.add(timeouts);
}

/** A timer of an ended world is started again: in the world of the caller, or in the next one. */
function inherit(ended: TimeoutHome): TimeoutHome | undefined {
  const home = currentGlobals()?.timeouts;
  if (home === undefined) endedHomes.add(ended);
  return home;
}

/** Puts the forwarding functions in place; see {@link Patches.hold}. */
export function installGlobals(): () => void {
  return forwarding.hold();
}

/** What programs of the calling code's world get; `undefined` outside, or where they get nothing. */
export function currentGlobals(): VirtualGlobals | undefined {
  const found = lentGlobals();
  return found?.virtual === true ? found : undefined;
}

function lentGlobals(): VirtualGlobals | undefined {
  const world = currentPlace()?.world;
  return world === undefined ? undefined : worlds.get(world);
}

type TimerFunction = (
  run: (...values: unknown[]) => void,
  ms?: number,
  ...rest: unknown[]
) => unknown;
type AnyObject = Record<string, unknown>;

const forwarding = new Patches('the globals of a simulated world', (patches) => {
  for (const home of [globalThis, timers]) {
    const target = home as unknown as Record<string, TimerFunction>;
    patches.replace(target, 'setTimeout', (real) => timerFunction(real, false));
    patches.replace(target, 'setInterval', (real) => timerFunction(real, true));
    for (const key of ['clearTimeout', 'clearInterval']) {
      patches.replace(home as unknown as Record<string, (timer: unknown) => void>, key, clearing);
    }
  }
  patches.replace(globalThis, 'Date', virtualDate);
  patches.replace(performance, 'now', (real) => () => {
    const globals = currentGlobals();
    return globals === undefined ? real.call(performance) : globals.clock.now() / 1_000;
  });
  patches.replace(Math, 'random', (real) => () => {
    lentGlobals()?.count('mathRandomCalls');
    const globals = currentGlobals();
    return globals === undefined ? real() : mathRandom(globals);
  });
  patches.replace(AbortSignal, 'timeout', (real) => (ms) => {
    const globals = currentGlobals();
    return globals === undefined ? real.call(AbortSignal, ms) : abortAfter(globals, ms);
  });
  promisedTimers(patches, timersPromises as unknown as AnyObject, () => currentGlobals()?.timeouts);
  virtualCrypto(patches, crypto, () => {
    const globals = currentGlobals();
    return globals?.seedCrypto === true ? chanceOf(globals, 'crypto') : undefined;
  });
});

function timerFunction(real: TimerFunction, repeats: boolean): TimerFunction {
  const forwarded: TimerFunction = (run, ms, ...rest) => {
    const globals = currentGlobals();
    // What is no function, Node refuses in its own words.
    if (globals === undefined || typeof run !== 'function') return real(run, ms, ...rest);
    return new VirtualTimeout(globals.timeouts, ms, () => run(...rest), repeats);
  };
  return forwarded;
}

function clearing(real: (timer: unknown) => void): (timer: unknown) => void {
  return (timer) => {
    if (timer instanceof VirtualTimeout) timer.close();
    else if (typeof timer === 'number' || typeof timer === 'string') {
      const found = timeoutByNumber(Number(timer));
      if (found === undefined) real(timer);
      else found.close();
    } else real(timer);
  };
}

/** A Date that is the real one in everything but the present time. */
function virtualDate(real: DateConstructor): DateConstructor {
  const now = (): number => {
    lentGlobals()?.count('dateCalls');
    const globals = currentGlobals();
    return globals === undefined ? real.now() : Math.floor(globals.clock.wallTime());
  };
  return new Proxy(real, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: () => new real(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
}

function abortAfter({ timeouts }: VirtualGlobals, ms: number): AbortSignal {
  const controller = new AbortController();
  const text = 'The operation was aborted due to timeout';
  new VirtualTimeout(
    timeouts,
    ms,
    () => controller.abort(new DOMException(text, 'TimeoutError')),
    false,
  )
    .unref()
    .endWithWorld();
  return controller.signal;
}

/** A number of 53 random bits in [0, 1), as `Math.random` gives. */
function mathRandom(globals: VirtualGlobals): number {
  const chance = chanceOf(globals, 'Math.random');
  return ((chance.u32() >>> 5) * 0x400_0000 + (chance.u32() >>> 6)) / 0x20_0000_0000_0000;
}

const chances = new WeakMap<VirtualGlobals, Map<string, Random>>();

/** One stream of chance per world and use. */
function chanceOf(globals: VirtualGlobals, label: string): Random {
  let byLabel = chances.get(globals);
  if (byLabel === undefined) {
    byLabel = new Map();
    chances.set(globals, byLabel);
  }
  let chance = byLabel.get(label);
  if (chance === undefined) {
    chance = globals.random.fork(label);
    byLabel.set(label, chance);
  }
  return chance;
}
