import { formatAddress } from '../base/address';
import { type Entity, type EntityKind, entityTitle, NamedEntities } from './named-entities';

/** The order in which a scenario is taken down: who uses others first. */
const endingOrder = ['command', 'client', 'proxy', 'mock', 'listener'] as const;

/** All entities of a scenario, by kind and name. */
export class EntityTable {
  readonly #kinds = new Map<EntityKind, NamedEntities<Entity>>();

  /** Those of one kind. The caller knows their type. */
  named<T extends Entity>(kind: EntityKind): NamedEntities<T> {
    let entities = this.#kinds.get(kind);
    if (entities === undefined) {
      entities = new NamedEntities<Entity>(kind);
      this.#kinds.set(kind, entities);
    }
    return entities as NamedEntities<Entity> as NamedEntities<T>;
  }

  /** The entity that listens at an address, or did so last, with its title: `mock "mail"`. */
  at(host: string, port: number): { readonly title: string; readonly entity: Entity } | undefined {
    const wanted = formatAddress({ host, port });
    for (const [kind, entities] of this.#kinds) {
      const entity = entities.all.findLast(
        ({ address }) => address !== undefined && formatAddress(address) === wanted,
      );
      if (entity !== undefined) return { title: entityTitle(kind, entity.name), entity };
    }
    return undefined;
  }

  /** Ends all of them, commands first. */
  async end(): Promise<void> {
    for (const kind of endingOrder) {
      await Promise.all(this.named(kind).all.map((entity) => entity.end?.()));
    }
  }
}
