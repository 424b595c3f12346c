import type { World } from '../network/world';
import type { NetworkMakers, NetworkWishes, ScenarioNetwork } from './scenario-network';

/** Which network a scenario runs on: chosen until it is opened, which happens on first need. */
export class NetworkChoice {
  readonly #makers: NetworkMakers;
  readonly #opened: () => void;
  #kind: World['kind'];
  #wishes: NetworkWishes;
  #network: ScenarioNetwork | undefined;

  /** @param opened - called once, when the network is there */
  constructor(
    kind: World['kind'],
    wishes: NetworkWishes,
    makers: NetworkMakers,
    opened: () => void,
  ) {
    this.#kind = kind;
    this.#wishes = wishes;
    this.#makers = makers;
    this.#opened = opened;
  }

  get kind(): World['kind'] {
    return this.#kind;
  }

  /** The network, if it was opened. */
  get network(): ScenarioNetwork | undefined {
    return this.#network;
  }

  /** Chooses anew. @throws Error a network is open, or there is none of that kind */
  choose(kind: World['kind'], wishes: Partial<NetworkWishes>): void {
    if (this.#network !== undefined) throw new Error('this scenario already has open connections');
    if (this.#makers[kind] === undefined) throw notAvailable(kind);
    this.#kind = kind;
    this.#wishes = { ...this.#wishes, ...wishes };
  }

  open(): ScenarioNetwork {
    if (this.#network !== undefined) return this.#network;
    const make = this.#makers[this.#kind];
    if (make === undefined) throw notAvailable(this.#kind);
    this.#network = make(this.#wishes);
    this.#opened();
    return this.#network;
  }
}

function notAvailable(kind: World['kind']): Error {
  return new Error(`the ${kind} network is not part of this release of Brine; run it with @real`);
}
