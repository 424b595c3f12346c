import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Connection } from '../../../src/network/connection';
import type { Endpoint } from '../../../src/network/network';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import { connectPair, dial, ended, failureOf, journalOf } from '../../conformance/pair';

/** Two hosts with one connection from `app` to `db`, whose ends read. */
interface Scene {
  readonly world: SimulatedWorld;
  readonly client: Connection;
  readonly server: Connection;
  readonly endpoint: Endpoint;
  /** What arrived at the server, with the time since the scene began, in ms. */
  readonly arrivals: string[];
  dialAgain(): Connection;
}

function scene(claim: string, body: (scene: Scene) => Promise<void>): void {
  test(claim, { timeout: 20_000 }, () =>
    simulatedWorld().run(async (world) => {
      world.simulation.host('app');
      world.simulation.host('db');
      const pair = await world.simulation.on('db', () =>
        connectPair(world, { connect: { from: 'app' } }),
      );
      const startUs = world.clock.now();
      const arrivals: string[] = [];
      pair.client.resume();
      pair.server.on('data', (chunk) =>
        arrivals.push(`${chunk} at ${(world.clock.now() - startUs) / 1_000} ms`),
      );
      const dialAgain = (): Connection => dial(world, pair.endpoint, { from: 'app' });
      await body({ ...pair, world, arrivals, dialAgain });
    }),
  );
}

scene(
  'a held link keeps bytes in order and sends them from the moment it is released',
  async (s) => {
    const link = s.world.simulation.link('app', 'db');
    link.hold();
    s.client.write('one ');
    s.client.write('two');
    await s.world.advance('1 s');
    assert.deepEqual([s.arrivals, link.waitingBytes], [[], 7]);

    link.release();
    await s.world.settle();

    assert.deepEqual(s.arrivals, ['one  at 1000.5 ms', 'two at 1000.5 ms']);
  },
);

scene('a held link holds one direction only, and also what is on its way already', async (s) => {
  s.client.write('on its way');
  s.world.simulation.link('app', 'db').hold();
  s.server.write('the other way');

  await s.world.advance('10 ms');

  assert.deepEqual([s.arrivals, s.client.bytesRead], [[], 13]);
});

scene('a partition holds both ways, and heals in order', async (s) => {
  s.world.simulation.partition('app', 'db');
  s.client.write('a');
  s.server.write('b');
  const late = s.dialAgain();
  await s.world.advance('1000 s');
  assert.deepEqual([s.arrivals, s.client.bytesRead, late.connecting], [[], 0, true]);

  s.world.simulation.heal('app', 'db');
  await once(late, 'connect');

  assert.deepEqual([s.arrivals, s.client.bytesRead], [['a at 1000000.5 ms'], 1]);
});

scene('a partition in one direction lets the other pass', async (s) => {
  s.world.simulation.partition('app', 'db', { direction: 'b→a' });
  s.client.write('a');
  s.server.write('b');

  await s.world.advance('1 s');

  assert.deepEqual([s.arrivals, s.client.bytesRead], [['a at 0.5 ms'], 0]);
});

scene('a partition that resets ends both sides, and new dials are EHOSTUNREACH', async (s) => {
  const failures = [failureOf(s.client), failureOf(s.server)];
  s.world.simulation.partition('app', 'db', { how: 'reset' });

  for (const { code, syscall } of await Promise.all(failures)) {
    assert.deepEqual([code, syscall], ['ECONNRESET', 'read']);
  }
  const error = await failureOf(s.dialAgain());
  assert.equal(error.message, `connect EHOSTUNREACH 10.0.0.2:${s.endpoint.address.port}`);

  s.world.simulation.heal();
  await once(s.dialAgain(), 'connect');
});

scene('a partition that resets also ends dials that are under way', async (s) => {
  for (const connection of [s.client, s.server]) connection.on('error', () => {});
  const late = s.dialAgain();
  await s.world.advance('100us');

  s.world.simulation.partition('app', 'db', { how: 'reset' });

  assert.equal((await failureOf(late)).code, 'EHOSTUNREACH');
});

scene('in a black hole senders give up after 924 s and diallers after 127 s', async (s) => {
  const failure = failureOf(s.client);
  s.world.simulation.partition('app', 'db', { how: 'blackhole' });
  s.client.write('never acknowledged');
  const startUs = s.world.clock.now();

  const dialled = await failureOf(s.dialAgain());
  assert.equal(dialled.code, 'ETIMEDOUT');
  assert.equal(s.world.clock.now() - startUs, 127_000_000);
  const { code, syscall, message } = await failure;
  assert.deepEqual([code, syscall, message], ['ETIMEDOUT', 'read', 'read ETIMEDOUT']);
  assert.equal(s.world.clock.now() - startUs, 924_000_000);
  assert.equal(s.server.readyState, 'open');
});

scene('a black hole that heals in time has lost nothing', async (s) => {
  s.world.simulation.link('app', 'db').blackhole();
  s.client.write('late');
  await s.world.advance('900 s');

  s.world.simulation.heal();
  await s.world.settle();

  assert.deepEqual(s.arrivals, ['late at 900000.5 ms']);
});

scene('a clog ends by itself', async (s) => {
  s.world.simulation.clog('app', 'db', '2 s');
  s.client.write('x');

  await s.world.advance('3 s');

  assert.deepEqual(s.arrivals, ['x at 2000.5 ms']);
});

scene('a swizzle clogs one by one and releases in another order', async (s) => {
  s.world.simulation.host('web');
  s.world.simulation.swizzle(['db', 'web'], [1, 0], '1 s');
  const states: string[] = [];
  for (let second = 0; second < 4; second++) {
    await s.world.advance('500 ms');
    const held = ['db', 'web'].filter((name) => {
      s.client.write('.');
      return s.world.simulation.link('app', name).waitingBytes > 0 || isHeld(s, name);
    });
    states.push(held.join('+'));
    await s.world.advance('500 ms');
  }

  assert.deepEqual(states, ['db', 'db+web', 'db', '']);
  assert.throws(() => s.world.simulation.swizzle(['db'], [1], 1), { code: 'ECONFIG' });
});

scene('a process that is killed sends FIN where nothing is unread', async (s) => {
  const journal = journalOf(s.client);
  s.world.simulation.host('db').kill();
  await ended(s.client);

  assert.deepEqual(journal, ['end', 'finish', 'close']);
  assert.equal(s.server.destroyed, true);
  assert.equal((await failureOf(s.dialAgain())).code, 'ECONNREFUSED');
});

scene('a process that is killed sends RST where bytes are unread', async (s) => {
  s.world.simulation.link('app', 'db').set({ receiveBuffer: 10_000_000, sendBuffer: 10_000_000 });
  const again = await s.world.simulation.on('db', () =>
    connectPair(s.world, { connect: { from: 'app' }, listen: { pauseOnConnect: true } }),
  );
  again.client.write('unread');
  again.client.resume();
  await s.world.settle();
  const failure = failureOf(again.client);

  s.world.simulation.host('db').kill('process');

  assert.equal((await failure).code, 'ECONNRESET');
});

scene('after a restart only what start opens listens again', async (s) => {
  const db = s.world.simulation.host('db');
  db.kill();
  assert.equal(db.running, false);
  await db.restart();
  assert.equal(db.running, true);
  assert.equal((await failureOf(s.dialAgain())).code, 'ECONNREFUSED');

  const { port } = s.endpoint.address;
  await db.restart(() => s.world.network.listen({ port }, () => {}));

  await once(s.dialAgain(), 'connect');
});

scene('without power nothing is said, and dials wait', async (s) => {
  const journal = journalOf(s.client);
  s.world.simulation.host('db').kill('power');
  s.client.write('into the dark');
  const startUs = s.world.clock.now();
  const dialled = failureOf(s.dialAgain());
  await s.world.advance('100 s');
  assert.deepEqual(journal, []);
  assert.equal(s.server.destroyed, true);

  assert.equal((await dialled).code, 'ETIMEDOUT');
  assert.equal(s.world.clock.now() - startUs, 127_000_000);
});

scene('a host that has its power back answers old connections with RST', async (s) => {
  const failure = failureOf(s.client);
  const db = s.world.simulation.host('db');
  db.kill('power');
  s.client.write('into the dark');
  await s.world.advance('10 s');

  await db.restart();
  const error = await failure;

  assert.deepEqual([error.code, error.syscall], ['ECONNRESET', 'read']);
  assert.deepEqual(s.arrivals, []);
});

scene('a link that is unreachable refuses dials to a host without power', async (s) => {
  s.world.simulation.host('db').kill('power');
  s.world.simulation.link('app', 'db').unreachable();

  assert.equal((await failureOf(s.dialAgain())).code, 'EHOSTUNREACH');
});

scene('a skewed wall clock is seen by code of that host only', async (s) => {
  const { clock, simulation } = s.world;
  simulation.host('db').setSkew('5 minutes');
  simulation.host('app').setSkew('-1.5 s');
  const before = clock.now();

  assert.equal(simulation.on('db', () => clock.wallTime()) - clock.wallTime(), 300_000);
  assert.equal(simulation.on('app', () => clock.wallTime()) - clock.wallTime(), -1_500);
  assert.equal(
    simulation.on('db', () => clock.now()),
    before,
  );
});

scene('controls are told in the trace', async (s) => {
  const { simulation } = s.world;
  simulation.partition('app', 'db');
  simulation.heal();
  simulation.host('db').kill();

  const told = s.world.trace.events
    .filter(({ kind }) => kind === 'control')
    .map(({ detail }) => detail?.['control']);
  assert.deepEqual(told, ['partition', 'heal', 'kill']);
});

scene('a connection is found by its id while it is open', async (s) => {
  const { simulation } = s.world;
  assert.equal(simulation.connection('c1'), s.client);
  assert.equal(simulation.connection('s1'), s.server);
  const over = ended(s.client);
  s.client.destroy();
  await over;

  assert.throws(() => simulation.connection('c1'), { code: 'ECONFIG' });
});

scene('wrong names and words are refused', async (s) => {
  const { simulation } = s.world;
  const refused = { code: 'ECONFIG' };
  assert.throws(() => simulation.link('app', 'bd'), refused);
  assert.throws(() => simulation.partition('app', ['db', 'x']), refused);
  assert.throws(() => simulation.partition('app', 'db', { how: 'cut' as never }), refused);
  assert.throws(() => simulation.host('db').kill('fire' as never), refused);
  assert.throws(() => simulation.unanswered('not an address'), refused);
  assert.throws(() => simulation.clog('app', 'db', 'soon'), refused);
});

function isHeld({ world }: Scene, name: string): boolean {
  const notes = world.trace.events.filter(
    ({ kind, detail }) => kind === 'control' && detail?.['to'] === name,
  );
  return notes.at(-1)?.detail?.['control'] === 'hold';
}
