import type { FaultType, Life } from '../faults/fault-type';
import type { ClockTimer } from '../network/clock';
import type { ConnectionHome } from './connection-home';
import type { ProxyConnection } from './proxy-connection';
import type { Toxic } from './toxic';

/** Ends connections that have reached the age which a fault allows them. */
export class Lifetimes {
  readonly #home: ConnectionHome<ProxyConnection>;
  readonly #timers = new Map<ProxyConnection, Map<Toxic, ClockTimer>>();

  constructor(home: ConnectionHome<ProxyConnection>) {
    this.#home = home;
  }

  accepted(connection: ProxyConnection): void {
    this.#armAll(connection, 'connection');
    this.#armAll(connection, 'toxic');
  }

  firstByte(connection: ProxyConnection): void {
    this.#armAll(connection, 'firstByte');
  }

  closed(connection: ProxyConnection): void {
    for (const timer of this.#timers.get(connection)?.values() ?? []) timer.cancel();
    this.#timers.delete(connection);
  }

  put(toxic: Toxic): void {
    if (typeOf(toxic).life === undefined) return;
    this.take(toxic);
    for (const connection of this.#home.counts.open) this.#arm(connection, toxic);
  }

  take(toxic: Toxic): void {
    for (const timers of this.#timers.values()) {
      timers.get(toxic)?.cancel();
      timers.delete(toxic);
    }
  }

  stop(): void {
    for (const connection of [...this.#timers.keys()]) this.closed(connection);
  }

  #armAll(connection: ProxyConnection, since: Life['since']): void {
    for (const toxic of this.#home.toxics.all) {
      if (typeOf(toxic).life !== undefined && toxic.awake) this.#arm(connection, toxic, since);
    }
  }

  #arm(connection: ProxyConnection, toxic: Toxic, only?: Life['since']): void {
    if (!connection.isHit(toxic, 'downstream')) return;
    const chance = (): number => connection.decide('both', toxic.name, 'life', 0);
    const life = typeOf(toxic).life?.(toxic.settings.values, chance);
    if (life === undefined || (only !== undefined && life.since !== only)) return;
    const { clock } = this.#home.world;
    const nowUs = clock.now();
    const fromUs = {
      connection: connection.startedUs,
      firstByte: connection.firstByteUs,
      toxic: nowUs,
    }[life.since];
    if (fromUs === undefined) return;
    const timers = this.#timers.get(connection) ?? new Map<Toxic, ClockTimer>();
    this.#timers.set(connection, timers);
    timers.get(toxic)?.cancel();
    const end = (): void => {
      timers.delete(toxic);
      this.#home.acted(connection, toxic, 'downstream', 'ended', 0);
      connection.expire(life.how, toxic.name);
    };
    const delayUs = Math.max(0, fromUs + life.afterUs - nowUs);
    timers.set(toxic, clock.after(delayUs, end, `${toxic.name} of ${connection.id}`));
  }
}

function typeOf(toxic: Toxic): FaultType<object> {
  return toxic.settings.type as FaultType<object>;
}
