import { TcpError } from '../base/errors';
import type { Framer } from '../framing/framer';
import type { World } from '../network/world';
import { Client } from '../tcp/client';

/** The connection behind a mock's connection, for `forward`; dialled on the first frame. */
export class UpstreamLink {
  readonly #world: World;
  readonly #framer: Framer;
  #client: Client | undefined;
  #frames: AsyncIterator<Uint8Array> | undefined;

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
    this.#client ??= await Client.connect(to, { world: this.#world });
    this.#frames ??= this.#client.frames(this.#framer)[Symbol.asyncIterator]();
    await this.#client.writeBytes(this.#framer.encode(frame));
    const { done, value } = await this.#frames.next();
    if (done !== true) return value;
    throw new TcpError(`forward to ${to.host}:${to.port}: it ended without a reply`, {
      code: 'EPEERCLOSED',
      phase: 'read',
    });
  }

  async close(): Promise<void> {
    await this.#client?.close();
  }
}
