import { formatAddress } from '../base/address';
import { formatDuration } from '../base/duration';
import { abortError, TcpError } from '../base/errors';
import type { World } from '../network/world';
import { type CallLimit, type CallOptions, limitOf, readCallOptions } from './call-options';
import {
  type ClientSettings,
  type Remote,
  readClientConfiguration,
  readRemote,
  readWorld,
} from './client-configuration';
import { dial } from './dial';
import { Listener } from './listener';

/** Time between two probes. */
const probeEveryMs = 25;

const tenSeconds = limitOf(10_000);

/** Limits of {@link waitUntilListening}, and where to look. */
export interface WaitUntilListeningOptions extends CallOptions {
  /** For an address; default: the real world of this process. */
  readonly world?: World;
}

/**
 * Waits until somebody listens.
 *
 * A listener of this process is asked for its state, and no connection is opened. An address is
 * tried by connecting and closing, every 25 ms; a push listener sees `onConnect` and `onClose`.
 *
 * @param options - `timeout`, default 10 s; `0` waits for ever
 * @throws TcpError `ECONNECTTIMEOUT` - nobody listened in time; `cause` is what the last try met
 * @throws TcpError `ABORT_ERR` - `signal` was aborted
 * @throws TcpError `ECONFIG` - a wrong target or option
 * @source docs/clients.md
 */
export async function waitUntilListening(
  target: Listener | { readonly host: string; readonly port: number },
  options: WaitUntilListeningOptions = {},
): Promise<void> {
  const limit = readCallOptions(options, tenSeconds, ['world']);
  if (target instanceof Listener) {
    await new Wait(target.world, 'the listener', limit).until((signal) => started(target, signal));
    return;
  }
  const remote = readRemote(target, undefined);
  const world = readWorld(options.world);
  const settings = readClientConfiguration({ world, label: 'probe' });
  await new Wait(world, formatAddress(remote), limit).until((signal, note) =>
    probe(remote, settings, signal, note),
  );
}

/** Waits for a listener, or until it is called off. */
function started(listener: Listener, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    listener.whenListening().then(resolve, reject);
  });
}

async function probe(
  remote: Remote,
  settings: ClientSettings,
  signal: AbortSignal,
  note: (error: unknown) => void,
): Promise<void> {
  for (;;) {
    try {
      const wire = await dial(remote, { ...settings, signal }, true);
      const giveUp = (): void => wire.reset();
      signal.addEventListener('abort', giveUp, { once: true });
      await wire.close();
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      note(error);
    }
    await settings.world.clock.sleep(probeEveryMs, { signal, label: 'next probe' });
  }
}

/** Waiting for something, within limits. */
class Wait {
  readonly #world: World;
  readonly #what: string;
  readonly #limit: CallLimit;
  #met: unknown;

  constructor(world: World, what: string, limit: CallLimit) {
    this.#world = world;
    this.#what = what;
    this.#limit = limit;
  }

  async until(
    work: (signal: AbortSignal, note: (error: unknown) => void) => Promise<void>,
  ): Promise<void> {
    const { signal, timeoutUs } = this.#limit;
    const enough = new AbortController();
    const scope = this.#world.scope.signal;
    let fail: (error: TcpError) => void = () => undefined;
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const onAbort = (): void => fail(this.#aborted(signal?.reason));
    const onScopeEnd = (): void => fail(this.#aborted(scope.reason));
    const limited = Number.isFinite(timeoutUs);
    const { clock } = this.#world;
    let working: Promise<void> | undefined;
    const timer = limited
      ? clock.after(timeoutUs, () => fail(this.#timedOut()), 'waitUntilListening', { hold: true })
      : undefined;
    try {
      if (signal?.aborted) throw this.#aborted(signal.reason);
      signal?.addEventListener('abort', onAbort);
      scope.addEventListener('abort', onScopeEnd);
      working = work(enough.signal, (error) => {
        this.#met = error;
      });
      await Promise.race([working, failed]);
    } finally {
      timer?.cancel();
      signal?.removeEventListener('abort', onAbort);
      scope.removeEventListener('abort', onScopeEnd);
      enough.abort();
      // What is called off ends at once; a try that is under way leaves nothing behind.
      await working?.catch(() => undefined);
    }
  }

  #timedOut(): TcpError {
    const limit = formatDuration(this.#limit.timeoutMs);
    return new TcpError(`${this.#what} was not listening within ${limit}`, {
      code: 'ECONNECTTIMEOUT',
      phase: 'connect',
      ...(this.#met === undefined ? {} : { cause: this.#met }),
    });
  }

  #aborted(reason: unknown): TcpError {
    return abortError(`wait for ${this.#what}`, 'connect', reason);
  }
}
