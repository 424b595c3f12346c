import assert from 'node:assert/strict';
import { pbkdf2 } from 'node:crypto';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { simulatedWorld } from '../../../src/simulation/world';
import { connectPair } from '../../conformance/pair';

const limit = { timeout: 20_000 };

test('an audit of a run that stays in its world is empty', limit, async () => {
  const world = simulatedWorld({ audit: true });

  await world.run(async () => {
    const { client, server } = await connectPair(world);
    server.pipe(server);
    client.end('hello');
    await client.toArray();
    await world.clock.sleep('1 h');
  });

  assert.deepEqual(world.audit(), {
    escapes: [],
    nativeWork: [],
    mathRandomCalls: 0,
    dateCalls: 0,
    unhandled: [],
  });
});

test('an audit names native work, real timers and chance, with the place', limit, async () => {
  const world = simulatedWorld({ audit: true, escapes: 'warn' });

  await world.run(async () => {
    const work = Promise.all([
      promisify(pbkdf2)('secret', 'salt', 1, 16, 'sha512'),
      promisify(deflate)(Buffer.alloc(10)),
      new Promise((resolve) => setTimeout(resolve, 1)),
    ]);
    await world.simulation.external(work, 'native work');
    Math.random();
    Math.random();
    new Date();
    Date.now();
    new Date(0);
  });

  const report = world.audit();
  assert.deepEqual([report?.mathRandomCalls, report?.dateCalls], [2, 2]);
  assert.deepEqual(report?.nativeWork.map(({ type }) => type).sort(), [
    'PBKDF2REQUEST',
    'Timeout',
    'ZLIB',
  ]);
  for (const { stack } of report?.nativeWork ?? []) assert.match(stack, /audit\.test\.ts/);
});

test('a world that was not asked for an audit has none', () => {
  assert.equal(simulatedWorld().audit(), undefined);
});
