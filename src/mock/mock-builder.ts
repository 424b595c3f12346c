/** Mocks written in TypeScript: the builder makes the same definition that a file holds. */

import type { BytePattern } from '../base/byte-pattern';
import { refusal } from '../base/errors';
import type { Framer } from '../framing/framer';
import type { FramingDefinition } from '../framing/framing-definition';
import type { World } from '../network/world';
import { printDefinition } from './builder-print';
import { actionsOf, type Reply, scriptOf } from './builder-steps';
import { readMockFile, requireMocks } from './mock-file';
import type { MockDefinition, RepeatedActions, RuleDefinition, ScriptTurn } from './mock-model';
import type { MockServer } from './mock-server';
import { type PredicateLike, predicateData } from './predicate-like';
import { RuleBuilder } from './rule-builder';
import { type MockOptions, startMock } from './start-mock';

/** What a mock may be given beside its name; the rest is said by the builder. */
export type MockSettings = Partial<
  Omit<
    MockDefinition,
    'name' | 'framing' | 'rules' | 'script' | 'unmatched' | 'onConnect' | 'onClose'
  >
> & {
  /** A name, a definition, or a framer; default `none`. */
  readonly framing?: FramingDefinition | Framer;
};

/**
 * Begins a mock.
 *
 * @param name - letters, digits, `_`, `.` and `-`
 * @source docs/mocks.md
 * @example
 * const server = await mock('redis', { framing: 'line' }).when('PING').reply('PONG').start();
 */
export function mock(name: string, settings: MockSettings = {}): MockBuilder {
  return new MockBuilder({ name, ...settings } as MockDefinition);
}

/**
 * The mock of a file: its only one, or the one of a name.
 *
 * @throws TcpError `ECONFIG` - the file is wrong, every mistake with its place; or there is no such mock
 */
export function mockFromFile(path: string, name?: string): MockBuilder {
  const mocks = requireMocks(readMockFile(path));
  const found =
    name === undefined ? mocks[0] : mocks.find(({ definition }) => definition.name === name);
  const names = mocks.map(({ definition }) => `"${definition.name}"`).join(', ');
  if (found === undefined) throw refusal('name', `${path} has no mock "${name}", it has ${names}`);
  if (name === undefined && mocks.length > 1) {
    throw refusal('name', `${path} has ${mocks.length} mocks, say which: ${names}`);
  }
  return new MockBuilder(found.definition, found.plan.folder);
}

/**
 * A mock that follows a script.
 *
 * @param text - as the wire log writes it
 * @throws TcpError `ECONFIG` - every mistake with its line
 * @source docs/scripts.md
 */
export function mockFromScript(
  text: string,
  settings: MockSettings & { readonly name?: string } = {},
): MockBuilder {
  const { name = 'script', ...rest } = settings;
  return mock(name, rest).follows(scriptOf(text));
}

/** A mock while it is written. Every method returns a new builder; none changes the one before. */
export class MockBuilder {
  readonly #definition: MockDefinition;
  readonly #folder: string | undefined;

  /** @internal */
  constructor(definition: MockDefinition, folder?: string) {
    this.#definition = definition;
    this.#folder = folder;
  }

  /** Does things when somebody has connected. */
  onConnect(...replies: readonly Reply[]): MockBuilder {
    return this.#with({ onConnect: actionsOf(replies) });
  }

  /** Does things when the client has ended. */
  onClose(...replies: readonly Reply[]): MockBuilder {
    return this.#with({ onClose: actionsOf(replies) });
  }

  /** Begins a rule; what follows says what is answered. */
  when(predicate: PredicateLike | BytePattern): RuleBuilder<MockBuilder> {
    return new RuleBuilder(this, predicateData(predicate), undefined);
  }

  /** Begins a rule for a state. */
  inState(...states: readonly string[]): {
    when(predicate: PredicateLike | BytePattern): RuleBuilder<MockBuilder>;
  } {
    return {
      when: (predicate) => new RuleBuilder(this, predicateData(predicate), states),
    };
  }

  /** Does things for frames that no rule takes. */
  unmatched(...replies: readonly Reply[]): MockBuilder {
    return this.#with({ unmatched: actionsOf(replies) });
  }

  /** Does things again and again. */
  every(
    interval: number | string,
    replies: readonly Reply[],
    scope: NonNullable<RepeatedActions['scope']> = 'connection',
  ): MockBuilder {
    const one: RepeatedActions = { interval, do: actionsOf(replies), scope };
    return this.#with({ every: [...(this.#definition.every ?? []), one] });
  }

  /** Follows turns before any rule. */
  follows(turns: readonly ScriptTurn[]): MockBuilder {
    return this.#with({ script: [...(this.#definition.script ?? []), ...turns] });
  }

  /** @internal */
  rule(rule: RuleDefinition): MockBuilder {
    return this.#with({ rules: [...(this.#definition.rules ?? []), rule] });
  }

  /** What a file would hold. */
  toDefinition(): MockDefinition {
    return this.#definition;
  }

  /**
   * The text of a file.
   *
   * @throws TcpError `ECONFIG` - a function is in it; the message names where
   */
  toYAML(): string {
    return printDefinition(this.#definition);
  }

  /**
   * Starts it.
   *
   * @param options - a world, or more; default: the real world of this process
   * @returns when it listens
   * @throws TcpError - as `startMock`
   */
  start(options: MockOptions | World = {}): Promise<MockServer> {
    const given: MockOptions = 'network' in options ? { world: options } : options;
    const folder = this.#folder === undefined ? {} : { folder: this.#folder };
    return startMock(this.#definition, { ...folder, ...given });
  }

  #with(changes: Partial<MockDefinition>): MockBuilder {
    return new MockBuilder({ ...this.#definition, ...changes }, this.#folder);
  }
}
