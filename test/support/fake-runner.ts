import type {
  HookParameter,
  PickleStep,
  Runner,
  RunnerParameterType,
} from '../../src/cucumber/runner';

type Code = (this: unknown, ...words: unknown[]) => unknown;
type Hook = (this: unknown, parameter: unknown) => unknown;

/** What was registered, and a way to run it. */
export interface FakeRunner extends Runner {
  readonly steps: Map<string, { readonly code: Code; readonly timeout: number }>;
  readonly types: Map<string, RunnerParameterType>;
  readonly before: Hook[];
  readonly after: Hook[];
  readonly afterAll: (() => unknown)[];
}

/** A runner that keeps what is registered. */
export function fakeRunner(): FakeRunner {
  const steps: FakeRunner['steps'] = new Map();
  const types: FakeRunner['types'] = new Map();
  const before: Hook[] = [];
  const after: Hook[] = [];
  const afterAll: (() => unknown)[] = [];
  const define: Runner['Given'] = (expression, { timeout }, code) => {
    steps.set(expression, { code, timeout });
  };
  return {
    steps,
    types,
    before,
    after,
    afterAll,
    Given: (...words) => define(...words),
    When: (...words) => define(...words),
    Then: (...words) => define(...words),
    Before: (_options, code) => before.push(code),
    After: (_options, code) => after.push(code),
    AfterAll: (_options, code) => afterAll.push(code),
    defineParameterType: (type) => types.set(type.name, type),
  };
}

/** A scenario as `@cucumber/cucumber` tells it to hooks. */
export function hookParameter(
  steps: readonly PickleStep[],
  more: { readonly tags?: readonly string[]; readonly status?: string } = {},
): HookParameter {
  return {
    pickle: {
      name: 'a scenario',
      uri: 'features/a.feature',
      tags: (more.tags ?? []).map((name) => ({ name })),
      steps,
    },
    ...(more.status === undefined ? {} : { result: { status: more.status } }),
  };
}
