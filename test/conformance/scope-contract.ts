import assert from 'node:assert/strict';
import { once } from 'node:events';
import { assertClean, LeakError } from '../../src/network/world/leak-error';
import { type Claim, contract, settle } from './maker';
import { connectPair, dial, ended, journalOf, listenOnce } from './pair';

/** @source SIMULATION.md 2.5 */
const books = contract((claim) => {
  claim('a scope lists what its world holds open', async (world) => {
    const { client, server } = await connectPair(world, {
      connect: { label: 'client alice' },
      listen: { label: 'mail' },
    });
    world.clock.after(60_000_000, () => undefined, 'patience');

    const { connections, endpoints, timers, clean } = world.scope.leaks();

    assert.deepEqual(connections.map(({ id }) => id).sort(), [client.id, server.id].sort());
    assert.equal(endpoints.length, 1);
    assert.match(endpoints[0] ?? '', /mail/);
    assert.deepEqual(
      timers.map(({ label }) => label),
      ['patience'],
    );
    assert.equal(clean, false);
  });

  claim('a scope forgets what has ended', async (world) => {
    const { client, server, endpoint } = await connectPair(world);
    const over = Promise.all([ended(client), ended(server)]);

    client.end();
    client.resume();
    server.resume();
    await Promise.all([over, endpoint.close()]);
    await settle(world);

    assert.equal(world.scope.leaks().clean, true);
    assertClean(world.scope);
  });

  claim('assertClean names what is open', async (world) => {
    const { client } = await connectPair(world, { connect: { label: 'client alice' } });

    assert.throws(
      () => assertClean(world.scope),
      (error) => {
        assert.equal(error instanceof LeakError, true);
        const { message, report, name } = error as LeakError;
        assert.equal(name, 'LeakError');
        assert.match(message, /2 connections, 1 endpoint/);
        assert.match(message, new RegExp(`${client.id} client alice: established`));
        assert.equal(report.clean, false);
        return true;
      },
    );
  });
});

/** @source SIMULATION.md 2.5 */
const disposal = contract((claim) => {
  claim(
    'the end of a scope resets connections, closes endpoints and cancels timers',
    async (world) => {
      const scope = world.scope.child('scenario');
      const outer = await listenOnce(world);
      const { client, endpoint, late } = await scope.run(async () => {
        const pair = await connectPair(world);
        const client = dial(world, outer.endpoint);
        await once(client, 'connect');
        return {
          client,
          endpoint: pair.endpoint,
          late: world.clock.after(2_000, () => assert.fail('a timer ran after its scope')),
        };
      });
      const server = await outer.accepted;
      server.resume();
      const journal = journalOf(server);
      const over = ended(server);

      await scope[Symbol.asyncDispose]();
      await over;

      assert.equal(client.closed, true);
      assert.deepEqual(journal, ['error:ECONNRESET', 'close with error']);
      assert.equal(scope.leaks().clean, true);
      assert.equal(scope.signal.aborted, true);
      const taken = await world.network.listen(endpoint.address, () => undefined);
      assert.equal(taken.address.port, endpoint.address.port);
      await world.clock.sleep(8);
      assert.equal(late.label, 'timer');
    },
  );

  claim('the end of a scope ends dials that have not connected', async (world) => {
    const scope = world.scope.child('scenario');
    const { endpoint } = await listenOnce(world);
    const client = scope.run(() => dial(world, endpoint));

    await scope[Symbol.asyncDispose]();

    assert.equal(client.closed, true);
    assert.equal(scope.leaks().clean, true);
  });

  claim('a scope can be ended twice, also at the same time', async (world) => {
    const scope = world.scope.child('scenario');
    await scope.run(() => connectPair(world));

    await Promise.all([scope[Symbol.asyncDispose](), scope[Symbol.asyncDispose]()]);
    await scope[Symbol.asyncDispose]();

    assert.equal(scope.leaks().clean, true);
  });

  claim('what is opened in a scope that has ended is ended at once', async (world) => {
    const scope = world.scope.child('scenario');
    const { endpoint } = await listenOnce(world);
    await scope[Symbol.asyncDispose]();

    const client = scope.run(() => dial(world, endpoint));
    scope.run(() => world.clock.after(1, () => assert.fail('a timer ran after its scope')));
    await ended(client);
    await assert.rejects(scope.run(() => world.network.listen({ port: 0 }, () => undefined)));
    await settle(world);

    assert.equal(scope.leaks().clean, true);
    assert.equal(endpoint.connections, 0);
  });

  claim('the end of a world leaves nothing behind', async (world) => {
    await connectPair(world);
    await listenOnce(world);
    world.clock.after(60_000_000, () => undefined);

    await world.scope[Symbol.asyncDispose]();

    assert.equal(world.scope.leaks().clean, true);
  });
});

/** @source SIMULATION.md 2.5 */
const attribution = contract((claim) => {
  claim('what is opened inside run belongs to that scope, also later', async (world) => {
    const one = world.scope.child('one');
    const two = world.scope.child('two');
    const { endpoint } = await listenOnce(world);

    await Promise.all([
      one.run(async () => {
        await world.clock.sleep(2);
        dial(world, endpoint, { label: 'client one' });
      }),
      two.run(async () => {
        dial(world, endpoint, { label: 'client two' });
        await world.clock.sleep(1);
        world.clock.after(60_000_000, () => undefined, 'timer two');
      }),
    ]);
    await settle(world);

    const labels = (scope: typeof one) => scope.leaks().connections.map(({ label }) => label);
    assert.deepEqual(labels(one), ['client one']);
    assert.deepEqual(labels(two), ['client two']);
    assert.deepEqual(
      two.leaks().timers.map(({ label }) => label),
      ['timer two'],
    );
    assert.deepEqual(one.leaks().timers, []);
  });

  claim('accepted connections belong where listen was called', async (world) => {
    const server = world.scope.child('server');
    const { endpoint, accepted } = await server.run(() => listenOnce(world, { label: 'mail' }));
    dial(world, endpoint);
    const connection = await accepted;

    assert.deepEqual(
      server.leaks().connections.map(({ id }) => id),
      [connection.id],
    );
    assert.equal(server.leaks().endpoints.length, 1);
  });

  claim('the leaks of a child are leaks of its parent until it has ended', async (world) => {
    const child = world.scope.child('scenario');
    child.run(() => world.clock.after(60_000_000, () => undefined, 'patience'));
    assert.deepEqual(
      world.scope.leaks().timers.map(({ label }) => label),
      ['patience'],
    );

    await child[Symbol.asyncDispose]();

    assert.equal(world.scope.leaks().clean, true);
  });
});

/** What the scope of a world promises. */
export const scopeContract: readonly Claim[] = [...books, ...disposal, ...attribution];
