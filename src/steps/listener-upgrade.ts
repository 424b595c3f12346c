import { TcpError } from '../base/errors';
import type { Caller } from '../tcp/caller';
import type { ListenerSecureSocket } from '../tcp/secure-socket';
import type { ConnectionService } from '../tcp/service';

/** When a listener puts TLS on a plain connection, and how. */
export interface UpgradeRule {
  readonly bytes: Uint8Array;
  readonly secureSocket: ListenerSecureSocket;
}

/** A service that does the same, and upgrades once the bytes of the rule have come. */
export function upgrading(
  service: ConnectionService,
  caller: Caller,
  { bytes, secureSocket }: UpgradeRule,
  meet: (error: TcpError) => void,
): ConnectionService {
  let plain: Buffer | undefined = Buffer.alloc(0);
  return {
    ...service,
    async onBytes(data, its) {
      const reply = await service.onBytes?.(data, its);
      if (plain === undefined) return reply;
      plain = Buffer.concat([plain, data]);
      if (plain.indexOf(bytes) < 0) {
        // What has passed cannot begin the bytes any more.
        plain = plain.subarray(Math.max(0, plain.byteLength - bytes.byteLength + 1));
        return reply;
      }
      plain = undefined;
      if (reply instanceof Uint8Array) await caller.writeBytes(reply);
      await caller.upgradeToTls(secureSocket).catch((error: unknown) => {
        if (!TcpError.is(error)) throw error;
        meet(error);
      });
      return undefined;
    },
  };
}
