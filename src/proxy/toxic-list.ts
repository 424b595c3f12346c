import { TcpError } from '../base/errors';
import type { Fault } from '../faults/fault';
import type { FaultTypes } from '../faults/fault-names';
import { type FaultReading, readFault } from '../faults/fault-reader';
import { runSchedule } from '../faults/schedule';
import type { Clock } from '../network/clock';
import { Toxic, type ToxicChange } from './toxic';

/** Whom the list tells about changes. */
export interface ToxicListener {
  /** It is there, or is different, or has woken or gone to sleep. */
  put(toxic: Toxic): void;
  take(toxic: Toxic): void;
  expired(toxic: Toxic): void;
}

/** The faults of one proxy by name, in the order in which they were added. */
export class ToxicList {
  readonly #proxy: string;
  readonly #types: FaultTypes;
  readonly #clock: Clock;
  readonly #listener: ToxicListener;
  readonly #toxics = new Map<string, Toxic>();
  readonly #schedules = new Map<Toxic, Disposable>();
  #next = 0;

  constructor(proxy: string, types: FaultTypes, clock: Clock, listener: ToxicListener) {
    this.#proxy = proxy;
    this.#types = types;
    this.#clock = clock;
    this.#listener = listener;
  }

  get all(): readonly Toxic[] {
    return [...this.#toxics.values()];
  }

  /** @throws TcpError `EINVALIDFAULT`, `ETOXICEXISTS` - nothing has changed */
  add(fault: Fault, reading?: FaultReading): Toxic {
    const settings = readFault(fault, this.#types, reading);
    if (this.#toxics.has(settings.name)) {
      throw new TcpError('toxic already exists', {
        code: 'ETOXICEXISTS',
        phase: 'config',
        field: settings.name,
      });
    }
    const toxic = new Toxic(settings, this.#next++);
    this.#toxics.set(toxic.name, toxic);
    this.#run(toxic);
    this.#listener.put(toxic);
    return toxic;
  }

  /** Adds all of them, or none. */
  addAll(faults: readonly Fault[], reading?: FaultReading): readonly Toxic[] {
    const names = new Set(this.#toxics.keys());
    for (const fault of faults) {
      const { name } = readFault(fault, this.#types, reading);
      if (names.has(name)) {
        throw new TcpError('toxic already exists', {
          code: 'ETOXICEXISTS',
          phase: 'config',
          field: name,
        });
      }
      names.add(name);
    }
    return faults.map((fault) => this.add(fault, reading));
  }

  /** @throws TcpError `ETOXICNOTFOUND`, `EINVALIDFAULT` - nothing has changed */
  update(name: string, change: ToxicChange, reading?: FaultReading): Toxic {
    const toxic = this.get(name);
    const changes = Object.values(change).some((value) => value !== undefined);
    if (!changes) return toxic;
    toxic.change(change, reading);
    if (change.schedule !== undefined) this.#run(toxic);
    toxic.seen.clear();
    this.#listener.put(toxic);
    return toxic;
  }

  /** @throws TcpError `ETOXICNOTFOUND` */
  remove(name: string): Toxic {
    const toxic = this.get(name);
    this.#toxics.delete(name);
    this.#stop(toxic);
    this.#listener.take(toxic);
    return toxic;
  }

  /** @throws TcpError `ETOXICNOTFOUND` */
  get(name: string): Toxic {
    const toxic = this.#toxics.get(name);
    if (toxic !== undefined) return toxic;
    throw new TcpError(`toxic not found: ${name} of proxy ${this.#proxy}`, {
      code: 'ETOXICNOTFOUND',
      phase: 'config',
      field: name,
    });
  }

  clear(): void {
    for (const name of [...this.#toxics.keys()]) this.remove(name);
  }

  /** Ends the schedules; the faults stay listed. */
  stop(): void {
    for (const toxic of [...this.#schedules.keys()]) this.#stop(toxic);
  }

  #run(toxic: Toxic): void {
    this.#stop(toxic);
    const { schedule } = toxic.settings;
    toxic.awake = true;
    if (schedule === undefined) return;
    const turn = (awake: boolean): void => {
      if (toxic.awake === awake) return;
      toxic.awake = awake;
      this.#listener.put(toxic);
    };
    const running = runSchedule(schedule, this.#clock, {
      wake: () => turn(true),
      sleep: () => turn(false),
      expire: () => this.#expire(toxic),
    });
    this.#schedules.set(toxic, running);
  }

  #expire(toxic: Toxic): void {
    this.#listener.expired(toxic);
    if (toxic.settings.schedule?.expire !== 'keep') {
      this.remove(toxic.name);
      return;
    }
    toxic.awake = false;
    this.#listener.put(toxic);
  }

  #stop(toxic: Toxic): void {
    this.#schedules.get(toxic)?.[Symbol.dispose]();
    this.#schedules.delete(toxic);
  }
}
