/** The table of what the rule sees, work by work; run on every Node that is supported. */
import assert from 'node:assert/strict';
import { pbkdf2 } from 'node:crypto';
import { lookup } from 'node:dns';
import { readFile } from 'node:fs';
import { open, readFile as readFilePromise } from 'node:fs/promises';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { deflate } from 'node:zlib';
import { nativeResources, prepareQuiescence, quiet } from '../../../src/simulation/quiescence';

const limits = { turns: 10_000, check: () => {} };

test('quiet waits for nested immediates, however deep', async () => {
  for (const depth of [1, 2, 5, 50]) {
    let left = depth;
    const nest = (): void => {
      if (--left > 0) setImmediate(nest);
    };
    setImmediate(nest);

    await quiet(limits);

    assert.equal(left, 0, `depth ${depth}`);
  }
});

test('quiet waits for next ticks and microtasks behind immediates', async () => {
  const seen: string[] = [];
  setImmediate(() => {
    process.nextTick(() => {
      void Promise.resolve()
        .then(() => seen.push('microtask'))
        .then(() => setImmediate(() => seen.push('immediate')));
    });
  });

  await quiet(limits);

  assert.deepEqual(seen, ['microtask', 'immediate']);
});

test('quiet waits for a file read with a callback', async () => {
  let done = false;
  readFile(__filename, () => {
    done = true;
  });

  await quiet(limits);

  assert.equal(done, true);
});

test('quiet waits for a file read with promises', async () => {
  let bytes = 0;
  const read = async (): Promise<void> => {
    const file = await open(__filename);
    bytes = (await file.readFile()).length;
    await file.close();
    bytes += (await readFilePromise(__filename)).length;
  };
  void read();

  await quiet(limits);

  assert.ok(bytes > 0 && bytes % 2 === 0);
});

test('quiet waits for dns.lookup', async () => {
  let done = false;
  lookup('localhost', () => {
    done = true;
  });

  await quiet(limits);

  assert.equal(done, true);
});

test('quiet waits for a handle that closes', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  let closed = false;
  server.close(() => {
    closed = true;
  });

  await quiet(limits);

  assert.equal(closed, true);
});

test('quiet does not see native crypto and compression, which is why there is external()', async () => {
  const seen: string[] = [];
  const crypto = new Promise((resolve) => {
    pbkdf2('secret', 'salt', 100_000, 64, 'sha512', resolve);
  }).then(() => seen.push('crypto'));
  const zlib = new Promise((resolve) => {
    deflate(Buffer.alloc(8_000_000, 'x'), resolve);
  }).then(() => seen.push('zlib'));

  await quiet(limits);
  const before = [...seen];
  await Promise.all([crypto, zlib]);

  assert.deepEqual(before, []);
});

test('quiet gives up on a program that keeps scheduling immediate work, and names it', async () => {
  let running = true;
  const again = (): void => {
    if (running) setImmediate(again);
  };
  again();

  const waiting = quiet({ ...limits, turns: 100 });

  await assert.rejects(waiting, {
    name: 'SimulationStalled',
    code: 'STALLED',
    message: /keeps scheduling immediate work: no quiet after 100 turns .*Immediate x 1/,
  });
  running = false;
});

test('several waits of one process do not wait for each other', async () => {
  let rounds = 0;
  const worlds = Array.from({ length: 5 }, async () => {
    for (let round = 0; round < 50; round++) {
      await quiet({ ...limits, turns: 50 });
      rounds++;
    }
  });

  await Promise.all(worlds);

  assert.equal(rounds, 250);
});

test('requests are waited for without using up the turns', async () => {
  let left = 200;
  // Reading in turn keeps a request pending for far more turns than the limit.
  const readAgain = (): void => {
    if (--left > 0) readFile(__filename, readAgain);
  };
  readFile(__filename, readAgain);

  await quiet({ turns: 10, check: () => {} });

  assert.equal(left, 0);
});

test('the rule passes its own test on this Node', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', note);

  await prepareQuiescence();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);

  assert.deepEqual(
    warnings.filter((warning) => 'code' in warning && warning.code === 'BRINE_QUIESCENCE_FALLBACK'),
    [],
  );
});

test('native resources are told without the immediates of the simulation', async () => {
  const waiting = quiet(limits);

  assert.equal(nativeResources().includes('Immediate'), false);
  await waiting;
});
