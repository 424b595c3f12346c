import { TcpError } from '../../base/errors';
import type { World } from '../../network/world';
import { Client } from '../../tcp/client';
import { type Mutation, mutate, mutations } from '../arbitraries/mutations';
import { PropertyViolation } from '../property-violation';
import type { Endpoint, SystemUnderTest } from '../system-under-test';
import { startServer } from '../talk';
import { defineProperty, type WireProperty } from '../wire-property';
import { left, refuseUnlessServed } from './isolation';

/** How long a server may take to show that it is still there. */
const patienceMs = { simulated: 60_000, real: 2_000 } as const;

/**
 * P17: no mutation of a recorded conversation crashes a server or keeps it from serving others.
 *
 * The client sends the messages of the recording, some of them changed, and goes on behind them as
 * if nothing had happened. Afterwards a fresh client must be able to connect, and an echo server
 * must answer it.
 *
 * @param recording - messages of a client, in their order; at least one
 * @source docs/fuzzing.md#the-properties-that-are-there
 */
export function robustParser(
  target: SystemUnderTest,
  recording: readonly Uint8Array[],
): WireProperty<readonly Mutation[]> {
  return defineProperty({
    id: 'P17',
    title: 'robustness',
    statement: 'no changed conversation crashes the server or keeps it from serving others',
    worlds: target.worlds,
    arbitrary: mutations(),
    toPlan: () => ({ v: 1 }),
    toScenario: () => undefined,
    async check(world, changes, probe) {
      const server = await startServer(target, world);
      const sent = mutate(recording, changes);
      for (const { kind } of changes) probe.event('mutation', kind);
      await sendAll(world, server, sent);
      if (target.features.echo === true) {
        await refuseUnlessServed(world, server, Buffer.from('still there?'));
      } else await refuseUnlessThere(world, server);
      await server.close();
    },
  });
}

async function sendAll(
  world: World,
  { host, port }: Endpoint,
  messages: readonly Uint8Array[],
): Promise<void> {
  try {
    const timeout = patienceMs[world.kind];
    const client = await Client.connect(host, port, { world, writeTimeout: timeout });
    for (const message of messages) if (message.length > 0) await client.writeBytes(message);
    await left(client);
  } catch (error) {
    // A server may refuse what it does not understand, as long as it serves the next one.
    if (!TcpError.is(error)) throw error;
  }
}

async function refuseUnlessThere(world: World, { host, port }: Endpoint): Promise<void> {
  try {
    const limit = patienceMs[world.kind];
    const client = await Client.connect(host, port, { world, connectTimeout: limit });
    await left(client);
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw new PropertyViolation(`no fresh client can connect any more: ${error.message}`);
  }
}
