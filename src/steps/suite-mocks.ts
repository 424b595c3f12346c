import { dirname, resolve } from 'node:path';
import { barriersOf } from '../mock/barriers';
import type { MockDefinition } from '../mock/mock-model';
import type { MockServer } from '../mock/mock-server';
import type { World } from '../network/world';
import { mocks, ScenarioMock } from './scenario-mock';
import type { StepWorld } from './step-world';

interface SuiteMock {
  readonly definition: MockDefinition;
  readonly folder: string;
  readonly server: MockServer;
}

/** Mocks that are started once, on the real network, and serve one scenario after the other. */
export class SuiteMocks {
  #world: World | undefined;
  #started: Promise<readonly SuiteMock[]> | undefined;

  /**
   * Gives a scenario the mocks of some files, as if they had just been started.
   *
   * @throws TcpError - a file is wrong, or a mock cannot listen
   */
  async join(world: StepWorld): Promise<void> {
    this.#started ??= this.#start(world.settings.mocks);
    const started = await this.#started;
    if (this.#world !== undefined) barriersOf(this.#world).reset();
    for (const { definition, folder, server } of started) {
      server.replace(definition, { folder });
      server.reset();
      const mock = new ScenarioMock(world, definition.name, { definition, folder });
      mock.share(server);
      mocks(world).add(mock, 'worldParameters.brine.mocks');
    }
  }

  /** Stops all of them. */
  async stop(): Promise<void> {
    const started = await this.#started?.catch(() => []);
    this.#started = undefined;
    await Promise.all((started ?? []).map(({ server }) => server.stop({ how: 'reset' })));
    await this.#world?.scope[Symbol.asyncDispose]();
    this.#world = undefined;
  }

  async #start(files: readonly string[]): Promise<readonly SuiteMock[]> {
    // Most suites have no mocks, and do without what is loaded for them.
    const { readMockFile, requireMocks } =
      require('../mock/mock-file') as typeof import('../mock/mock-file');
    const { startMock } = require('../mock/start-mock') as typeof import('../mock/start-mock');
    const { realWorld } =
      require('../network/real/world') as typeof import('../network/real/world');
    const world = realWorld();
    this.#world = world;
    const all = files.flatMap((file) =>
      requireMocks(readMockFile(file)).map(({ definition }) => ({
        definition,
        folder: dirname(resolve(file)),
      })),
    );
    const servers: SuiteMock[] = [];
    for (const { definition, folder } of all) {
      servers.push({ definition, folder, server: await startMock(definition, { world, folder }) });
    }
    return servers;
  }
}
