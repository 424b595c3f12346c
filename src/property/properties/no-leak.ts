import fc from 'fast-check';
import { TcpError } from '../../base/errors';
import type { World } from '../../network/world';
import { LeakError } from '../../network/world/leak-error';
import { Client } from '../../tcp/client';
import { bytes } from '../arbitraries/bytes';
import { pause } from '../arbitraries/pauses';
import type { SystemUnderTest } from '../system-under-test';
import { startServer } from '../talk';
import { defineProperty, type WireProperty } from '../wire-property';

/** What one client does before it goes, and how it goes. */
export interface Visit {
  readonly sends: Uint8Array;
  readonly waits: number;
  readonly leaves: 'closes' | 'half-closes' | 'resets' | 'stays';
}

/**
 * P7: when a server has been closed, nothing of it is left, whatever its clients did.
 *
 * Nothing means no connection, endpoint, timer, waiting call, and no failure that nobody heard.
 *
 * @source docs/fuzzing.md#the-properties-that-are-there
 */
export function noLeak(target: SystemUnderTest): WireProperty<readonly Visit[]> {
  const visit = fc.record({
    sends: bytes({ max: 32 }),
    waits: pause('2s'),
    leaves: fc.constantFrom('closes', 'half-closes', 'resets', 'stays'),
  });
  return defineProperty({
    id: 'P7',
    title: 'no leak',
    statement: 'once the server is closed nothing of it is left, whatever its clients did',
    worlds: target.worlds,
    arbitrary: fc.array(visit, { maxLength: 4 }),
    toPlan: () => ({ v: 1 }),
    toScenario: () => undefined,
    async check(world, visits, probe) {
      const server = await startServer(target, world);
      for (const { leaves } of visits) probe.event('leaves', leaves);
      const clients = await Promise.all(visits.map((one) => pay(world, server, one)));
      probe.sometimes(
        'stopped with open connections',
        visits.some(({ leaves }) => leaves === 'stays'),
      );
      await server.close();
      for (const client of clients) client.reset();
      await Promise.all(clients.map(({ closed }) => closed));
      const left = world.scope.leaks();
      if (!left.clean) throw new LeakError('the closed server', left);
    },
  });
}

async function pay(
  world: World,
  { host, port }: { readonly host: string; readonly port: number },
  { sends, waits, leaves }: Visit,
): Promise<Client> {
  const client = await Client.connect(host, port, { world, closeTimeout: 100 });
  try {
    if (sends.length > 0) await client.writeBytes(sends);
    if (waits > 0) await world.clock.sleep(waits, { label: 'a visit' });
    if (leaves === 'half-closes') await client.end();
    if (leaves === 'closes') await client.close();
  } catch (error) {
    // A server may send a visitor away; what it leaves behind is what counts.
    if (!TcpError.is(error)) throw error;
  }
  if (leaves === 'resets') client.reset();
  return client;
}
