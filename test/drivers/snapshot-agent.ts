import { existsSync } from 'node:fs';
import { request, SnapshotAgent } from 'undici';
import { forUndici } from '../../src/simulation/drivers';
import type { SimulatedWorld } from '../../src/simulation/world';
import { httpService } from '../support/http-service';
import { serveOnHost } from '../support/serve-on-host';

/**
 * Records a request with undici's SnapshotAgent, which took `setTimeout` into a variable when it was
 * loaded, and lets 10 s of virtual time pass: it writes its file 1 s after a request.
 *
 * @param path - of the file
 * @returns whether the file is there
 */
export async function isWritten(world: SimulatedWorld, path: unknown): Promise<boolean> {
  await serveOnHost({ world, host: 'api', port: 80 }, httpService());
  const dispatcher = new SnapshotAgent({
    ...forUndici(world),
    mode: 'record',
    snapshotPath: String(path),
    autoFlush: true,
  });
  const answer = await request('http://api/nothing', { dispatcher });
  await answer.body.dump();

  await world.advance('10 s');
  const written = existsSync(String(path));

  await dispatcher.close();
  return written;
}
