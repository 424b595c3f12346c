/** What the preload is for: programs that take timers into variables when they are loaded. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { runIsolated } from '../../src/simulation/worker';
import { simulatedWorld } from '../../src/simulation/world';
import { isWritten } from './snapshot-agent';

const folder = mkdtempSync(join(tmpdir(), 'brine-snapshots-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const limit = { timeout: 60_000 };

test(
  'a timer that a driver captured before virtual globals were there waits in real time',
  limit,
  async () => {
    const written = await simulatedWorld({ globals: 'installed' }).run((world) =>
      isWritten(world, join(folder, 'without.json')),
    );

    assert.equal(written, false);
  },
);

test(
  'behind the preload, as in a worker, a timer that a driver captured is virtual',
  limit,
  async () => {
    const { result } = await runIsolated({
      module: resolve('test/drivers/snapshot-agent.ts'),
      export: 'isWritten',
      input: join(folder, 'with.json'),
    });

    assert.equal(result, true);
  },
);
