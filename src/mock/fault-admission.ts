/** What faults do to a connection between its accept and its first byte. */
import { deferred } from '../base/deferred';
import type { Stream } from '../faults/fault';
import type { Admission } from '../faults/fault-type';
import type { Caller } from '../tcp/caller';
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

/**
 * Lets a connection in, as the faults of accepting say, in their order.
 *
 * @returns `false` when it was ended instead
 */
export async function admit(
  on: FaultedConnection,
  isHit: (fault: MockFault) => boolean,
  note: (fault: MockFault, action: string) => void,
): Promise<boolean> {
  const { faults, caller, number } = on;
  const remote = caller.remoteHost;
  const asked = faults.all.filter(
    (fault) => fault.settings.type.admit !== undefined && isHit(fault),
  );
  for (const { seen } of asked) {
    for (const key of ['', remote]) seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  for (const fault of asked) {
    const { type, values } = fault.settings;
    const admission = type.admit?.(values, {
      connection: number,
      remote,
      open: on.openBeside(),
      seen: fault.seen.get('') ?? 0,
      seenOfRemote: fault.seen.get(remote) ?? 0,
    });
    if (admission === undefined) continue;
    note(fault, admission.do);
    if (!(await follow(on, admission))) return false;
  }
  return !caller.signal.aborted;
}

async function follow(on: FaultedConnection, admission: Admission): Promise<boolean> {
  const { caller } = on;
  switch (admission.do) {
    case 'end':
      await sleep(on, admission.afterUs ?? 0);
      if (admission.how === 'fin') await caller.close();
      else caller.reset();
      return false;
    case 'wait':
      await sleep(on, admission.forUs);
      return true;
    case 'queue':
      await until(on, () => on.openBeside() < admission.below);
      return true;
    default:
      await caller.closed;
      return false;
  }
}

async function sleep({ faults, caller, mock }: FaultedConnection, us: number): Promise<void> {
  const options = { signal: caller.signal, label: `faults of mock ${mock}` };
  if (us > 0) await faults.clock.sleep(us / 1_000, options).catch(() => undefined);
}

async function until(on: FaultedConnection, holds: () => boolean): Promise<void> {
  const { signal } = on.caller;
  const done = deferred<void>();
  const look = (): void => {
    if (holds() || signal.aborted) done.resolve();
  };
  const unwatch = on.onChange(look);
  signal.addEventListener('abort', look, { once: true });
  look();
  await done.promise;
  unwatch();
}
