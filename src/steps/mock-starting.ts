import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { TcpError } from '../base/errors';
import { stepFailure } from './failure-message';
import type { EntityReference } from './named-entities';
import { type MockSource, mocks, ScenarioMock } from './scenario-mock';
import type { StepWorld } from './step-world';

/** Starts a mock that so far has nothing but these settings. */
export async function newMock(
  world: StepWorld,
  reference: EntityReference,
  settings: Omit<MockSource['definition'], 'name'>,
): Promise<void> {
  const name = mocks(world).newName(reference);
  const definition = { ...settings, name: plainName(name) };
  await listen(world, name, { definition, folder: world.folder.feature });
}

/**
 * Starts the mock of a file.
 *
 * @param kind - `definitions`: YAML or JSON; `recording`: a script or a pcapng file
 * @throws Error there is no such file, or no such mock in it
 * @throws TcpError `ECONFIG` - every mistake in it, with its place
 */
export async function mockFromPath(
  world: StepWorld,
  reference: EntityReference,
  path: string,
  kind: 'definitions' | 'recording',
): Promise<void> {
  const name = mocks(world).newName(reference);
  const file = findFile(world, path);
  const source =
    kind === 'definitions'
      ? definitionOf(file, path, reference.name)
      : await recordingOf(file, path, name);
  await listen(world, name, source);
}

async function listen(world: StepWorld, name: string, source: MockSource): Promise<void> {
  const mock = new ScenarioMock(world, name, source);
  try {
    await mock.start(undefined);
  } catch (error) {
    if (!TcpError.is(error) || error.code === 'ECONFIG') throw error;
    throw stepFailure(world, {
      headline: `${mock.title} could not listen: ${error.message}`,
      code: error.code,
      phase: error.phase,
      cause: error,
    });
  }
  mocks(world).add(mock, world.step.place);
}

function definitionOf(file: string, path: string, name: string | undefined): MockSource {
  const { readMockFile, requireMocks } =
    require('../mock/mock-file') as typeof import('../mock/mock-file');
  const found = requireMocks(readMockFile(file));
  const [only] = found;
  const named = found.find(({ definition }) => definition.name === name);
  const meant = named ?? (found.length === 1 ? only : undefined);
  if (meant !== undefined) return { definition: meant.definition, folder: dirname(file) };
  const names = found.map(({ definition }) => `"${definition.name}"`).join(', ');
  const wanted = name === undefined ? 'say which mock' : `there is no mock "${name}"`;
  throw new Error(`${path}: ${wanted}, it has ${names}`);
}

async function recordingOf(file: string, path: string, name: string): Promise<MockSource> {
  if (extname(file) === '.pcapng') return await capturedIn(file, name);
  const { parseScript } =
    require('../capture/script-parser') as typeof import('../capture/script-parser');
  const { turnsOfScript } =
    require('../mock/script-import') as typeof import('../mock/script-import');
  const script = turnsOfScript(parseScript(readFileSync(file, 'utf8'), { file: path }));
  return { definition: { name: plainName(name), script }, folder: dirname(file) };
}

/** The server of a capture, on the stream: what it was asked and what it said, turn by turn. */
async function capturedIn(file: string, name: string): Promise<MockSource> {
  const { CaptureFile } =
    require('../capture/capture-file') as typeof import('../capture/capture-file');
  const { mockOfCapture } = require('../mock/replay') as typeof import('../mock/replay');
  const capture = await CaptureFile.open(file);
  try {
    const { definition } = await mockOfCapture(capture, { name: plainName(name) });
    return { definition, folder: dirname(file) };
  } finally {
    await capture[Symbol.asyncDispose]();
  }
}

/** Beside the feature, else from the working folder. */
function findFile({ folder }: StepWorld, path: string): string {
  const places = [folder.beside(path), resolve(path)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(`file "${path}" not found (looked in ${folder.feature} and ${process.cwd()})`);
}

/** Names of definitions know fewer characters than names of a scenario. */
function plainName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]/g, '-');
}
