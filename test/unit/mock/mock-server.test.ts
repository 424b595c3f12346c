import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crlf } from '../../../src/framing/delimiter';
import type { MockDefinition } from '../../../src/mock/mock-model';
import { startMock } from '../../../src/mock/start-mock';
import { once } from '../../../src/mock/times';
import type { World } from '../../../src/network/world';
import { Client } from '../../../src/tcp/client';
import { networks } from '../../support/networks';

const mail: MockDefinition = {
  name: 'mail',
  framing: 'crlf',
  state: { initial: 'greeted' },
  onConnect: { send: '220 mail.test ready' },
  rules: [
    {
      name: 'ehlo',
      when: { regex: '^EHLO (?<host>\\S+)$', state: 'greeted' },
      then: [{ send: '250-hello ${host}' }, { send: '250 STARTTLS', goto: 'ready' }],
    },
    {
      name: 'list',
      when: { equals: 'LIST', state: 'ready' },
      sequence: [{ send: 'a' }, [{ wait: '50ms' }, { send: 'b' }], { close: 'reset' }],
    },
    { name: 'quit', when: 'QUIT', then: [{ send: '221 bye' }, { close: 'end' }], times: 1 },
  ],
  unmatched: { send: '500 what?' },
};

async function lineClient(world: World, port: number) {
  const client = await Client.connect({ host: '127.0.0.1', port }, { world });
  const frames = client.frames(crlf())[Symbol.asyncIterator]();
  return {
    client,
    say: (text: string) => client.writeBytes(Buffer.from(`${text}\r\n`)),
    hear: async () => Buffer.from((await frames.next()).value ?? '').toString(),
  };
}

for (const { network, run } of networks) {
  test(`${network}: a mock greets, keeps a state and answers by rules`, { timeout: 20_000 }, () =>
    run(async (world) => {
      const server = await startMock(mail, { world });
      const { client, say, hear } = await lineClient(world, server.port);

      assert.equal(await hear(), '220 mail.test ready');
      await say('LIST');
      assert.equal(await hear(), '500 what?');
      await say('EHLO me');
      assert.equal(await hear(), '250-hello me');
      assert.equal(await hear(), '250 STARTTLS');
      await say('LIST');
      assert.equal(await hear(), 'a');
      await say('QUIT');
      assert.equal(await hear(), '221 bye');
      assert.equal(await hear(), '');

      await client.close();
      await server.stop();
      server
        .verify()
        .received('EHLO me', once())
        .inOrder('EHLO me', /^QUIT$/)
        .connections(1);
      assert.throws(
        () => server.verify().nothingUnexpected(),
        /mock "mail" received "LIST" on connection 1, which no rule takes: nearest is rule "list" state is "greeted", rule wants "ready"/,
      );
    }),
  );

  test(
    `${network}: replies keep the order of their frames, whatever waits`,
    { timeout: 20_000 },
    () =>
      run(async (world) => {
        const server = await startMock(mail, { world });
        const { client, say, hear } = await lineClient(world, server.port);
        await hear();

        await say('EHLO x\r\nLIST\r\nLIST\r\nQUIT');

        const lines = [];
        for (let line = await hear(); line !== ''; line = await hear()) lines.push(line);
        assert.deepEqual(lines, ['250-hello x', '250 STARTTLS', 'a', 'b', '221 bye']);
        await client.close();
        await server.stop();
        server.verify().all();
      }),
  );

  test(`${network}: a reset of a mock is RST on the wire`, { timeout: 20_000 }, () =>
    run(async (world) => {
      const server = await startMock(
        { name: 'rude', framing: 'line', rules: [{ when: 'X', then: { close: 'reset' } }] },
        { world },
      );
      const client = await Client.connect(server, { world });

      await client.writeBytes(Buffer.from('X\n'));

      await assert.rejects(client.readBytes(), { code: 'ECONNRESET' });
      await client.close();
      await server.stop();
    }),
  );
}
