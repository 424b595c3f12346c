import type { Scalar } from './mock-model';

/** The state of a conversation: a name, variables, and how often each rule has answered. */
export class MockState {
  name: string;
  readonly vars: Map<string, Scalar>;
  readonly #answers = new Map<string, number>();
  readonly #initial: { readonly name: string; readonly vars: Readonly<Record<string, Scalar>> };

  constructor(name: string, vars: Readonly<Record<string, Scalar>>) {
    this.#initial = { name, vars };
    this.name = name;
    this.vars = new Map(Object.entries(vars));
  }

  /** How often a rule has answered here. */
  answers(rule: string): number {
    return this.#answers.get(rule) ?? 0;
  }

  countAnswer(rule: string): void {
    this.#answers.set(rule, this.answers(rule) + 1);
  }

  reset(): void {
    this.name = this.#initial.name;
    this.vars.clear();
    for (const [name, value] of Object.entries(this.#initial.vars)) this.vars.set(name, value);
    this.#answers.clear();
  }
}
