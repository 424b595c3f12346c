import type { TlsSessions } from '../network/tls-settings';

/**
 * Sessions of TLS that clients share: what one has got, another one resumes.
 *
 * Give the same store to several clients as `secureSocket.session`. There is one session per peer
 * (host and port), the last that came; with `secureSocket.sessionTimeout` old ones are not offered.
 *
 * @source docs/tls.md#resumption
 */
export class SessionStore implements TlsSessions {
  readonly #sessions = new Map<string, { readonly session: Uint8Array; readonly atUs: number }>();

  /** How many peers there is a session of. */
  get size(): number {
    return this.#sessions.size;
  }

  /** The last session of a peer (`host:port`), unless it came before `sinceUs` of the world's clock. */
  offer(peer: string, sinceUs: number): Uint8Array | undefined {
    const kept = this.#sessions.get(peer);
    return kept !== undefined && kept.atUs >= sinceUs ? kept.session : undefined;
  }

  /** Keeps a session, in place of the one before. */
  keep(peer: string, session: Uint8Array, nowUs: number): void {
    this.#sessions.set(peer, { session, atUs: nowUs });
  }

  /** Forgets all of them. */
  clear(): void {
    this.#sessions.clear();
  }
}
