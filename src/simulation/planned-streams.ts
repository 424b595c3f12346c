import type { ControlledNetwork } from './controls';
import type { FaultPath, FaultTold } from './fault-path';
import { resetSegment } from './segment';
import { type LateEnd, type StreamFault, slotOf } from './stream-faults';
import type { TcpEnd } from './tcp-end';

/** The two ends of one connection that are there. */
export interface EndPair {
  readonly dialler: TcpEnd | undefined;
  readonly listener: TcpEnd | undefined;
}

/** Puts the stream faults of a plan into connections, also into those that are still to come. */
export class PlannedStreams {
  readonly #network: ControlledNetwork;
  readonly #paths = new Set<FaultPath>();
  readonly #waiting = new Map<number, (() => void)[]>();
  #count = 0;

  constructor(network: ControlledNetwork) {
    this.#network = network;
  }

  /** @param direction - that of the trigger, when it has one */
  put(fault: StreamFault | LateEnd, number: number, direction: 'out' | 'in' | undefined): void {
    const place = directionOf(fault) ?? direction ?? 'both';
    this.#network.note(fault.type, { connection: number, direction: place });
    const order = ++this.#count;
    const put = (ends: EndPair): void => {
      if (place !== 'in') this.#into(fault, number, ends, 'out', order);
      if (place !== 'out') this.#into(fault, number, ends, 'in', order);
    };
    const ends = endsOf(this.#network, number);
    if (ends.dialler !== undefined || ends.listener !== undefined) {
      put(ends);
      return;
    }
    const waiting = this.#waiting.get(number) ?? [];
    waiting.push(() => put(endsOf(this.#network, number)));
    this.#waiting.set(number, waiting);
  }

  /** A connection stands: what was meant for it acts from its first byte on. */
  established(number: number): void {
    const waiting = this.#waiting.get(number) ?? [];
    this.#waiting.delete(number);
    for (const put of waiting) put();
  }

  #into(
    fault: StreamFault | LateEnd,
    connection: number,
    ends: EndPair,
    direction: 'out' | 'in',
    order: number,
  ): void {
    const sender = direction === 'out' ? ends.dialler : ends.listener;
    if (sender === undefined) return;
    const path = sender.wire.faults(toldOf(ends, sender));
    const slot = slotOf(fault, {
      path,
      connection,
      direction,
      order,
      nowUs: this.#network.engine.nowUs,
      acted: (action, bytes) => sender.log.sent('fault', { fault: fault.type, action, bytes }),
    });
    path.add(slot);
    this.#paths.add(path);
  }

  /** The world ends: nobody waits any more for what is held back. */
  close(): void {
    for (const path of this.#paths) path.close();
  }
}

/** Sends RST to one side or both, behind what is on its way there. */
export function resetEnds(ends: EndPair, side: 'dialler' | 'listener' | undefined): void {
  if (side !== 'listener') ends.listener?.wire.carry(resetSegment('plan'));
  if (side !== 'dialler') ends.dialler?.wire.carry(resetSegment('plan'));
}

/** The ends of a connection on the hosts of a network. */
export function endsOf(network: ControlledNetwork, number: number): EndPair {
  const ends = [...network.topology.hosts.values()].flatMap((host) => [...host.ends]);
  return {
    dialler: ends.find((end) => end.log.connection === `c${number}`),
    listener: ends.find((end) => end.log.connection === `s${number}`),
  };
}

function toldOf(ends: EndPair, sender: TcpEnd): FaultTold {
  return {
    reset: (side) => resetEnds(ends, sides[side]),
    moved: () => sender.proceed(),
  };
}

const sides = { client: 'dialler', upstream: 'listener', both: undefined } as const;

function directionOf(fault: StreamFault | LateEnd): 'out' | 'in' | 'both' | undefined {
  if (fault.direction !== undefined || fault.type !== 'halfClose') return fault.direction;
  return fault.side === undefined ? undefined : fault.side === 'dialler' ? 'out' : 'in';
}
