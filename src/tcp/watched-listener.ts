import { RecentMap } from '../base/recent-map';
import type { WireSource } from '../network/wire-source';
import type { World } from '../network/world';
import { EventSource, EventTeller } from './listener-events';

/** As many connections may be over before the last of what they did is written down. */
const keptBehind = 10_000;

/** The connections of a listener as a part of its world, kept from when somebody watches. */
export class AcceptedIds {
  readonly #ids = new RecentMap<string, true>(keptBehind);
  #isWatched = false;
  #open: () => Iterable<string> = () => [];

  /** Takes where the connections are that are open when somebody begins to watch. */
  follow(open: () => Iterable<string>): void {
    this.#open = open;
  }

  /** A connection was accepted. */
  add(id: string): void {
    if (this.#isWatched) this.#ids.set(id, true);
  }

  /** It is over. */
  over(id: string): void {
    this.#ids.release(id);
  }

  source(world: World, label: string): WireSource {
    if (!this.#isWatched) for (const id of this.#open()) this.#ids.set(id, true);
    this.#isWatched = true;
    return { world, label, owns: ({ connection }) => this.#ids.has(connection) };
  }
}

/** What a listener tells, and shows of its connections. */
export abstract class WatchedListener extends EventSource {
  /** @internal */
  readonly world: World;
  protected readonly accepted: AcceptedIds = new AcceptedIds();

  constructor(world: World) {
    super(new EventTeller(world.scope));
    this.world = world;
  }

  /** What it is called in traces. */
  protected abstract get label(): string;

  /** Its connections as a part of its world, to be captured: `capture(listener, path)`. */
  get wire(): WireSource {
    return this.accepted.source(this.world, this.label);
  }
}
