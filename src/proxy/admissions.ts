/**
 * What happens to a connection beside its bytes: whether and when its upstream is dialled, how long
 * it lives, and whether the proxy listens at all.
 */
import { toMicroseconds } from '../base/duration';
import type { Admission, FaultType } from '../faults/fault-type';
import type { ClockTimer } from '../network/clock';
import type { ConnectionHome } from './connection-home';
import { Lifetimes } from './lifetimes';
import type { Loops } from './loops';
import type { ProxyConnection } from './proxy-connection';
import type { ProxyDoor } from './proxy-door';
import type { Toxic } from './toxic';

/** What is needed of the proxy. */
export interface AdmissionHome extends ConnectionHome<ProxyConnection> {
  readonly door: ProxyDoor;
  readonly enabled: boolean;
  readonly loops: Loops;
}

/** A connection that waits at a fault. */
interface Waiting {
  readonly toxic: Toxic;
  readonly timer: ClockTimer | undefined;
  /** `queue` only: as many may be open beside it. */
  readonly below: number;
  readonly proceed: () => void;
}

/** How often a port that was given back is asked for again. */
const rebindUs = 100_000;

/** Asks the faults of a proxy about each accepted connection, in their order. */
export class Admissions {
  readonly #home: AdmissionHome;
  readonly #lives: Lifetimes;
  readonly #waiting = new Map<ProxyConnection, Waiting>();
  #rebind: ClockTimer | undefined;
  #stopped = false;

  constructor(home: AdmissionHome) {
    this.#home = home;
    this.#lives = new Lifetimes(home);
  }

  /** Whether a fault keeps the proxy from listening. */
  get refusing(): boolean {
    return this.#home.toxics.all.some((toxic) => typeOf(toxic).refuses === true && toxic.awake);
  }

  accepted(connection: ProxyConnection): void {
    const toxics = this.#home.toxics.all.filter(
      (toxic) => typeOf(toxic).admit !== undefined && connection.isHit(toxic, 'upstream'),
    );
    for (const { seen } of toxics) {
      for (const key of ['', connection.client.host]) seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    this.#lives.accepted(connection);
    this.#ask(connection, toxics);
  }

  firstByte(connection: ProxyConnection): void {
    this.#lives.firstByte(connection);
  }

  closed(connection: ProxyConnection): void {
    this.#waiting.get(connection)?.timer?.cancel();
    this.#waiting.delete(connection);
    this.#lives.closed(connection);
    for (const [other, { below, proceed }] of this.#waiting) {
      if (below > 0 && this.#openBeside(other) < below) proceed();
    }
  }

  put(toxic: Toxic): void {
    if (toxic.awake) this.#lives.put(toxic);
    else this.#letGo(toxic);
    this.#listen(toxic);
  }

  take(toxic: Toxic): void {
    this.#letGo(toxic);
    this.#listen(toxic);
  }

  stop(): void {
    this.#stopped = true;
    this.#rebind?.cancel();
    this.#lives.stop();
    for (const { timer } of this.#waiting.values()) timer?.cancel();
    this.#waiting.clear();
  }

  #letGo(toxic: Toxic): void {
    this.#lives.take(toxic);
    for (const waiting of [...this.#waiting.values()])
      if (waiting.toxic === toxic) waiting.proceed();
  }

  #ask(connection: ProxyConnection, toxics: readonly Toxic[]): void {
    const [toxic, ...rest] = toxics;
    if (connection.state !== 'accepted' || connection.outcome !== undefined) return;
    if (toxic === undefined) {
      connection.watchClient();
      if (this.#home.loops.isShut(this.#home)) connection.end();
      else connection.dial();
      return;
    }
    const admission = this.#admissionOf(toxic, connection);
    if (admission === undefined) this.#ask(connection, rest);
    else this.#follow(admission, { connection, toxic, rest });
  }

  #admissionOf(toxic: Toxic, connection: ProxyConnection): Admission | undefined {
    const { seen, settings } = toxic;
    return typeOf(toxic).admit?.(settings.values, {
      connection: connection.number,
      remote: connection.client.host,
      open: this.#openBeside(connection),
      seen: seen.get('') ?? 0,
      seenOfRemote: seen.get(connection.client.host) ?? 0,
    });
  }

  #follow(
    admission: Admission,
    at: {
      readonly connection: ProxyConnection;
      readonly toxic: Toxic;
      readonly rest: readonly Toxic[];
    },
  ): void {
    const { connection, toxic, rest } = at;
    this.#home.acted(connection, toxic, 'upstream', admission.do, 0);
    const goOn = (): void => this.#ask(connection, rest);
    switch (admission.do) {
      case 'end': {
        const { how, afterUs = 0 } = admission;
        const end = (): void => this.#refuse(connection, how, toxic);
        if (afterUs === 0) end();
        else this.#wait(at, afterUs, end, goOn);
        break;
      }
      case 'wait':
        if (admission.unread !== true) connection.watchClient();
        this.#wait(at, admission.forUs, goOn, goOn);
        break;
      case 'never': {
        connection.watchClient();
        const { dialTimeoutMs } = this.#home.settings;
        const limit = Number.isFinite(dialTimeoutMs) ? toMicroseconds(dialTimeoutMs) : undefined;
        this.#wait(at, limit, () => this.#refuse(connection, 'dialFailure', toxic), goOn);
        break;
      }
      case 'queue':
        this.#wait(at, undefined, goOn, goOn, admission.below);
    }
  }

  #refuse(
    connection: ProxyConnection,
    how: 'fin' | 'reset' | 'dialFailure',
    { name }: Toxic,
  ): void {
    const closes = this.#home.settings.onDialFailure === 'close';
    const fin = how === 'fin' || (how === 'dialFailure' && closes);
    connection.expire(fin ? 'fin' : 'both', name);
  }

  /** Waits at a fault; when that is removed, the connection goes on at once. */
  #wait(
    { connection, toxic }: { readonly connection: ProxyConnection; readonly toxic: Toxic },
    delayUs: number | undefined,
    due: () => void,
    released: () => void,
    below = 0,
  ): void {
    const leave = (then: () => void) => (): void => {
      this.#waiting.get(connection)?.timer?.cancel();
      this.#waiting.delete(connection);
      then();
    };
    const { clock } = this.#home.world;
    const label = `${toxic.name} of ${connection.id}`;
    const timer = delayUs === undefined ? undefined : clock.after(delayUs, leave(due), label);
    this.#waiting.set(connection, { toxic, timer, below, proceed: leave(released) });
  }

  /** Open connections that do not wait to be let in. */
  #openBeside(connection: ProxyConnection): number {
    let count = 0;
    for (const other of this.#home.counts.open) {
      if (other !== connection && (this.#waiting.get(other)?.below ?? 0) === 0) count++;
    }
    return count;
  }

  /** Stops listening while a fault says so, and asks for the port again afterwards. */
  #listen(toxic: Toxic): void {
    if (typeOf(toxic).refuses !== true || !this.#home.enabled || this.#stopped) return;
    this.#rebind?.cancel();
    const { door } = this.#home;
    if (this.refusing) void door.stop();
    else {
      door.start().catch((error: unknown) => {
        this.#home.events.tell('proxy.failed', { message: String(error), cause: error });
        const { clock } = this.#home.world;
        this.#rebind = clock.after(rebindUs, () => this.#listen(toxic), 'rebind of a proxy');
      });
    }
  }
}

function typeOf(toxic: Toxic): FaultType<object> {
  return toxic.settings.type as FaultType<object>;
}
