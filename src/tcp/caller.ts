import type { ByteChannel } from './byte-channel';
import { Channel } from './channel';
import type { Wire } from './wire';

/**
 * The listener's end of one connection: one object per connection, the same in every callback.
 *
 * @source docs/listeners.md
 */
export interface Caller extends ByteChannel {
  /** A name of the peer, by a reverse look-up made when this is first read; never rejects. */
  readonly remoteName: Promise<string | undefined>;
  /** `push`: bytes go to onBytes and reads fail with `EBUSY`; `pull`: whoever holds the Caller reads. */
  readonly mode: 'push' | 'pull';
}

/** A Caller over a wire. */
export class AcceptedCaller extends Channel implements Caller {
  readonly #wire: Wire;
  #remoteName: Promise<string | undefined> | undefined;

  constructor(wire: Wire) {
    super(wire);
    this.#wire = wire;
  }

  get remoteName(): Promise<string | undefined> {
    this.#remoteName ??= this.#wire.world.network.reverseLookup(this.#wire.remote.host).then(
      ([name]) => name,
      () => undefined,
    );
    return this.#remoteName;
  }

  get mode(): 'push' | 'pull' {
    return this.#wire.consumed ? 'push' : 'pull';
  }
}
