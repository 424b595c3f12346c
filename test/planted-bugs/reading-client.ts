/** A client that reads with a limit, with one bug behind a switch. */

import { readDuration } from '../../src/base/duration';
import { TcpError } from '../../src/base/errors';
import type { World } from '../../src/network/world';
import type { FuzzClient, SystemUnderTest } from '../../src/property/system-under-test';
import { Client } from '../../src/tcp/client';

/** What can be wrong with it. */
export const clientBugs = {
  B09: 'throws away what comes after a read has timed out',
  B12: 'takes the limit of a read for seconds',
  B14: 'goes on waiting when the peer has ended',
  B40: 'gives up one millisecond early',
} as const;

export type ClientBug = keyof typeof clientBugs;

/** The client as something to look at; without a bug it holds every property. */
export function readingClient(bug?: ClientBug): SystemUnderTest {
  return {
    name: bug === undefined ? 'a sound client' : `a client that ${clientBugs[bug]}`,
    worlds: ['simulated', 'real'],
    features: {},
    client: (world, { host, port }) => connect(world, host, port, bug),
  };
}

async function connect(
  world: World,
  host: string,
  port: number,
  bug: ClientBug | undefined,
): Promise<FuzzClient> {
  const client = await Client.connect(host, port, { world, closeTimeout: 100 });
  let timedOut = false;
  return {
    send: (bytes) => client.writeBytes(bytes),
    async receive({ timeout = '60s' } = {}) {
      const limitMs = readDuration('timeout', timeout);
      const factor = bug === 'B12' ? 1_000 : 1;
      const lessMs = bug === 'B40' ? 1 : 0;
      try {
        if (bug === 'B09' && timedOut) await client.readBytes();
        return await client.readBytes({ timeout: limitMs * factor - lessMs });
      } catch (error) {
        if (!TcpError.is(error)) throw error;
        if (error.code === 'EREADTIMEOUT') timedOut = true;
        else if (bug === 'B14') await world.clock.sleep('1h', { label: 'a read for ever' });
        return null;
      }
    },
    close: () => client.close(),
  };
}
