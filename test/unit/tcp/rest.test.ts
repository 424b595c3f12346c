/** What connections and listeners do while nothing happens: nothing, and what they hold meanwhile. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';

test('calls that wait for hours cause no event in all that time (I24, D5)', async () => {
  // Looking every second whether something came would use up this budget in half an hour.
  await simulatedWorld({ budgets: { events: 2_000 } }).run(async (world) => {
    const forEver = { timeout: 0, writeTimeout: 0 };
    const listener = new Listener(0, { world, ...forEver });
    const accepted = listener.accept();
    await listener.start();
    const client = await Client.connect(listener.address, { world, ...forEver });
    const caller = await accepted;
    const writes = [8_388_608, 1_024, 1_024].map((length) =>
      client.writeBytes(Buffer.alloc(length)),
    );
    const read = client.readBytes();
    const waiting = [...writes, read].map((call) => call.then(String, (error) => error.code));
    await world.settle();

    await world.advance('20 hours');

    assert.equal(world.scope.leaks().pendingReads.length, 1);
    assert.equal(world.scope.leaks().pendingWrites.length, 3);
    client.reset();
    assert.deepEqual(await Promise.all(waiting), ['ECLOSED', 'ECLOSED', 'ECLOSED', 'ECLOSED']);
    await caller.close();
    await listener.gracefulStop();
  });
});

/** A program that serves one client and is then left alone. It prints what it has come to. */
const program = (unref: boolean): string => `
  const { Client } = require('./src/tcp/client');
  const { Listener } = require('./src/tcp/listener');
  const listener = new Listener(0, { unref: ${unref} }).attach(() => ({ onBytes: (data) => data }));
  listener.start().then(async (address) => {
    const client = await Client.connect(address);
    await client.writeBytes(Buffer.from('ping'));
    console.log(Buffer.from(await client.readBytes(4)).toString());
    await client.close();
    ${unref ? '' : 'await listener.gracefulStop();'}
    console.log('done');
  });
`;

for (const unref of [true, false]) {
  const end = unref ? 'a listener that goes on, when it is told so' : 'one that was stopped';
  test(`nothing of a connector keeps a program alive behind ${end} (DL12)`, () => {
    const output = execFileSync(
      process.execPath,
      ['-r', './scripts/register-typescript.js', '-e', program(unref)],
      { encoding: 'utf8', timeout: 20_000 },
    );

    assert.equal(output, 'ping\ndone\n');
  });
}
