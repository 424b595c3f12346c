/** How steps connect a client, and what they say when it cannot be. */
import { TcpError } from '../base/errors';
import type { ClientSecureSocket } from '../tcp/secure-socket';
import type { EndpointWords } from './endpoint-words';
import { failureWords } from './failure-classes';
import { stepFailure } from './failure-message';
import type { EntityReference } from './named-entities';
import type { ScenarioClient } from './scenario-client';
import { serverAddress, serverOf } from './scenario-servers';
import type { StepWorld } from './step-world';
import { either } from './wait-for';

/** Connects. @throws StepFailure it could not */
export async function connect(
  world: StepWorld,
  client: ScenarioClient,
  target: EndpointWords,
  secureSocket?: ClientSecureSocket,
  hints: () => readonly string[] = () => [],
): Promise<void> {
  try {
    await client.connect(target, secureSocket);
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw stepFailure(world, {
      headline: `${client.title} could not connect to ${client.peer}: ${reasonOf(error)}`,
      body: error.kind === undefined ? [] : [error.message],
      hints: hints(),
      code: error.code,
      phase: error.phase,
      cause: error,
    });
  }
}

/**
 * Connects to a listener or a mock of the scenario, and waits until that has the connection: a client is
 * connected one round trip before its server knows, and the next step may speak of the server.
 */
export async function connectToServer(
  world: StepWorld,
  client: ScenarioClient,
  reference: EntityReference,
  secureSocket?: ClientSecureSocket,
): Promise<void> {
  await connect(world, client, serverAddress(world, reference), secureSocket);
  const server = serverOf(world, reference);
  const port = client.localPort;
  await world.waitFor(either(server, client), () =>
    client.over || port === undefined || server.hasAccepted(port) ? true : undefined,
  );
}

/** The words of its class, which name no address a second time. */
function reasonOf(error: TcpError): string {
  const words = failureWords(error);
  return words === error.code ? error.message : words;
}
