import type { Address } from '../base/address';
import { suggestion } from '../base/closest-word';

/** What can be named in a step. */
export type EntityKind = 'client' | 'listener' | 'mock' | 'proxy' | 'command' | 'certificate';

/** `client "alice"` or `client`: what the words of a step give, before anything is looked up. */
export interface EntityReference {
  readonly kind: EntityKind;
  /** Absent: the one of that kind mentioned last. */
  readonly name?: string;
}

/** What a scenario keeps under a name. */
export interface Entity {
  readonly name: string;
  /** Where it listens, if it does: `${listener "x"}` and the naming of addresses in messages. */
  readonly address?: Address | undefined;
  /** What has come of it so far, for messages: `it accepted 0 connections and is listening`. */
  readonly facts?: string;
  /** Ends it after the scenario; called once, and must not throw for what is over already. */
  end?(): unknown;
}

/** How an entity is called in messages: `client "alice"`, or `client` when it was never named. */
export function entityTitle(kind: EntityKind, name: string): string {
  return name === kind ? kind : `${kind} "${name}"`;
}

/**
 * The entities of one kind in one scenario, by name.
 *
 * An unnamed reference means the one mentioned last; when there is none yet, the name is that of
 * the kind.
 */
export class NamedEntities<T extends Entity> {
  readonly kind: EntityKind;
  readonly #entities = new Map<string, { readonly entity: T; readonly place: string }>();
  #last: string | undefined;

  constructor(kind: EntityKind) {
    this.kind = kind;
  }

  /** All of them, in the order in which they were made. */
  get all(): readonly T[] {
    return [...this.#entities.values()].map(({ entity }) => entity);
  }

  /** The name that a reference means, whether or not it exists. */
  nameOf(reference: { readonly name?: string }): string {
    return reference.name ?? this.#last ?? this.kind;
  }

  /** The entity meant, or `undefined`; mentions it. */
  find(reference: { readonly name?: string }): T | undefined {
    const name = this.nameOf(reference);
    const found = this.#entities.get(name)?.entity;
    if (found !== undefined) this.#last = name;
    return found;
  }

  /**
   * The entity meant; mentions it.
   *
   * @throws Error `there is no mock "mial" (did you mean "mail"? this scenario has: "mail")`
   */
  get(reference: { readonly name?: string }): T {
    const found = this.find(reference);
    if (found !== undefined) return found;
    const name = this.nameOf(reference);
    throw new Error(`there is no ${entityTitle(this.kind, name)} ${this.#others(name)}`);
  }

  /**
   * The name for a new entity of a *Given*, where an unnamed one gets the name of its kind.
   *
   * @throws Error `mock "mail" already exists (defined at features/mail.feature:6)`
   */
  newName(reference: { readonly name?: string }): string {
    const name = reference.name ?? this.kind;
    const taken = this.#entities.get(name);
    if (taken === undefined) return name;
    const where = taken.place === '' ? '' : ` (defined at ${taken.place})`;
    throw new Error(`${entityTitle(this.kind, name)} already exists${where}`);
  }

  /** Keeps an entity under its name, mentions it and returns it. `place` is `file:line` of the step. */
  add(entity: T, place = ''): T {
    this.newName(entity);
    this.#entities.set(entity.name, { entity, place });
    this.#last = entity.name;
    return entity;
  }

  #others(name: string): string {
    const names = [...this.#entities.keys()];
    if (names.length === 0) return `(this scenario has no ${this.kind} yet)`;
    const near = suggestion(name, names).replace(/^ \(|\)$/g, '');
    const all = `this scenario has: ${names.map((known) => `"${known}"`).join(', ')}`;
    return near === '' ? `(${all})` : `(${near} ${all})`;
  }
}
