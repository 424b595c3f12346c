import { deferred } from '../base/deferred';
import type { Stream } from '../faults/fault';
import type { Admission } from '../faults/fault-type';
import type { ClockTimer } from '../network/clock';
import type { Caller } from '../tcp/caller';
import { FaultLane } from './fault-lane';
import type { MockFault, MockFaults } from './mock-faults';

/** What the faults of a connection are told of it. */
export interface FaultedConnection {
  readonly faults: MockFaults;
  readonly caller: Caller;
  readonly number: number;
  /** Whom the trace says that a fault belongs to. */
  readonly mock: string;
  /** Told once for each fault that acts. */
  acted(fault: MockFault, stream: Stream, action: string): void;
  /** Connections open beside this one. */
  openBeside(): number;
  /** Calls back when that may have changed; the returned function ends that. */
  onChange(listener: () => void): () => void;
}

/** The faults of one connection, in both directions. */
export class ConnectionFaults {
  readonly inbound: FaultLane;
  readonly outbound: FaultLane;
  readonly #owner: FaultedConnection;
  readonly #acted = new Set<string>();
  readonly #timers: ClockTimer[] = [];
  readonly #startedUs: number;
  #unwatch: () => void = () => undefined;
  #writing: Promise<void> = Promise.resolve();
  #ending: 'close' | 'half' = 'close';

  constructor(owner: FaultedConnection) {
    this.#owner = owner;
    this.#startedUs = owner.faults.clock.now();
    this.inbound = this.#lane('upstream');
    this.outbound = this.#lane('downstream');
    const { caller } = owner;
    this.outbound.into({
      chunk: (bytes) => this.#then(() => caller.writeBytes(bytes)),
      fin: () => this.#then(() => (this.#ending === 'half' ? caller.end() : caller.close())),
      broken: () => undefined,
      close: () => this.#then(() => caller.close()),
      reset: () => this.#then(() => Promise.resolve(caller.reset())),
      moved: () => undefined,
    });
    this.#unwatch = owner.faults.onTurn((fault) => this.#place(fault));
    for (const fault of owner.faults.all) this.#place(fault);
  }

  /** Lets the connection in, as the faults of accepting say; `false` when it was ended instead. */
  async admit(): Promise<boolean> {
    const { faults, caller } = this.#owner;
    this.#live('connection');
    this.#live('toxic');
    const host = caller.remoteHost;
    const asked = faults.all.filter(
      (fault) => fault.settings.type.admit !== undefined && this.#isHit(fault),
    );
    for (const { seen } of asked) {
      for (const key of ['', host]) seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    for (const fault of asked) {
      const { type, values } = fault.settings;
      const admission = type.admit?.(values, {
        connection: this.#owner.number,
        remote: host,
        open: this.#owner.openBeside(),
        seen: fault.seen.get('') ?? 0,
        seenOfRemote: fault.seen.get(host) ?? 0,
      });
      if (admission === undefined) continue;
      this.#note(fault, 'upstream', admission.do);
      if (!(await this.#follow(admission))) return false;
    }
    return !caller.signal.aborted;
  }

  /** Bytes of the client have come: faults of the other direction may look there. */
  sees(bytes: Uint8Array, isFirst: boolean): void {
    if (isFirst) this.#live('firstByte');
    this.outbound.look(bytes);
  }

  /** Sends bytes through the faults; resolves when there is room for more. */
  async write(bytes: Uint8Array, most: number): Promise<void> {
    this.inbound.look(bytes);
    this.outbound.push(bytes);
    await this.#writing;
    await this.outbound.room(most);
  }

  /** Ends what is sent, behind everything that waits. */
  end(how: 'close' | 'half'): void {
    this.#ending = how;
    this.outbound.finish('fin');
  }

  dispose(): void {
    this.#unwatch();
    for (const timer of this.#timers) timer.cancel();
    this.inbound.drop();
    this.outbound.drop();
  }

  #lane(stream: Stream): FaultLane {
    const { faults, number, mock } = this.#owner;
    return new FaultLane({
      faults,
      connection: number,
      stream,
      startedUs: this.#startedUs,
      label: `faults of mock ${mock}`,
      acted: (fault, action) => this.#note(fault, stream, action),
      hasActed: (name) => this.#acted.has(name),
    });
  }

  #isHit(fault: MockFault, stream: Stream | undefined = undefined): boolean {
    const { faults, caller, number, mock } = this.#owner;
    const facts = { number, id: `${mock}#${number}`, remote: caller.remoteHost };
    const { stream: its } = fault.settings;
    return faults.isHitting(fault, stream ?? (its === 'both' ? 'upstream' : its), facts);
  }

  #place(fault: MockFault): void {
    for (const [stream, lane] of [
      ['upstream', this.inbound],
      ['downstream', this.outbound],
    ] as const) {
      if (this.#isHit(fault, stream)) lane.put(fault);
      else lane.take(fault);
    }
  }

  #note(fault: MockFault, stream: Stream, action: string): void {
    const { name } = fault.settings;
    if (this.#acted.has(name)) return;
    this.#acted.add(name);
    this.#owner.acted(fault, stream, action);
    // Later, since a lane is in the middle of its work now.
    queueMicrotask(() => {
      this.inbound.acted(name);
      this.outbound.acted(name);
    });
  }

  #then(write: () => Promise<unknown>): void {
    const { caller } = this.#owner;
    this.#writing = this.#writing.then(async () => {
      if (!caller.signal.aborted) await write().catch(() => undefined);
    });
  }

  async #follow(admission: Admission): Promise<boolean> {
    const { caller } = this.#owner;
    switch (admission.do) {
      case 'end':
        await this.#sleep(admission.afterUs ?? 0);
        if (admission.how === 'fin') await caller.close();
        else caller.reset();
        return false;
      case 'wait':
        await this.#sleep(admission.forUs);
        return true;
      case 'queue':
        await this.#until(() => this.#owner.openBeside() < admission.below);
        return true;
      default:
        await caller.closed;
        return false;
    }
  }

  async #sleep(us: number): Promise<void> {
    const { faults, caller, mock } = this.#owner;
    const options = { signal: caller.signal, label: `faults of mock ${mock}` };
    if (us > 0) await faults.clock.sleep(us / 1_000, options).catch(() => undefined);
  }

  async #until(holds: () => boolean): Promise<void> {
    const { caller } = this.#owner;
    const done = deferred<void>();
    const look = (): void => {
      if (holds() || caller.signal.aborted) done.resolve();
    };
    const unwatch = this.#owner.onChange(look);
    caller.signal.addEventListener('abort', look, { once: true });
    look();
    await done.promise;
    unwatch();
  }

  /** Ends the connection at the age that a fault allows it. */
  #live(since: 'connection' | 'toxic' | 'firstByte'): void {
    const { faults, caller, number } = this.#owner;
    for (const fault of faults.all) {
      const { type, values, name } = fault.settings;
      const chance = (): number => faults.decide(number, 'both', name, 'life', 0);
      const life = this.#isHit(fault) ? type.life?.(values, chance) : undefined;
      if (life === undefined || life.since !== since) continue;
      const end = (): void => {
        this.#note(fault, 'downstream', 'ended');
        if (life.how === 'half') this.#then(() => caller.end());
        else if (life.how === 'fin') this.#then(() => caller.close());
        else caller.reset();
      };
      this.#timers.push(faults.clock.after(life.afterUs, end, `age of a mock's connection`));
    }
  }
}
