import type { Address } from '../base/address';
import type { Connection } from '../network/connection';
import type { TlsInfo } from '../network/tls-info';
import type { Intake } from './intake';
import type { Outlet } from './outlet';
import type { ConnectionFacts } from './system-error';
import type { WireConnection } from './wire-connection';
import type { WireEvents } from './wire-events';

/** What a wire tells about itself, read from its parts. */
export abstract class WireFacts {
  abstract readonly intake: Intake;
  abstract readonly outlet: Outlet;
  protected abstract readonly below: WireConnection;

  get connection(): Connection {
    return this.below.current;
  }

  get events(): WireEvents {
    return this.below.events;
  }

  get upgrading(): boolean {
    return this.below.upgrading;
  }

  /** What TLS has agreed on, where there is TLS. */
  get tls(): TlsInfo | undefined {
    return this.below.tls;
  }

  get id(): string {
    return this.connection.id;
  }

  get local(): Address {
    return this.connection.local;
  }

  get remote(): Address {
    return this.connection.remote;
  }

  get bytesRead(): number {
    return this.intake.bytesRead;
  }

  get bytesFlushed(): number {
    return this.outlet.bytesFlushed;
  }

  facts(): ConnectionFacts {
    const { id, local, remote, bytesRead, bytesFlushed } = this;
    return { connectionId: id, local, remote, bytesRead, bytesFlushed };
  }
}
