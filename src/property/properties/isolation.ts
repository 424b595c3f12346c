import fc from 'fast-check';
import { formatDuration } from '../../base/duration';
import { TcpError } from '../../base/errors';
import type { World } from '../../network/world';
import { Client } from '../../tcp/client';
import { bytes } from '../arbitraries/bytes';
import { hexOf } from '../hex';
import { PropertyViolation } from '../property-violation';
import type { Endpoint, SystemUnderTest } from '../system-under-test';
import { startServer } from '../talk';
import { defineProperty, type WireProperty } from '../wire-property';

/** A client that behaves badly, and what a healthy one sends meanwhile. */
export interface Neighbours {
  readonly bad: { readonly sends: Uint8Array; readonly leaves: 'resets' | 'stays' | 'half-closes' };
  readonly healthy: Uint8Array;
}

/** How much later than alone an answer may come. */
const boundMs = { simulated: 10, real: 250 } as const;

/**
 * P14: what one client does delays or ends nothing of another.
 *
 * @source docs/fuzzing.md#the-properties-that-are-there
 */
export function listenerIsolation(target: SystemUnderTest): WireProperty<Neighbours> {
  return defineProperty({
    id: 'P14',
    title: 'isolation',
    statement: 'a bad connection neither delays nor ends another one',
    worlds: target.worlds,
    arbitrary: fc.record({
      bad: fc.record({
        sends: bytes({ min: 1, max: 32 }),
        leaves: fc.constantFrom('resets', 'stays', 'half-closes'),
      }),
      healthy: bytes({ min: 1, max: 32 }),
    }),
    toPlan: () => ({ v: 1 }),
    toScenario: () => undefined,
    async check(world, { bad, healthy }, probe) {
      const server = await startServer(target, world);
      const neighbour = await misbehave(world, server, bad);
      probe.sometimes('second connection while the first stays', bad.leaves === 'stays');
      await refuseUnlessServed(world, server, healthy);
      await left(neighbour);
      await server.close();
    },
  });
}

async function misbehave(
  world: World,
  { host, port }: Endpoint,
  { sends, leaves }: Neighbours['bad'],
): Promise<Client> {
  const client = await Client.connect(host, port, { world, allowHalfOpen: true });
  try {
    await client.writeBytes(sends);
    if (leaves === 'half-closes') await client.end();
  } catch (error) {
    if (!TcpError.is(error)) throw error;
  }
  if (leaves === 'resets') client.reset();
  return client;
}

/**
 * Checks that a fresh client of an echo server is answered in time.
 *
 * @throws PropertyViolation - it is not, or with other bytes
 */
export async function refuseUnlessServed(
  world: World,
  { host, port }: Endpoint,
  sent: Uint8Array,
): Promise<void> {
  // On top of the two ways that a message needs alone.
  const timeout = boundMs[world.kind];
  const limit = formatDuration(timeout);
  try {
    const client = await Client.connect(host, port, { world, connectTimeout: timeout, timeout });
    await client.writeBytes(sent);
    const answer = Buffer.from(await client.readBytes(sent.length));
    if (!answer.equals(sent)) {
      const comparison = { expected: hexOf(sent), actual: hexOf(answer) };
      throw new PropertyViolation('a healthy client got other bytes than it had sent', comparison);
    }
    client.reset();
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw new PropertyViolation(
      `a healthy client was not served within ${limit}: ${error.message}`,
    );
  }
}

/** Goes, and waits until nothing of the connection is left. */
export async function left(client: Client): Promise<void> {
  client.reset();
  await client.closed;
}
