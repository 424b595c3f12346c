import { toMicroseconds } from '../base/duration';
import type { ClockTimer } from '../network/clock';
import type { Connection } from '../network/connection';
import type { World } from '../network/world';
import type { ProxySettings } from './proxy-options';

/** Whom a dial tells how it went: one of the two, once. */
export interface DialListener {
  readonly reached: (upstream: Connection, dialUs: number) => void;
  readonly failed: (code: string) => void;
  /** An error of the connection after it was reached. */
  readonly broken: () => void;
  readonly closed: () => void;
}

/** One dial of an upstream, with its limit of time. */
export class UpstreamDial {
  readonly connection: Connection;
  #timer: ClockTimer | undefined;
  #over = false;
  #reached = false;

  constructor(
    world: World,
    settings: ProxySettings,
    to: { readonly host: string; readonly port: number; readonly label: string },
    listener: DialListener,
  ) {
    const begunUs = world.clock.now();
    const connection = world.network.connect({
      ...to,
      allowHalfOpen: true,
      noDelay: settings.noDelay,
    });
    this.connection = connection;
    const failed = (code: string): void => {
      if (this.#over) return;
      this.end();
      connection.destroy();
      listener.failed(code);
    };
    if (Number.isFinite(settings.dialTimeoutMs)) {
      const limitUs = toMicroseconds(settings.dialTimeoutMs);
      this.#timer = world.clock.after(limitUs, () => failed('ETIMEDOUT'), `dial of ${to.label}`);
    }
    connection.on('connect', () => {
      if (this.#over) return;
      this.end();
      this.#reached = true;
      listener.reached(connection, world.clock.now() - begunUs);
    });
    connection.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#reached) listener.broken();
      else failed(error.code ?? error.message);
    });
    connection.on('close', () => {
      this.end();
      listener.closed();
    });
  }

  /** Nothing is told of the dial any more. */
  end(): void {
    this.#over = true;
    this.#timer?.cancel();
  }
}
