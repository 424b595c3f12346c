/** Mocks written in TypeScript: the builder makes the same definition that a file holds. */

import type { BytePattern } from '../base/byte-pattern';
import { refusal } from '../base/errors';
import type { Framer } from '../framing/framer';
import type { FramingDefinition } from '../framing/framing-definition';
import type { World } from '../network/world';
import { actionsOf, type Reply, scriptOf } from './builder-steps';
import type { BytesDefinition } from './bytes-definition';
import { printMocks, readMockFile, requireMocks } from './mock-file';
import type {
  MockDefinition,
  Predicate,
  RepeatedActions,
  RuleDefinition,
  ScriptTurn,
} from './mock-model';
import { type MockOptions, type MockServer, startMock } from './mock-server';
import { type PredicateLike, predicateData } from './predicate-like';

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
  return new MockBuilder({ ...settings, name } as MockDefinition);
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
  when(predicate: PredicateLike | BytePattern): RuleBuilder {
    return new RuleBuilder(this, predicateData(predicate), undefined);
  }

  /** Begins a rule for a state. */
  inState(...states: readonly string[]): {
    when(predicate: PredicateLike | BytePattern): RuleBuilder;
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
    refuseFunctions(this.#definition);
    return printMocks([plainBytes(this.#definition) as MockDefinition]);
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

/** A rule while it is written. */
export class RuleBuilder {
  readonly #mock: MockBuilder;
  readonly #rule: Omit<RuleDefinition, 'when'> & { readonly when: Predicate };

  /** @internal */
  constructor(
    mock: MockBuilder,
    when: Predicate,
    states: readonly string[] | undefined,
    rest: Partial<RuleDefinition> = {},
  ) {
    this.#mock = mock;
    this.#rule = { ...rest, when: states === undefined ? when : inStates(when, states) };
  }

  /** Names the rule, for messages. */
  named(name: string): RuleBuilder {
    return this.#again({ name });
  }

  /** How often it must match, and may. */
  times(times: NonNullable<RuleDefinition['times']>): RuleBuilder {
    return this.#again({ times });
  }

  /** Higher comes first. */
  priority(priority: number): RuleBuilder {
    return this.#again({ priority });
  }

  /** Answers with bytes, actions, or what a function makes of the frame. */
  reply(...replies: readonly Reply[]): MockBuilder {
    return this.#mock.rule({ ...this.#rule, then: actionsOf(replies) });
  }

  /** Answers the first match with the first reply, and so on; the last one repeats. */
  inSequence(...replies: readonly Reply[]): MockBuilder {
    const sequence = replies.map((reply) => actionsOf([reply]));
    return this.#mock.rule({ ...this.#rule, sequence });
  }

  /** Takes the frame and says nothing. */
  silently(): MockBuilder {
    return this.#mock.rule({ ...this.#rule, then: { silence: true } });
  }

  #again(changes: Partial<RuleDefinition>): RuleBuilder {
    const { when, ...rest } = this.#rule;
    return new RuleBuilder(this.#mock, when, undefined, { ...rest, ...changes });
  }
}

function inStates(when: Predicate, states: readonly string[]): Predicate {
  const state = states.length === 1 ? (states[0] ?? '') : states;
  const keys = typeof when === 'string' || when instanceof Uint8Array ? { equals: when } : when;
  const isBytes = ['text', 'line', 'hex', 'base64', 'file', 'repeat', 'concat', 'fields'].some(
    (key) => key in keys,
  );
  return isBytes ? { equals: when as BytesDefinition, state } : { ...keys, state };
}

function refuseFunctions(definition: MockDefinition): void {
  for (const [index, rule] of (definition.rules ?? []).entries()) {
    if (!hasFunction(rule)) continue;
    const title = rule.name === undefined ? `rule ${index + 1}` : `rule "${rule.name}"`;
    throw refusal('rules', `${title} has a function; write it as a handler file`);
  }
  if (typeof (definition.framing as Partial<Framer> | undefined)?.decode === 'function') {
    throw refusal('framing', 'the framing is a function; write it as a name or a definition');
  }
  if (hasFunction(definition)) {
    throw refusal('mock', 'the mock has a function; write it as a handler file');
  }
}

function hasFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasFunction);
}

/** Byte arrays as files write them. */
function plainBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(plainBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : [[key, plainBytes(inner)]],
    ),
  );
}
