import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Address } from '../base/address';
import { formatAddress } from '../base/address';
import { readHostPort } from '../base/option-reader';
import type { World } from '../network/world';
import type { ByteChannel } from '../tcp/byte-channel';
import type { Caller } from '../tcp/caller';
import { Client } from '../tcp/client';
import { Listener } from '../tcp/listener';

/** Where TLS ends, and who is trusted behind it. */
export interface TlsEndsOptions {
  readonly listen: string;
  readonly target: string;
  /** PEM file of a certificate, its chain, and its key unless that has a file of its own. */
  readonly tlsCert: string;
  readonly tlsKey?: string;
  /** PEM file of those who may sign the certificate of the target; default: the roots of Node. */
  readonly ca?: string;
}

/**
 * TLS in front of a proxy and behind it, so that the proxy sees plain bytes.
 *
 * FIN and RST pass as they came.
 */
export class TlsEnds {
  readonly #world: World;
  readonly #options: TlsEndsOptions;
  readonly #folder: string;
  readonly #listeners: Listener[] = [];
  #target = '';

  private constructor(world: World, folder: string, options: TlsEndsOptions) {
    this.#world = world;
    this.#folder = folder;
    this.#options = options;
  }

  /** Starts the part behind the proxy. */
  static async start(world: World, folder: string, options: TlsEndsOptions): Promise<TlsEnds> {
    const ends = new TlsEnds(world, folder, options);
    const { host, port } = readHostPort('--target', options.target);
    const { ca } = options;
    const secureSocket = ca === undefined ? {} : { cert: resolve(folder, ca) };
    const behind = await ends.#relay({ localHost: '127.0.0.1' }, 0, () =>
      Client.connect({ host, port }, { world, secureSocket, allowHalfOpen: true }),
    );
    ends.#target = formatAddress(behind);
    return ends;
  }

  /** Where the proxy shall lead. */
  get target(): string {
    return this.#target;
  }

  /** Starts the part in front of the proxy. */
  async listen(proxy: Address): Promise<Address> {
    const { listen, tlsCert, tlsKey = tlsCert } = this.#options;
    const [, localHost = '', port = ''] = /^(.*):(\d+)$/.exec(listen) ?? [];
    const read = (file: string): string => readFileSync(resolve(this.#folder, file), 'utf8');
    const secureSocket = { key: { cert: read(tlsCert), key: read(tlsKey) } };
    const { world } = { world: this.#world };
    return await this.#relay(
      { localHost: localHost.replace(/^\[(.*)\]$/, '$1'), secureSocket },
      Number(port),
      () => Client.connect({ host: proxy.host, port: proxy.port }, { world, allowHalfOpen: true }),
    );
  }

  /** Ends both parts. */
  async stop(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.immediateStop()));
  }

  async #relay(
    options: ConstructorParameters<typeof Listener>[1],
    port: number,
    dial: () => Promise<Client>,
  ): Promise<Address> {
    const listener = new Listener(port, {
      ...options,
      world: this.#world,
      allowHalfOpen: true,
      timeout: 0,
    });
    this.#listeners.push(listener);
    listener.attach({ onConnect: (caller: Caller) => join(caller, dial) });
    return await listener.start();
  }
}

/** Passes bytes and ends both ways until both are over. */
async function join(caller: Caller, dial: () => Promise<Client>): Promise<void> {
  let client: Client;
  try {
    client = await dial();
  } catch {
    caller.reset();
    return;
  }
  await Promise.all([pass(caller, client), pass(client, caller)]);
  await Promise.all([caller.close(), client.close()]);
}

async function pass(from: ByteChannel, to: ByteChannel): Promise<void> {
  try {
    for await (const chunk of from) await to.writeBytes(chunk);
    await to.end();
  } catch {
    to.reset();
    from.reset();
  }
}
