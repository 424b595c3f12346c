import type { Address } from '../../base/address';
import type { RealConnection } from './connection-facts';

/**
 * Finds the dialling end of an accepted connection, where it is ours.
 *
 * The kernel gives a dialled socket its local port when the attempt begins, before anything can be
 * accepted. So a dial towards a port on which this world listens leaves its four-tuple here, and
 * the accepted end finds it mirrored.
 */
export class Pairing {
  /** Ports on which this world listens, with the labels of the endpoints. */
  readonly #labels = new Map<number, string[]>();
  readonly #dialled = new Map<number, RealConnection[]>();

  /** Somebody listens on a port of ours from here on. */
  opened(port: number, label: string): void {
    this.#labels.set(port, [...(this.#labels.get(port) ?? []), label]);
  }

  closed(port: number, label: string): void {
    const labels = this.#labels.get(port) ?? [];
    const rest = labels.filter((_, index) => index !== labels.indexOf(label));
    if (rest.length > 0) {
      this.#labels.set(port, rest);
      return;
    }
    this.#labels.delete(port);
    for (const key of this.#dialled.keys()) {
      if (key % 65_536 === port) this.#dialled.delete(key);
    }
  }

  /** The label of who listens on a port; `undefined` for strangers. */
  labelAt(port: number): string | undefined {
    return this.#labels.get(port)?.[0];
  }

  expect(connection: RealConnection): void {
    const { local, remote } = connection;
    if (!this.#labels.has(remote.port)) return;
    const key = keyOf(local, remote);
    const others = this.#dialled.get(key);
    if (others === undefined) this.#dialled.set(key, [connection]);
    else others.push(connection);
  }

  /** Takes back what `expect` left, for a dial that came to nothing. */
  forget(connection: RealConnection): void {
    if (this.#dialled.size > 0) this.#take(connection.local, connection.remote, connection);
  }

  /** The dialling end of what was accepted between these two addresses. */
  match(local: Address, remote: Address): RealConnection | undefined {
    return this.#dialled.size > 0 ? this.#take(remote, local) : undefined;
  }

  #take(from: Address, to: Address, only?: RealConnection): RealConnection | undefined {
    const key = keyOf(from, to);
    const found = this.#dialled.get(key);
    const at = found?.findIndex(
      (dialled) =>
        (only === undefined || dialled === only) &&
        plain(dialled.local.host) === plain(from.host) &&
        plain(dialled.remote.host) === plain(to.host),
    );
    if (found === undefined || at === undefined || at < 0) return undefined;
    const [taken] = found.splice(at, 1);
    if (found.length === 0) this.#dialled.delete(key);
    return taken;
  }
}

/** Both ports; hosts are compared afterwards, since they seldom differ. */
function keyOf(from: Address, to: Address): number {
  return from.port * 65_536 + to.port;
}

/** An endpoint on `::` shows IPv4 peers as mapped addresses. */
function plain(host: string): string {
  return host.startsWith('::ffff:') ? host.slice(7) : host;
}
