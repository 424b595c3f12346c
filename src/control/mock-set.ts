import { TcpError } from '../base/errors';
import { isLoopback } from '../base/loopback';
import { type FileProblem, readMockText } from '../mock/mock-file';
import type { MockDefinition } from '../mock/mock-model';
import type { MockServer } from '../mock/mock-server';
import { startPlan } from '../mock/start-mock';
import type { World } from '../network/world';
import { ApiError, apiError } from './api-errors';

/** Mocks by name: those of a control API. */
export class MockSet implements AsyncDisposable {
  readonly #world: World;
  readonly #mocks = new Map<string, MockServer>();
  /** Names that are being started. */
  readonly #starting = new Set<string>();

  /** @param world - where they listen */
  constructor(world: World) {
    this.#world = world;
  }

  /** All mocks, in the order in which they were created. */
  list(): readonly MockServer[] {
    return [...this.#mocks.values()];
  }

  /** The mock of that name. @throws ApiError 404 */
  mock(name: string): MockServer {
    const mock = this.#mocks.get(name);
    if (mock === undefined) throw apiError('mockNotFound');
    return mock;
  }

  /** Starts mocks: all of them, or none. @throws ApiError 400, 403, 409 */
  async create(
    definitions: readonly MockDefinition[],
    { allowRemote = false }: { readonly allowRemote?: boolean } = {},
  ): Promise<readonly MockServer[]> {
    const plans = checked(definitions).map(({ plan }) => plan);
    for (const { name, host } of plans) {
      if (this.#mocks.has(name) || this.#starting.has(name)) throw apiError('mockExists');
      if (!allowRemote && !isLoopback(host)) throw apiError('remoteRefused');
    }
    for (const { name } of plans) this.#starting.add(name);
    const started: MockServer[] = [];
    try {
      for (const plan of plans) started.push(await startPlan(plan, { world: this.#world }));
    } catch (error) {
      await Promise.all(started.map((server) => server.stop({ how: 'reset' })));
      if (TcpError.is(error) && error.code === 'EADDRINUSE') throw new ApiError(409, error.message);
      throw error;
    } finally {
      for (const { name } of plans) this.#starting.delete(name);
    }
    for (const server of started) this.#mocks.set(server.name, server);
    return started;
  }

  /** Other rules in place of those that are there. @throws ApiError 400, 404 */
  replaceRules(name: string, rules: MockDefinition['rules']): MockServer {
    const mock = this.mock(name);
    const definition = { ...mock.definition, ...(rules !== undefined && { rules }) };
    checked([definition]);
    mock.replace(definition);
    return mock;
  }

  /** Ends a mock, its connections with FIN. @throws ApiError 404 */
  async delete(name: string): Promise<void> {
    const mock = this.mock(name);
    this.#mocks.delete(name);
    await mock.stop();
  }

  /** Puts states, counters and journals of all mocks back to the beginning. */
  reset(): void {
    for (const mock of this.#mocks.values()) mock.reset();
  }

  /** Ends all mocks, their connections with RST. May be called twice. */
  async close(): Promise<void> {
    const all = this.list();
    this.#mocks.clear();
    await Promise.all(all.map((mock) => mock.stop({ how: 'reset' })));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Definitions that are right. @throws ApiError 400 - the first problem, and its place in `path` */
function checked(definitions: readonly MockDefinition[]): ReturnType<typeof readMockText>['mocks'] {
  const { mocks, problems } = readMockText(JSON.stringify({ version: 1, mocks: definitions }));
  const [first] = problems;
  if (first === undefined) return mocks;
  throw new ApiError(400, problems.map(inWords).join('\n'), { path: first.path });
}

function inWords({ path, message }: FileProblem): string {
  return path === '' ? message : `${path}: ${message}`;
}
