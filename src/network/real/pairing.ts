import type { Address } from '../../base/address';
import type { RealConnection } from './connection';

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
  readonly #dialled = new Map<string, RealConnection>();

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
    for (const [key, connection] of this.#dialled) {
      if (connection.remote.port === port) this.#dialled.delete(key);
    }
  }

  /** The label of who listens on a port; `undefined` for strangers. */
  labelAt(port: number): string | undefined {
    return this.#labels.get(port)?.[0];
  }

  expect(connection: RealConnection): void {
    const { local, remote } = connection.facts;
    if (this.#labels.has(remote.port)) this.#dialled.set(keyOf(local, remote), connection);
  }

  /** Takes back what `expect` left, for a dial that came to nothing. */
  forget(connection: RealConnection): void {
    const key = keyOf(connection.facts.local, connection.facts.remote);
    if (this.#dialled.get(key) === connection) this.#dialled.delete(key);
  }

  /** The dialling end of what was accepted between these two addresses. */
  match(local: Address, remote: Address): RealConnection | undefined {
    if (this.#dialled.size === 0) return undefined;
    const key = keyOf(remote, local);
    const connection = this.#dialled.get(key);
    this.#dialled.delete(key);
    return connection;
  }
}

function keyOf(from: Address, to: Address): string {
  return `${plain(from.host)} ${from.port} ${plain(to.host)} ${to.port}`;
}

/** An endpoint on `::` shows IPv4 peers as mapped addresses. */
function plain(host: string): string {
  return host.startsWith('::ffff:') ? host.slice(7) : host;
}
