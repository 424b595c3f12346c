import type { ParameterValues } from './parameter-values';
import type { StepWorld } from './step-world';

/** What the steps are about; the chapters of docs/steps.md. */
export type StepGroup =
  | 'client'
  | 'listener'
  | 'proxy'
  | 'fault'
  | 'command'
  | 'time'
  | 'network'
  | 'certificate'
  | 'tls'
  | 'assertion'
  | 'capture'
  | 'own';

/** The doc string below a step. */
export interface DocString {
  readonly kind: 'docString';
  readonly text: string;
  /** The word behind the opening quotes, such as `hex`; empty when there is none. */
  readonly mediaType: string;
}

/** The data table below a step: its cells, row by row, the header first. */
export interface DataTable {
  readonly kind: 'table';
  readonly rows: readonly (readonly string[])[];
}

/** What may stand below a step. */
export type StepArgument = DocString | DataTable;

/** Which argument a step takes; a step without one takes none. */
export type ArgumentKind = 'docString' | 'table' | 'either';

/** One sentence of the step language, as data. */
export interface Step {
  /** Stable: `client.sends.chunks`. Stored counterexamples name it. */
  readonly id: string;
  readonly group: StepGroup;
  readonly level: 'core' | 'advanced';
  /** The natural keyword; a runner does not mind which one is used. */
  readonly keyword: 'Given' | 'When' | 'Then';
  /** A Cucumber expression. */
  readonly expression: string;
  readonly argument?: ArgumentKind;
  /** A sentence that this step matches. */
  readonly example: string;
  /** The lines below the example, where the step takes an argument. */
  readonly exampleArgument?: string;
  /** What it does, for the reference page. */
  readonly summary: string;
  /** What its failure says, for the reference page. */
  readonly failure: string;
  /**
   * Milliseconds that the step may take by its own words, in real time; the default is the wait
   * of asserting steps. Five seconds later the step is given up.
   */
  limit?(world: StepWorld, ...values: readonly unknown[]): number;
  /**
   * Does it. `values` are those of the placeholders, in their order, then the argument. What it
   * throws fails the step; throw {@link StepFailure} for what a reader should understand.
   */
  run(world: StepWorld, ...values: readonly unknown[]): unknown;
  /** It chooses the network, so it runs before there is one. */
  readonly choosesNetwork?: true;
  /** A model of the step for fuzzing; opaque here. */
  readonly model?: unknown;
}

/** The values that the placeholders of an expression give, in their order. */
export type ValuesOf<Expression extends string> =
  Expression extends `${string}{${infer Name}}${infer Rest}`
    ? [Name extends keyof ParameterValues ? ParameterValues[Name] : unknown, ...ValuesOf<Rest>]
    : [];

/** The value that an argument gives: none, or one at the end. */
export type ArgumentOf<Kind extends ArgumentKind | undefined> = Kind extends 'docString'
  ? [argument: DocString]
  : Kind extends 'table'
    ? [argument: DataTable]
    : Kind extends 'either'
      ? [argument: StepArgument]
      : [];

/** A {@link Step} as it is written: the values of `run` have the types that the expression gives. */
export interface StepDefinition<
  Expression extends string,
  Kind extends ArgumentKind | undefined = undefined,
> extends Omit<Step, 'expression' | 'argument' | 'run' | 'limit'> {
  readonly expression: Expression;
  readonly argument?: Kind;
  limit?(world: StepWorld, ...values: [...ValuesOf<Expression>, ...ArgumentOf<Kind>]): number;
  run(world: StepWorld, ...values: [...ValuesOf<Expression>, ...ArgumentOf<Kind>]): unknown;
}

/**
 * Declares one step, with the types of its values taken from the expression.
 *
 * @example
 * step({
 *   id: 'client.sends', group: 'client', level: 'core', keyword: 'When',
 *   expression: '{client} sends {bytes}', example: 'client "alice" sends hex "de ad be ef"',
 *   summary: 'writes and waits until the network took the bytes',
 *   failure: 'write failed after n of m bytes: reason',
 *   run: (world, reference, bytes) => clients(world).get(reference).send(bytes),
 * })
 */
export function step<
  const Expression extends string,
  const Kind extends ArgumentKind | undefined = undefined,
>(definition: StepDefinition<Expression, Kind>): Step {
  return definition as unknown as Step;
}
