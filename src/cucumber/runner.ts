/** What Brine needs of a runner; both `@cucumber/cucumber` and `cucumber` 6 have it. */
export interface Runner {
  Given: DefineStep;
  When: DefineStep;
  Then: DefineStep;
  Before: DefineHook;
  After: DefineHook;
  AfterAll: DefineEnd;
  defineParameterType(type: RunnerParameterType): void;
}

/** `this` and the parameters are unknown, so that the types of every runner fit. */
export type DefineStep = (
  expression: string,
  options: { readonly timeout: number },
  code: (this: unknown, ...words: unknown[]) => unknown,
) => void;

/** `this` is a {@link RunnerWorld}, the parameter a {@link HookParameter}. */
export type DefineHook = (
  options: { readonly timeout: number },
  code: (this: unknown, scenario: unknown) => unknown,
) => void;

/** What runs once, behind all scenarios; it takes nothing. */
export type DefineEnd = (options: { readonly timeout: number }, code: () => unknown) => void;

export interface RunnerParameterType {
  readonly name: string;
  readonly regexp: RegExp;
  readonly transformer: (this: unknown, token: string) => unknown;
  readonly useForSnippets: boolean;
  readonly preferForRegexpMatch: boolean;
}

/** The runner's world of one scenario: `this` of steps and hooks. */
export interface RunnerWorld {
  /** Attaches something to the report. A world of the user's own class may lack it. */
  readonly attach?: (data: string | Buffer, media: string | AttachedFile) => unknown;
  readonly parameters?: { readonly brine?: unknown };
}

/** How `@cucumber/cucumber` takes what has a name; `cucumber` 6 knows media types alone. */
export interface AttachedFile {
  readonly mediaType: string;
  readonly fileName: string;
}

/** What hooks are given, as far as it is read; the two runners differ. */
export interface HookParameter {
  readonly pickle: Pickle;
  /** `@cucumber/cucumber`. */
  readonly gherkinDocument?: unknown;
  /** `cucumber` 6. */
  readonly sourceLocation?: { readonly uri: string; readonly line: number };
  readonly result?: {
    readonly status?: unknown;
    /** `@cucumber/cucumber`: what was thrown, as text. */
    readonly message?: unknown;
    /** `cucumber` 6: what was thrown. */
    readonly exception?: unknown;
  };
  /** `@cucumber/cucumber`: this was an attempt, and another one follows. */
  readonly willBeRetried?: boolean;
}

export interface Pickle {
  readonly name: string;
  readonly uri?: string;
  readonly tags: readonly { readonly name: string }[];
  readonly astNodeIds?: readonly string[];
  readonly steps: readonly PickleStep[];
}

export interface PickleStep {
  readonly text: string;
  readonly astNodeIds?: readonly string[];
  /** `@cucumber/cucumber`. */
  readonly argument?: {
    readonly docString?: { readonly content: string; readonly mediaType?: string };
  };
  /** `cucumber` 6: the place in the feature file; the last one is that of the step itself. */
  readonly locations?: readonly { readonly line: number }[];
  readonly arguments?: readonly {
    readonly content?: string;
    readonly location?: { readonly line: number };
  }[];
}
