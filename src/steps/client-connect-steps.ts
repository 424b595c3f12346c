/** Sentences by which a client connects. */
import { TcpError } from '../base/errors';
import type { EndpointWords } from './endpoint-words';
import { failureWords } from './failure-classes';
import { stepFailure } from './failure-message';
import type { EntityReference } from './named-entities';
import type { ScenarioClient } from './scenario-client';
import { mentioned, newClient } from './scenario-clients';
import { addressOf, listeners } from './scenario-listener';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';
import { either } from './wait-for';

/** Connecting lasts at most this long by the connector's own limit. */
const connectLimitMs = 30_000;

export const clientConnectSteps: readonly Step[] = [
  step({
    id: 'client.connected.endpoint',
    group: 'client',
    level: 'core',
    keyword: 'Given',
    expression: 'a/the {client} connected to {endpoint}',
    example: 'a client "alice" connected to 127.0.0.1:7000',
    summary: 'opens a connection; fails if it cannot',
    failure: 'could not connect to {endpoint}: reason',
    limit: () => connectLimitMs,
    run: (world, client, endpoint) => connect(world, newClient(world, client), endpoint),
  }),
  step({
    id: 'client.connected.listener',
    group: 'client',
    level: 'core',
    keyword: 'Given',
    expression: 'a/the {client} connected to the {listener}',
    example: 'a client "c1" connected to the listener "l1"',
    summary: "opens a connection to the listener's address",
    failure: 'could not connect to the listener: reason',
    limit: () => connectLimitMs,
    run: (world, client, listener) => connectToListener(world, newClient(world, client), listener),
  }),
  step({
    id: 'client.connects.endpoint',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} connects to {endpoint}',
    example: 'client "alice" connects to 127.0.0.1:7000',
    summary: 'starts connecting and waits for the result; a client that is closed connects anew',
    failure: 'could not connect to {endpoint}: reason',
    limit: () => connectLimitMs,
    run: (world, client, endpoint) => connect(world, mentioned(world, client), endpoint),
  }),
  step({
    id: 'client.connects.listener',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} connects to the {listener}',
    example: 'client connects to the listener "echo"',
    summary: 'dials the listener',
    failure: 'could not connect to the listener: reason',
    limit: () => connectLimitMs,
    run: (world, client, listener) => connectToListener(world, mentioned(world, client), listener),
  }),
  step({
    id: 'client.tries',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} tries to connect to {endpoint}',
    example: 'client tries to connect to 127.0.0.1:1',
    summary: 'connects and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit: () => connectLimitMs,
    run: (world, client, endpoint) => mentioned(world, client).tryToConnect(endpoint),
  }),
  step({
    id: 'client.tries.listener',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} tries to connect to the {listener}',
    example: 'client tries to connect to the listener "echo"',
    summary: 'dials the listener and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit: () => connectLimitMs,
    run: (world, client, listener) =>
      mentioned(world, client).tryToConnect(addressOf(world, listener)),
  }),
];

async function connect(
  world: StepWorld,
  client: ScenarioClient,
  target: EndpointWords,
): Promise<void> {
  try {
    await client.connect(target);
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw stepFailure(world, {
      headline: `${client.title} could not connect to ${client.peer}: ${reasonOf(error)}`,
      code: error.code,
      phase: error.phase,
      cause: error,
    });
  }
}

/**
 * Connects to a listener of the scenario, and waits until that has the connection: a client is
 * connected one round trip before its listener knows, and the next step may speak of the listener.
 */
async function connectToListener(
  world: StepWorld,
  client: ScenarioClient,
  reference: EntityReference,
): Promise<void> {
  await connect(world, client, addressOf(world, reference));
  const listener = listeners(world).get(reference);
  const port = client.localPort;
  await world.waitFor(either(listener, client), () =>
    client.over || port === undefined || listener.hasAccepted(port) ? true : undefined,
  );
}

/** The words of its class, which name no address a second time. */
function reasonOf(error: TcpError): string {
  const words = failureWords(error);
  return words === error.code ? error.message : words;
}
