/**
 * The door `brine/cucumber/register`: binds the step language to a runner.
 *
 * Nothing here imports a runner. What it needs is handed over, so that the steps join the copy that
 * the user's project has, whichever it is.
 */
import { allSteps, onStepsDefined } from '../steps/catalogue';
import { placeholders } from '../steps/expression-text';
import type { TokenSources } from '../steps/parameter-type';
import { parameterTypes } from '../steps/parameter-types';
import { runStep } from '../steps/run-step';
import type { NetworkMakers } from '../steps/scenario-network';
import type { DataTable, DocString, Step, StepGroup } from '../steps/step';
import { defineHooks, networkMakers, scenarioOf } from './hooks';
import type { Runner, RunnerWorld } from './runner';
import { defineSuiteHooks } from './suite-hooks';

export type { Runner, RunnerWorld } from './runner';

/** What may be chosen when the steps are registered. */
export interface RegisterOptions {
  /** Groups of steps; default: all of them. Steps of your own are always there. */
  readonly groups?: readonly StepGroup[];
  /** How networks are opened; default: those of this release. */
  readonly networks?: NetworkMakers;
}

/** Both copies of a package would see it. */
const registeredRunners = Symbol.for('brine.cucumber.registered');

/** The runner's own limit of a step is switched off: ours speaks first, see `runStep`. */
const withoutLimit = { timeout: -1 } as const;

/**
 * Defines the parameter types, the steps and the hooks of Brine in a runner.
 *
 * @param runner - `require('@cucumber/cucumber')`, `require('cucumber')`, or what has the same functions
 * @throws Error `the Brine steps are already registered`, an unknown group
 */
export function register(runner: Runner, options: RegisterOptions = {}): void {
  refuseSecondTime(runner);
  const wanted = groupsOf(options);
  for (const type of parameterTypes) {
    if (type.builtIn) continue;
    runner.defineParameterType({
      name: type.name,
      // One expression, since the types of `cucumber` 6 know no list.
      regexp: new RegExp(type.regexps.map(({ source }) => source).join('|')),
      transformer: function (this: unknown, token: string) {
        return type.read(token, sourcesOf(this as RunnerWorld));
      },
      useForSnippets: false,
      preferForRegexpMatch: false,
    });
  }
  const define = (step: Step): void => defineStep(runner, step);
  allSteps()
    .filter(({ group }) => group === 'own' || wanted.includes(group))
    .forEach(define);
  onStepsDefined((steps) => steps.forEach(define));
  defineHooks(runner, options.networks ?? networkMakers);
  defineSuiteHooks(runner);
}

function defineStep(runner: Runner, step: Step): void {
  const count = placeholders(step.expression).length;
  const code = async function (this: unknown, ...words: unknown[]): Promise<void> {
    const { world, track } = scenarioOf(this as RunnerWorld);
    const at = track.advance(step);
    const values = words.slice(0, count);
    if (step.argument !== undefined) values.push(argumentOf(step, words[count], at.mediaType));
    await runStep(world, step, values, at);
  };
  // Both runners compare the declared parameters with the placeholders.
  const length = count + (step.argument === undefined ? 0 : 1);
  Object.defineProperty(code, 'length', { value: length });
  runner[step.keyword](step.expression, withoutLimit, code);
}

/** The doc string or table that a runner hands over, in our form. */
function argumentOf(step: Step, value: unknown, mediaType: string): DocString | DataTable {
  if (typeof value === 'string' && step.argument !== 'table') {
    return { kind: 'docString', text: value, mediaType };
  }
  const table = value as { raw?: () => readonly (readonly string[])[] } | undefined;
  if (typeof table?.raw === 'function' && step.argument !== 'docString') {
    return { kind: 'table', rows: table.raw() };
  }
  const wanted = { docString: 'a doc string', table: 'a table', either: 'a doc string or a table' };
  throw new Error(`this step takes ${wanted[step.argument ?? 'either']} below it`);
}

/** Tokens of a user's own step are read too when the scenario was not set up, but without chance. */
function sourcesOf(runnerWorld: RunnerWorld): TokenSources {
  const world = (runnerWorld as { brine?: TokenSources }).brine;
  if (world !== undefined) return world;
  const freePort = (name: string): never => {
    throw new Error(`there is no free port "${name}"`);
  };
  return { literalSources: {}, freePort };
}

function groupsOf({ groups }: RegisterOptions): readonly StepGroup[] {
  const all = [...new Set(allSteps().map(({ group }) => group))];
  if (groups === undefined) return all;
  const unknown = groups.find((group) => !all.includes(group));
  if (unknown !== undefined) {
    throw new Error(`groups must be some of ${all.join(', ')}, got "${unknown}"`);
  }
  return groups;
}

function refuseSecondTime(runner: Runner): void {
  const shared = globalThis as { [registeredRunners]?: WeakSet<object> };
  const known = shared[registeredRunners] ?? new WeakSet();
  shared[registeredRunners] = known;
  if (known.has(runner.Given)) throw new Error('the Brine steps are already registered');
  known.add(runner.Given);
}
