import { actionsOf, type Reply } from './builder-steps';
import type { BytesDefinition } from './bytes-definition';
import type { Predicate, RuleDefinition } from './mock-model';
import { isBytes } from './predicates';

/** What takes a rule that was written. @internal */
export interface RuleOwner<M> {
  rule(rule: RuleDefinition): M;
}

/** A rule while it is written. */
export class RuleBuilder<M> {
  readonly #mock: RuleOwner<M>;
  readonly #rule: Omit<RuleDefinition, 'when'> & { readonly when: Predicate };

  /** @internal */
  constructor(
    mock: RuleOwner<M>,
    when: Predicate,
    states: readonly string[] | undefined,
    rest: Partial<RuleDefinition> = {},
  ) {
    this.#mock = mock;
    this.#rule = { ...rest, when: states === undefined ? when : inStates(when, states) };
  }

  /** Names the rule, for messages. */
  named(name: string): RuleBuilder<M> {
    return this.#again({ name });
  }

  /** How often it must match, and may. */
  times(times: NonNullable<RuleDefinition['times']>): RuleBuilder<M> {
    return this.#again({ times });
  }

  /** Higher comes first. */
  priority(priority: number): RuleBuilder<M> {
    return this.#again({ priority });
  }

  /** Answers with bytes, actions, or what a function makes of the frame. */
  reply(...replies: readonly Reply[]): M {
    return this.#mock.rule({ ...this.#rule, then: actionsOf(replies) });
  }

  /** Answers the first match with the first reply, and so on; the last one repeats. */
  inSequence(...replies: readonly Reply[]): M {
    const sequence = replies.map((reply) => actionsOf([reply]));
    return this.#mock.rule({ ...this.#rule, sequence });
  }

  /** Takes the frame and says nothing. */
  silently(): M {
    return this.#mock.rule({ ...this.#rule, then: { silence: true } });
  }

  #again(changes: Partial<RuleDefinition>): RuleBuilder<M> {
    const { when, ...rest } = this.#rule;
    return new RuleBuilder(this.#mock, when, undefined, { ...rest, ...changes });
  }
}

function inStates(when: Predicate, states: readonly string[]): Predicate {
  const state = states.length === 1 ? (states[0] ?? '') : states;
  return isBytes(when) ? { equals: when as BytesDefinition, state } : { ...when, state };
}
