/** Connections taken by hand, and what a server can be asked and told while it runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mock } from '../../../src/mock/mock-builder';
import { atMost, between, never, twice } from '../../../src/mock/times';
import type { VerificationError } from '../../../src/mock/verification-error';
import type { World } from '../../../src/network/world';
import { Client } from '../../../src/tcp/client';
import { networks } from '../../support/networks';

const limit = { timeout: 20_000 };
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

async function say(client: Client, text: string): Promise<void> {
  await client.writeBytes(bytes(text));
}

async function hear(client: Client, text: string): Promise<void> {
  assert.equal(String(await client.readBytes(text.length)), text);
}

for (const { network, run } of networks) {
  const open = async (world: World, server: { host: string; port: number }): Promise<Client> =>
    await Client.connect({ host: server.host, port: server.port }, { world });

  test(`${network}: rules answer beside a hand that asks for them`, limit, () =>
    run(async (world) => {
      const server = await mock('m', { framing: 'line' }).when('NOOP').reply('ok').start(world);
      const client = await open(world, server);
      const connection = await server.accepts({ rules: true });

      await say(client, 'NOOP\nPING\nSTOP\n');
      await connection.expect('PING');
      await hear(client, 'ok\n');
      await assert.rejects(connection.expect('GO'), {
        message: /connection 1, did not receive "GO": got "STOP"/,
      });

      await client.close();
      await server.stop();
    }),
  );

  test(
    `${network}: a hand takes frames one by one, leaves some out, and reads to the end`,
    limit,
    () =>
      run(async (world) => {
        const server = await mock('m', { framing: 'line' }).start(world);
        const client = await open(world, server);
        const connection = await server.accepts();
        assert.match(connection.id, /^s\d+$/);
        connection.skip(/^#/);
        connection.pause();
        await say(client, '# note\none\n# note\ntwo\n');
        connection.resume();

        await connection.wait('1ms');
        await connection.send('a');
        await connection.raw('b');
        await connection.halfClose();
        await hear(client, 'a\nb');
        await client.end();
        const taken: string[] = [];
        for await (const { text } of connection.frames) taken.push(text);
        assert.deepEqual(taken, ['one', 'two']);

        await connection.close();
        await client.close();
        await server.stop();
      }),
  );

  test(`${network}: a hand sees a reset, and tells it from an end`, limit, () =>
    run(async (world) => {
      const server = await mock('m', { framing: 'line' }).start(world);
      const first = await open(world, server);
      const one = await server.accepts();
      first.reset();
      await one.resets();

      const second = await open(world, server);
      const other = await server.accepts();
      const ended = assert.rejects(other.resets({ within: '1s' }), {
        message: /did not see the client reset: the client closed with FIN/,
      });
      const closed = second.close();
      await ended;
      await other.close();
      await closed;

      const third = await open(world, server);
      const last = await server.accepts();
      await assert.rejects(last.closes({ within: 5 }), { message: /nothing came within 5 ms/ });
      await say(third, 'x\n');
      await assert.rejects(last.race({ end: 'end' }), { message: /met none of end: got "x"/ });
      await last.reset();
      await assert.rejects(third.readBytes(), { code: 'ECONNRESET' });
      await third.close();
      await server.stop();
    }),
  );

  test(`${network}: without framing a hand takes what fits from the stream`, limit, () =>
    run(async (world) => {
      const server = await mock('m').start(world);
      const client = await open(world, server);
      const connection = await server.accepts();

      await say(client, 'HELO me\r\nrest');
      const { captures } = await connection.expect(/^HELO (?<who>\w+)\r\n/);
      assert.equal(String(captures['who']), 'me');
      await assert.rejects(connection.expect('other'), { message: /got "rest"/ });
      await say(client, 'more');
      assert.equal(await connection.race({ more: 'more', late: '1s' }), 'more');
      const closed = client.close();
      assert.equal(await connection.race({ end: 'end' }), 'end');
      await connection.close();
      await closed;
      await server.stop();
    }),
  );

  test(`${network}: nobody comes, and that is told`, limit, () =>
    run(async (world) => {
      const server = await mock('m').start(world);
      await assert.rejects(server.accepts({ within: 5 }), {
        message: /^mock "m" accepted no connection \(waited 5 ms\)/,
      });
      await server.stop({ how: 'reset' });
    }),
  );

  test(`${network}: a server is asked and told while it runs`, limit, () =>
    run(async (world) => {
      const server = await mock('m', { framing: 'line', mode: 'lenient', upstream: '127.0.0.1:1' })
        .inState('open', 'ajar')
        .when('GO')
        .named('go')
        .times({ min: 2, max: 3 })
        .priority(1)
        .reply('went')
        .when('X')
        .silently()
        .unmatched('?')
        .start(world);
      const seen: string[] = [];
      const stop = server.onEntry(({ kind }) => seen.push(kind));
      const client = await open(world, server);
      await say(client, 'GO\n');
      await server.waitFor('GO');
      await hear(client, '?\n');
      assert.equal(server.state(1), 'start');
      server.setState('open');
      await say(client, 'GO\nX\n');
      await hear(client, 'went\n');
      await server.waitFor('X');

      assert.equal(server.connections, 1);
      assert.equal(server.accepted, 1);
      assert.equal(server.count('GO'), 2);
      assert.equal(await server.push('news', { to: 1 }), 1);
      assert.equal(await server.push('raw', { raw: true }), 1);
      assert.equal(await server.push('no', { to: 9 }), 0);
      await hear(client, 'news\nraw');
      const { rule, text } = server.explain('GO');
      assert.equal(rule, 'go');
      assert.match(text, /rule "go" takes it/);
      assert.match(
        server.explain('GO', { state: 'shut' }).text,
        /state is "shut", rule wants "open" or "ajar"/,
      );
      assert.match(
        server.explain('BO').text,
        /no rule matches; nearest first:\n {2}rule "go" +bytes differ at byte 0/,
      );
      assert.ok(seen.includes('state') && seen.includes('matched'));
      stop();

      const claims = server.verify();
      claims
        .received('GO', twice())
        .received('X', atMost(1))
        .never('Y')
        .state('open')
        .connections(1);
      assert.throws(() => claims.received('X', between(2, 3)), {
        message: /received "X" once, expected between 2 and 3 times/,
      });
      assert.throws(() => claims.received('X', never()), { message: /expected never/ });
      assert.throws(() => claims.state('shut'), { message: /is in state "open", expected "shut"/ });
      assert.throws(() => claims.connections(2), { message: /accepted 1 connections, expected 2/ });
      assert.throws(() => claims.allClosed(), { message: /a connection open: 1/ });
      assert.throws(() => claims.promisesKept(), {
        message: /rule "go" matched 1 times, expected between 2 and 3 times/,
      });
      const all = (): unknown => server.verify((some) => some.received('A').received('B'));
      assert.throws(all, (error: VerificationError) => {
        assert.deepEqual(error.failures, [
          'mock "m" did not receive "A"',
          'mock "m" did not receive "B"',
        ]);
        return true;
      });

      server.reset();
      assert.equal(server.journal().length, 0);
      assert.equal(server.state(), 'start');
      await client.close();
      await server.stop();
      await server.stop();
    }),
  );
}
