import { stepFailure } from './failure-message';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/**
 * Needs every connection of the scenario to be closed and no read or write to wait, once the network
 * is quiet. Listeners may listen.
 *
 * @throws StepFailure
 */
export async function expectNothingOpen(world: StepWorld): Promise<void> {
  await world.settle();
  const { connections, pendingReads, pendingWrites } = world.world.scope.leaks();
  if (connections.length + pendingReads.length + pendingWrites.length === 0) return;
  const clients = world.named<ScenarioClient>('client').all;
  const body = [
    ...connections.map(({ id, label, state }) => {
      const owner = clients.find((client) => client.connection === id);
      const opened = owner === undefined ? '' : `, opened by: ${owner.openedBy}`;
      return `${id} of ${label}: ${state}${opened}`;
    }),
    ...pendingReads.map((label) => `a read waits: ${label}`),
    ...pendingWrites.map((label) => `a write waits: ${label}`),
  ];
  const count = connections.length;
  throw stepFailure(world, {
    headline:
      count === 0
        ? 'reads or writes still wait'
        : `${count} ${count === 1 ? 'end of a connection is' : 'ends of connections are'} left open`,
    body,
    expected: 0,
    actual: count,
    connections: connections.map(({ id }) => id),
  });
}
