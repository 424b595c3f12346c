import type { Stream } from '../faults/fault';
import type { ClockTimer } from '../network/clock';
import { admit, type FaultedConnection } from './fault-admission';
import { FaultLane } from './fault-lane';
import type { MockFault } from './mock-faults';

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
    this.#live('connection');
    this.#live('toxic');
    const isHit = (fault: MockFault): boolean => this.#isHit(fault);
    const note = (fault: MockFault, action: string): void => this.#note(fault, 'upstream', action);
    return await admit(this.#owner, isHit, note);
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
