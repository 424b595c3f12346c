import type { Address } from '../base/address';
import type { Caller } from '../tcp/caller';
import { Listener } from '../tcp/listener';
import type { ConnectionService } from '../tcp/service';
import type { EndpointWords } from './endpoint-words';
import {
  type Entity,
  type EntityReference,
  entityTitle,
  type NamedEntities,
} from './named-entities';
import type { StepWorld } from './step-world';
import { Changes } from './wait-for';

/** What a listener does with its connections. */
export type ListenerBehaviour =
  | { readonly kind: 'echo' }
  | { readonly kind: 'record' }
  | { readonly kind: 'greet'; readonly bytes: Uint8Array };

/** The things a connection of a listener can meet, in the words of a step. */
export type ListenerEvent = 'connect' | 'bytes' | 'end' | 'error' | 'close';

/** A listener of a scenario, and the events of its connections. */
export class ScenarioListener extends Changes implements Entity {
  readonly name: string;
  /** `listener "echo"`. */
  readonly title: string;
  readonly #world: StepWorld;
  readonly #behaviour: ListenerBehaviour;
  readonly #histories: ListenerEvent[][] = [];
  #listener: Listener | undefined;
  #address: Address | undefined;

  constructor(world: StepWorld, name: string, behaviour: ListenerBehaviour) {
    super();
    this.name = name;
    this.title = entityTitle('listener', name);
    this.#world = world;
    this.#behaviour = behaviour;
  }

  /** Where it listens or listened; `undefined` before {@link start}. */
  get address(): Address | undefined {
    return this.#address;
  }

  /** The connections that are open now. */
  get connections(): readonly Caller[] {
    return [...(this.#listener?.connections.values() ?? [])];
  }

  /** Events of the connection accepted last; `bytes` stands once for bytes in a row. */
  get lastEvents(): readonly ListenerEvent[] {
    return this.#histories.at(-1) ?? [];
  }

  /**
   * Listens on a loopback port; 0 means any.
   *
   * @throws TcpError as `Listener.start`
   */
  async start(port: number): Promise<void> {
    const listener = new Listener(port, { world: this.#world.world, label: this.title });
    listener.attach({ onConnect: (caller) => this.#serve(caller) });
    this.#listener = listener;
    this.#address = await listener.start();
  }

  /** Closes the listening socket; connections live on. */
  async stopAccepting(): Promise<void> {
    await this.#listener?.stopAccepting();
  }

  /** Sends FIN to every connection. */
  async closeConnections(): Promise<void> {
    await Promise.all(this.connections.map((caller) => caller.close()));
  }

  /** Stops after the scenario. */
  async end(): Promise<void> {
    await this.#listener?.immediateStop();
  }

  async #serve(caller: Caller): Promise<ConnectionService> {
    const history: ListenerEvent[] = [];
    this.#histories.push(history);
    const note = (event: ListenerEvent): void => {
      if (event !== 'bytes' || history.at(-1) !== 'bytes') history.push(event);
      this.changed();
    };
    note('connect');
    if (this.#behaviour.kind === 'greet') await caller.writeBytes(this.#behaviour.bytes);
    const echoes = this.#behaviour.kind === 'echo';
    return {
      onBytes: (data) => {
        note('bytes');
        return echoes ? data : undefined;
      },
      onError: () => note('error'),
      onClose: () => note('close'),
    };
  }
}

/** The listeners of a scenario. */
export function listeners(world: StepWorld): NamedEntities<ScenarioListener> {
  return world.named('listener');
}

/**
 * Where a listener listens.
 *
 * @throws Error there is none of that name
 */
export function addressOf(world: StepWorld, reference: EntityReference): EndpointWords {
  const { address, title } = listeners(world).get(reference);
  if (address === undefined) throw new Error(`${title} does not listen`);
  return address;
}
