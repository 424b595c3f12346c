import type { ByteChannel } from './byte-channel';
import { Channel } from './channel';
import {
  type ClientConfiguration,
  readClientConfiguration,
  readRemote,
  secureAsAsked,
} from './client-configuration';
import { dial } from './dial';
import type { Wire } from './wire';

/**
 * A TCP client. It exists only connected: there is no public constructor.
 *
 * @source docs/clients.md
 * @example
 * const client = await Client.connect('127.0.0.1', 7000);
 * await client.writeBytes(Buffer.from('ping'));
 * const reply = await client.readBytes();
 * await client.close();
 */
export class Client extends Channel implements ByteChannel {
  private constructor(wire: Wire) {
    super(wire);
  }

  /**
   * Connects.
   *
   * @param remoteHost - name or literal address; of a name, all addresses are tried
   * @param remotePort - 1 to 65535
   * @throws TcpError `ECONFIG` - a wrong option; nothing was dialled
   * @throws TcpError `ENOTFOUND`, `ECONNREFUSED`, `ECONNECTTIMEOUT`, `EUNREACHABLE`
   * @throws TcpError `EADDRNOTAVAIL`, `EADDRINUSE` - `localHost` or `localPort` cannot be used
   * @throws TcpError `ETLSCONFIG` - `secureSocket` cannot be used; nothing was dialled
   * @throws TcpError `ETLSTIMEOUT`, `ETLSNOTTLS`, `ETLSCLOSED`, `ETLSCERT`, `ETLSHANDSHAKE` - see `kind`
   * @throws TcpError `ABORT_ERR` - `signal` was aborted, or the world's scope ended
   * @source docs/clients.md
   */
  static connect(
    remoteHost: string,
    remotePort: number,
    config?: ClientConfiguration,
  ): Promise<Client>;
  /** Connects to an address, such as the one of a listener. */
  static connect(
    target: { readonly host: string; readonly port: number },
    config?: ClientConfiguration,
  ): Promise<Client>;
  /** Connects to a URL; `tls://` asks for TLS, with the defaults of `secureSocket` if there is none. */
  static connect(
    url: `tcp://${string}` | `tls://${string}`,
    config?: ClientConfiguration,
  ): Promise<Client>;
  static async connect(
    target: unknown,
    second?: number | ClientConfiguration,
    third?: ClientConfiguration,
  ): Promise<Client> {
    const remote = readRemote(target, second);
    const config = typeof second === 'object' ? second : third;
    const settings = readClientConfiguration(config);
    const secure = secureAsAsked(remote, settings, config?.secureSocket);
    const tls = await secure?.prepare(settings.world.network);
    return new Client(await dial(remote, settings, false, tls));
  }
}
