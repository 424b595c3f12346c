import { overWords, shortTime } from './client-ending';
import { stepFailure } from './failure-message';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/** Needs a client to be open both ways, once the network is quiet. @throws StepFailure */
export async function expectConnected(world: StepWorld, client: ScenarioClient): Promise<void> {
  await world.settle();
  if (client.openBothWays) return;
  const atUs = client.closeInfo?.closedAtUs;
  const when = atUs === undefined ? '' : `, ${shortTime(atUs / 1_000)} into the scenario`;
  throw stepFailure(world, {
    headline: `${client.title} is not connected (${overWords(client)}${when})`,
    ...connectionOf(client),
  });
}

/** Waits until a client is closed both ways. @throws StepFailure */
export async function expectDisconnected(world: StepWorld, client: ScenarioClient): Promise<void> {
  const { found, waitedMs } = await world.waitFor(client, () => (client.open ? undefined : true));
  if (found) return;
  const half = client.peerEnded ? '; the peer sent FIN, the client did not' : '';
  throw stepFailure(world, {
    headline: `${client.title} is still connected to ${client.peer} (waited ${shortTime(waitedMs)}${half})`,
    ...connectionOf(client),
  });
}

function connectionOf(client: ScenarioClient): { connection?: string } {
  return client.connection === undefined ? {} : { connection: client.connection };
}
