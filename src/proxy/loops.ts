import { type Address, formatAddress } from '../base/address';
import type { Clock } from '../network/clock';

/** A proxy, as far as it can lead to another one or to itself. */
export interface LoopMember {
  readonly door: { readonly open: boolean; readonly address: Address };
  readonly world: { readonly clock: Pick<Clock, 'now'> };
  readonly events: {
    tell(type: 'warning', facts: { readonly connection: string; readonly message: string }): void;
  };
}

/** How long nobody is dialled for a proxy that was found to lead back to itself. */
const shutUs = 1_000_000;

/**
 * Finds out when the proxies of a set lead back to themselves, which would open connections until
 * there are no more ports.
 *
 * Judged by the address that a dial has reached, so that names and detours do not hide it.
 */
export class Loops {
  readonly #members = new Set<LoopMember>();
  /** Where the last connection of a proxy went, when that is another proxy. */
  readonly #next = new WeakMap<LoopMember, LoopMember>();
  /** Since when nobody is dialled for a proxy. */
  #shut = new WeakMap<LoopMember, number>();

  join(member: LoopMember): void {
    this.#members.add(member);
  }

  leave(member: LoopMember): void {
    this.#members.delete(member);
  }

  /** A proxy leads elsewhere: what was found out may be no more. */
  changed(): void {
    this.#shut = new WeakMap();
  }

  /** Whether a proxy was just found to lead back, so that the next dial would, too. */
  isShut(member: LoopMember): boolean {
    const sinceUs = this.#shut.get(member);
    return sinceUs !== undefined && member.world.clock.now() - sinceUs < shutUs;
  }

  /** Ends a connection that has reached an address which leads back; tells whether it does. */
  end(
    member: LoopMember,
    connection: { readonly id: string; end(): void },
    reached: Address,
  ): boolean {
    if (!this.#leadsBack(member, reached)) return false;
    const message = `the proxy leads back to itself at ${formatAddress(reached)}`;
    member.events.tell('warning', { connection: connection.id, message });
    this.#shut.set(member, member.world.clock.now());
    connection.end();
    return true;
  }

  #leadsBack(from: LoopMember, reached: Address): boolean {
    const to = this.#at(reached);
    if (to === undefined) {
      this.#next.delete(from);
      return false;
    }
    this.#next.set(from, to);
    const seen = new Set<LoopMember>();
    for (let at: LoopMember | undefined = to; at !== undefined; at = this.#next.get(at)) {
      if (at === from) return true;
      if (!this.#members.has(at) || seen.has(at)) return false;
      seen.add(at);
    }
    return false;
  }

  #at({ host, port }: Address): LoopMember | undefined {
    for (const member of this.#members) {
      const { open, address } = member.door;
      if (!open || address.port !== port) continue;
      if (address.host === host || address.host === '0.0.0.0' || address.host === '::')
        return member;
    }
    return undefined;
  }
}
