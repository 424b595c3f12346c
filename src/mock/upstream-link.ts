import { formatAddress } from '../base/address';
import { TcpError } from '../base/errors';
import type { Framer } from '../framing/framer';
import type { World } from '../network/world';
import { Client } from '../tcp/client';

interface Link {
  readonly client: Client;
  readonly frames: AsyncIterator<Uint8Array>;
}

/** The connections behind a mock's connection, for `forward`; one a target, dialled on its first frame. */
export class UpstreamLink {
  readonly #world: World;
  readonly #framer: Framer;
  readonly #links = new Map<string, Promise<Link>>();

  constructor(world: World, framer: Framer) {
    this.#world = world;
    this.#framer = framer;
  }

  /**
   * Sends a frame on and returns the next frame that comes back.
   *
   * @throws TcpError - it cannot be reached, or ends without a reply
   */
  async exchange(
    frame: Uint8Array,
    to: { readonly host: string; readonly port: number },
  ): Promise<Uint8Array> {
    const target = formatAddress(to);
    const dialled = this.#links.get(target) ?? this.#dial(to);
    this.#links.set(target, dialled);
    const { client, frames } = await dialled;
    await client.writeBytes(this.#framer.encode(frame));
    const { done, value } = await frames.next();
    if (done !== true) return value;
    throw new TcpError(`forward to ${target}: it ended without a reply`, {
      code: 'EPEERCLOSED',
      phase: 'read',
    });
  }

  async close(): Promise<void> {
    for (const dialled of this.#links.values()) {
      const link = await dialled.catch(() => undefined);
      await link?.client.close();
    }
  }

  async #dial(to: { readonly host: string; readonly port: number }): Promise<Link> {
    const client = await Client.connect(to, { world: this.#world });
    return { client, frames: client.frames(this.#framer)[Symbol.asyncIterator]() };
  }
}
