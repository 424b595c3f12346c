import { readDuration, toMicroseconds } from '../base/duration';
import type { ControlledNetwork } from './controls';
import type { StreamStop } from './cuts';
import { priorities } from './event-queue';
import type { PlannedFault } from './plan';
import { actOn, type TriggerPlace } from './plan-actions';
import type { PlanWatch } from './plan-watch';
import { PlannedStreams } from './planned-streams';

/** A fault of the plan, and how often it has happened. */
interface Armed {
  readonly fault: PlannedFault;
  left: number;
  fired: boolean;
}

/**
 * Waits for the triggers of a plan and does what it says.
 *
 * @source docs/simulation.md
 */
export class PlanRunner implements PlanWatch {
  readonly #network: ControlledNetwork;
  readonly #armed: readonly Armed[];
  readonly #accepts = new Map<string, number>();
  readonly #streams: PlannedStreams;

  constructor(network: ControlledNetwork, faults: readonly PlannedFault[]) {
    this.#network = network;
    this.#streams = new PlannedStreams(network);
    this.#armed = faults.map((fault) => ({ fault, left: fault.times ?? 1, fired: false }));
    for (const armed of this.#armed) {
      if (!('at' in armed.fault.on)) continue;
      const delayUs = toMicroseconds(readDuration('at', armed.fault.on.at));
      const fire = (): void => this.#fire(armed, {});
      network.engine.schedule(delayUs, priorities.control, fire, 'fault of the plan');
    }
  }

  connection(number: number, state: 'connecting' | 'established'): void {
    if (state === 'established') this.#streams.established(number);
    for (const armed of this.#armed) {
      const { on } = armed.fault;
      if ('state' in on && on.connection === number && on.state === state) {
        this.#fire(armed, { connection: number });
      }
    }
  }

  accepting(host: string, number: number): void {
    const count = (this.#accepts.get(host) ?? 0) + 1;
    this.#accepts.set(host, count);
    for (const armed of this.#armed) {
      const { on } = armed.fault;
      if ('accepts' in on && on.host === host && count >= on.accepts) {
        this.#fire(armed, { connection: number });
      }
    }
  }

  stopsOf(number: number, direction: 'out' | 'in'): readonly StreamStop[] {
    return this.#armed.flatMap((armed) => {
      const { on } = armed.fault;
      if (!('direction' in on) || on.connection !== number || on.direction !== direction) return [];
      const place = 'byte' in on ? { at: on.byte } : { unit: on.message, offset: on.offset ?? 0 };
      return [{ place, run: () => this.#fire(armed, { connection: number, direction }) }];
    });
  }

  /** The world ends. */
  close(): void {
    this.#streams.close();
  }

  /** Faults that have not happened, as JSON. */
  neverFired(): readonly string[] {
    return this.#armed
      .filter(({ fired }) => !fired)
      .map(({ fault }) => `never fired: ${JSON.stringify(fault)}`);
  }

  #fire(armed: Armed, place: TriggerPlace): void {
    if (armed.left === 0) return;
    armed.left--;
    armed.fired = true;
    actOn(this.#network, this.#streams, armed.fault.do, place);
  }
}
